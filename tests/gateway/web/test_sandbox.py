"""The sandbox's phone: there only where texts go nowhere, and it holds a conversation."""

from __future__ import annotations

import aiohttp
import pytest

from normalizer.tracking_code import find_codes
from tests.gateway.web.test_reports_api import REPORTS, WHOLE
from tests.support.web import Site

MESSAGES = "/sandbox/messages"


async def send_all(site: Site) -> None:
    """Let the outbox be emptied, as the loop in the background does."""
    await site.parts.dispatcher.drain()


async def test_texts_of_a_number_are_read(site: Site, http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, json=WHOLE) as answer:
        code = (await answer.json())["tracking_code"]
    await send_all(site)
    async with http.get(MESSAGES, params={"phone": "09121234567"}) as answer:
        assert answer.status == 200
        texts = await answer.json()
    assert [set(text) >= {"to", "text", "at", "localid"} for text in texts] == [True, True]
    assert [(find_codes(text["text"]), text["to"]) for text in texts] == [((code,), "+989121234567")] * 2
    async with http.get(MESSAGES, params={"phone": "09127654321"}) as answer:
        assert await answer.json() == []
    async with http.get(MESSAGES) as answer:
        assert len(await answer.json()) == 2


@pytest.mark.parametrize("how", ["json", "data"])
async def test_a_text_typed_in_becomes_a_ticket_and_is_answered(
    site: Site, http: aiohttp.ClientSession, how: str
) -> None:
    said = {"from": "۰۹۱۲۱۲۳۴۵۶۷", "text": "نانوایی محله نان را گران می‌فروشد"}
    origin = {"Origin": site.url}
    async with http.post(MESSAGES, **{how: said}, headers=origin, allow_redirects=False) as answer:  # type: ignore[arg-type]
        assert answer.status == (200 if how == "json" else 303)
    await send_all(site)
    async with http.get(MESSAGES, params={"phone": "09121234567", "all": "1"}) as answer:
        conversation = await answer.json()
    assert [each["direction"] for each in conversation] == ["out", "in"]
    async with http.get("/sandbox", params={"phone": "09121234567"}) as answer:
        page = await answer.text()
    assert "نانوایی محله" in page
    assert "کد رهگیری" in page


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": "x"}, "from"),
        ({"from": "09121234567"}, "text"),
        ({"from": "0912", "text": "x"}, "from"),
        ({"from": "09121234567", "text": " "}, "text"),
        ({"from": 9121234567, "text": "x"}, "from"),
        ({"from": "09121234567", "text": "x" * 2001}, "text"),
    ],
)
async def test_a_wrong_text_is_422(http: aiohttp.ClientSession, said: dict[str, object], field: str) -> None:
    async with http.post(MESSAGES, json=said) as answer:
        assert answer.status == 422
        assert [each["field"] for each in (await answer.json(content_type=None))["errors"]] == [field]


async def test_threat_55_another_sites_form_is_refused(http: aiohttp.ClientSession) -> None:
    said = {"from": "09121234567", "text": "x"}
    for headers in ({}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        async with http.post(MESSAGES, data=said, headers=headers) as answer:
            assert answer.status == 403


async def test_a_wrong_number_is_said_on_the_page(http: aiohttp.ClientSession) -> None:
    async with http.get("/sandbox", params={"phone": "0912"}) as answer:
        assert answer.status == 200
        assert 'id="summary"' in await answer.text()


async def test_a_name_that_points_at_us_sees_nothing(http: aiohttp.ClientSession) -> None:
    for host in ("evil.example", "evil.example:8124", "[::ffff", ""):
        async with http.get(MESSAGES, headers={"Host": host}) as answer:
            assert answer.status == 404


class TestElsewhere:
    """Where the program listens to the world, or texts are really sent, there is no such phone."""

    @pytest.fixture(params=["an open host", "a real provider"])
    def overrides(self, request: pytest.FixtureRequest) -> dict[str, dict[str, object]]:
        if request.param == "an open host":
            return {"http": {"port": 0, "host": "0.0.0.0"}}
        return {"sms": {"provider": "kavenegar", "kavenegar": {"api_key": "k", "base_url": "http://127.0.0.1:9"}}}

    @pytest.mark.parametrize("path", ["/sandbox", "/sandbox/messages", "/sandbox/messages?phone=09121234567"])
    async def test_the_phone_is_404(self, http: aiohttp.ClientSession, path: str) -> None:
        async with http.get(path) as answer:
            assert answer.status == 404
        async with http.post("/sandbox/messages", json={"from": "09121234567", "text": "x"}) as answer:
            assert answer.status == 404
