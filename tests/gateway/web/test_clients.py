"""Who is calling: proxies are believed where they are trusted, and nobody else's word counts."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from gateway.web.clients import Budget, client_of, parse_networks
from tests.support.clock import ManualClock
from ticketing.errors import TooMany


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        pytest.param("203.0.113.9", [], [], "203.0.113.9", id="nobody between"),
        pytest.param("203.0.113.9", ["198.51.100.1"], [], "203.0.113.9", id="a lie"),
        pytest.param("10.0.0.1", ["198.51.100.1"], ["10.0.0.0/8"], "198.51.100.1", id="a trusted proxy"),
        pytest.param("10.0.0.1", ["6.6.6.6, 198.51.100.1"], ["10.0.0.0/8"], "198.51.100.1", id="a lie before it"),
        pytest.param("10.0.0.1", ["198.51.100.1, 10.0.0.2"], ["10.0.0.0/8"], "198.51.100.1", id="two proxies"),
        pytest.param("10.0.0.1", ["198.51.100.1", "10.0.0.2"], ["10.0.0.0/8"], "198.51.100.1", id="two headers"),
        pytest.param("10.0.0.1", ["nonsense"], ["10.0.0.0/8"], "10.0.0.1", id="nonsense"),
        pytest.param("2001:db8:1:2:3::4", [], [], "2001:db8:1:2::", id="an IPv6 household"),
        pytest.param("::ffff:203.0.113.9", [], [], "203.0.113.9", id="IPv4 in IPv6"),
    ],
)
def test_the_client_is_found(peer: str, forwarded: list[str], trusted: list[str], client: str) -> None:
    headers = CIMultiDict([("X-Forwarded-For", each) for each in forwarded])
    request = make_mocked_request("GET", "/").clone(remote=peer, headers=headers)
    assert client_of(request, parse_networks(trusted)) == client


def test_a_budget_refills_with_time() -> None:
    clock = ManualClock()
    budget = Budget(60, clock.now)
    for _ in range(60):
        budget.spend("a")
    with pytest.raises(TooMany) as refusal:
        budget.spend("a")
    assert refusal.value.retry_after_s == 1
    budget.spend("b")
    clock.advance(seconds=1)
    budget.spend("a")
    with pytest.raises(TooMany):
        budget.spend("a")


def test_a_clock_set_back_takes_nothing_away() -> None:
    clock = ManualClock()
    budget = Budget(2, clock.now)
    budget.spend("a")
    clock.advance(days=-2)
    budget.spend("a")
    with pytest.raises(TooMany):
        budget.spend("a")


def test_no_budget_is_no_limit() -> None:
    budget = Budget(0, ManualClock().now)
    for _ in range(1000):
        budget.spend("a")
