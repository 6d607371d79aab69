"""`/track/device`: a browser asks to be told, says no more, and asks how it stands; nobody else does it for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest

from gateway.web.pages.proof import proof_of
from tests.support.fakes.pushservice import FakePushService
from tests.support.pushing import push_table
from tests.support.reports import REPORT
from tests.support.web import Site

HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def service() -> AsyncIterator[FakePushService]:
    async with FakePushService() as running:
        yield running


@pytest.fixture
def overrides(service: FakePushService) -> dict[str, dict[str, object]]:
    return {"push": push_table(service)}


@pytest.fixture
async def code(http: aiohttp.ClientSession) -> str:
    """The tracking code of a report whose phone ends in 4567."""
    async with http.post("/api/v1/reports", json=REPORT) as answer:
        return str((await answer.json())["tracking_code"])


async def wish(
    http: aiohttp.ClientSession, headers: Mapping[str, str] = HERE, **said: Any
) -> tuple[int, dict[str, Any]]:
    async with http.post("/track/device", json=said, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_a_browser_is_told_until_it_says_no_more(
    http: aiohttp.ClientSession, code: str, service: FakePushService
) -> None:
    its = {"code": code, "phone_last4": "۴۵۶۷", "subscription": service.browser().to_json()}
    for wanted, on in (("ask", False), ("on", True), ("on", True), ("ask", True), ("off", False), ("ask", False)):
        assert await wish(http, wish=wanted, **its) == (200, {"on": on})


async def test_wrong_digits_are_the_same_as_no_ticket(
    http: aiohttp.ClientSession, code: str, service: FakePushService
) -> None:
    its = {"wish": "on", "subscription": service.browser().to_json()}
    for proof in ({"phone_last4": "0000"}, {}, {"proof": "proof-9999999999-00"}, {"proof": "nonsense"}):
        status, problem = await wish(http, code=code, **proof, **its)
        assert (status, problem["code"]) == (404, "not_found")


async def test_another_site_cannot_ask(http: aiohttp.ClientSession, code: str, service: FakePushService) -> None:
    its = {"code": code, "phone_last4": "4567", "wish": "on", "subscription": service.browser().to_json()}
    assert (await wish(http, {"Sec-Fetch-Site": "cross-site"}, **its))[0] == 403


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"endpoint": "https://example.org/push"}, "subscription.endpoint"),
        ({"endpoint": "http://127.0.0.1:1/push"}, "subscription.endpoint"),
        ({"endpoint": 5}, "subscription.endpoint"),
        ({"keys": {"p256dh": "BAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}, "subscription.keys.p256dh"),
        ({"keys": {"p256dh": "é", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}, "subscription.keys.p256dh"),
        ({"keys": {}}, "subscription.keys.p256dh"),
    ],
)
async def test_threat_48_what_no_browser_of_an_allowed_service_gives_is_refused(
    http: aiohttp.ClientSession, code: str, service: FakePushService, changed: dict[str, Any], field: str
) -> None:
    given = {**service.browser().to_json(), **changed}
    status, problem = await wish(http, code=code, phone_last4="4567", wish="on", subscription=given)
    assert status == 422
    assert field in {error["field"] for error in problem["errors"]}


async def test_a_short_secret_is_refused(http: aiohttp.ClientSession, code: str, service: FakePushService) -> None:
    given = service.browser().to_json()
    given["keys"]["auth"] = "AAAA"
    status, problem = await wish(http, code=code, phone_last4="4567", wish="on", subscription=given)
    assert (status, problem["errors"][0]["field"]) == (422, "subscription.keys.auth")


async def test_the_sixth_device_is_told_why_not(
    http: aiohttp.ClientSession, code: str, service: FakePushService
) -> None:
    its = {"code": code, "phone_last4": "4567", "wish": "on"}
    for _ in range(5):
        assert (await wish(http, subscription=service.browser().to_json(), **its))[0] == 200
    status, problem = await wish(http, subscription=service.browser().to_json(), **its)
    assert (status, problem["code"]) == (409, "too_many_devices")


async def test_the_tracking_page_offers_it_and_only_with_a_code_that_asks_for_digits(
    http: aiohttp.ClientSession, code: str, site: Site, service: FakePushService
) -> None:
    seen = await tracked(http, code=code, phone_last4="4567")
    assert site.parts.push is not None
    assert f'data-key="{site.parts.push.public_key}"' in seen
    anonymous = {name: value for name, value in REPORT.items() if name != "phone"}
    async with http.post("/api/v1/reports", json={**anonymous, "anonymous": True}) as answer:
        its_code = (await answer.json())["tracking_code"]
    assert 'id="device"' not in await tracked(http, code=its_code)
    assert (await wish(http, code=its_code, wish="on", subscription=service.browser().to_json()))[0] == 404


async def test_the_confirmation_needs_no_digits_for_an_hour(
    http: aiohttp.ClientSession, site: Site, service: FakePushService, code: str
) -> None:
    form = {"text": "شیر تاریخ گذشته فروخت", "phone": "09121234567", "form_id": "f" * 32}
    async with http.post("/", data=form, headers=HERE, allow_redirects=False) as answer:
        assert answer.status == 303
        cookie = answer.cookies["reported"].value
    async with http.get("/reported", cookies={"reported": cookie}) as answer:
        page = await answer.text()
    its_code, proof = attribute(page, "data-code"), attribute(page, "data-proof")
    browser = {"wish": "on", "subscription": service.browser().to_json()}
    assert await wish(http, code=its_code, proof=proof, **browser) == (200, {"on": True})
    assert (await wish(http, code=code, proof=proof, **browser))[0] == 404, "a proof is of one code"
    site.clock.advance(minutes=61)
    assert (await wish(http, code=its_code, proof=proof, **browser))[0] == 404


class TestBudget:
    """Presses on a page that is too old are nobody's guesses."""

    @pytest.fixture
    def overrides(self, service: FakePushService) -> dict[str, dict[str, object]]:
        return {"push": push_table(service), "security": {"tracking_failures": 2}}

    async def test_a_confirmation_that_is_too_old_spends_no_guess(
        self, http: aiohttp.ClientSession, site: Site, service: FakePushService, code: str
    ) -> None:
        old = proof_of(site.services, code)
        site.clock.advance(minutes=61)
        its = {"wish": "on", "subscription": service.browser().to_json()}
        assert [(await wish(http, code=code, proof=old, **its))[0] for _ in range(3)] == [404, 404, 404]
        assert [(await wish(http, code=code, phone_last4="0000", **its))[0] for _ in range(3)] == [404, 404, 429]


class TestWithoutAKey:
    """Nothing is offered, and nothing is there."""

    @pytest.fixture
    def overrides(self) -> dict[str, dict[str, object]]:
        return {}

    async def test_nothing_of_it_is_there(
        self, http: aiohttp.ClientSession, code: str, service: FakePushService
    ) -> None:
        its = {"code": code, "phone_last4": "4567", "subscription": service.browser().to_json()}
        assert (await wish(http, wish="on", **its))[0] == 404
        assert 'id="device"' not in await tracked(http, code=code, phone_last4="4567")


async def tracked(http: aiohttp.ClientSession, **form: str) -> str:
    """The page of a ticket."""
    async with http.post("/track", data=form, headers=HERE) as answer:
        assert answer.status == 200
        return await answer.text()


def attribute(page: str, name: str) -> str:
    """The value of an attribute that stands in the page once, or of its first."""
    return page.partition(f'{name}="')[2].partition('"')[0]
