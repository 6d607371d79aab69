"""Hooks: providers, messengers and the exchange are heard if they know the secret, and heard once."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from tests.support.web import BOT_SECRET, PBX_SECRET, SMS_SECRET, Site
from ticketing.tables import reports, tickets

INBOUND = f"/hooks/kavenegar/{SMS_SECRET}/inbound"
RECEIPT = f"/hooks/kavenegar/{SMS_SECRET}/receipt"
TEXT = {"from": "09121234567", "to": "10008663", "messageid": "8792343", "message": "نانوایی محله نان را گران می‌فروشد"}
SIGNED = {"X-Telegram-Bot-Api-Secret-Token": BOT_SECRET}


def update(text: str, number: int = 1) -> dict[str, Any]:
    person = {"id": 77, "is_bot": False, "first_name": "Sara"}
    chat = {"id": 77, "type": "private", "first_name": "Sara"}
    message = {"message_id": number, "date": 1_795_248_000, "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": message}


async def rows(site: Site, table: Any) -> int:
    return len(await site.parts.database.read(select(table.c.id)))


@pytest.mark.parametrize("how", ["query by GET", "query by POST", "form", "json"])
async def test_a_text_is_taken_in_whatever_way_it_comes(site: Site, http: aiohttp.ClientSession, how: str) -> None:
    given: dict[str, dict[str, Any]] = {
        "query by GET": {"method": "GET", "params": TEXT},
        "query by POST": {"method": "POST", "params": TEXT},
        "form": {"method": "POST", "data": TEXT},
        "json": {"method": "POST", "json": TEXT},
    }
    async with http.request(url=INBOUND, **given[how]) as answer:
        assert (answer.status, await answer.text()) == (200, "ok")
    assert await rows(site, tickets) == 1


async def test_a_form_in_bare_utf8_is_read(site: Site, http: aiohttp.ClientSession) -> None:
    body = "&".join(f"{name}={value}" for name, value in TEXT.items()).encode()
    async with http.post(INBOUND, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}) as answer:
        assert answer.status == 200
    assert await rows(site, tickets) == 1


async def test_threat_29_the_same_text_fifty_times_at_once_is_one_ticket(
    site: Site, http: aiohttp.ClientSession
) -> None:
    async def post() -> int:
        async with http.post(INBOUND, data=TEXT) as answer:
            return answer.status

    assert await asyncio.gather(*(post() for _ in range(50))) == [200] * 50
    assert (await rows(site, tickets), await rows(site, reports)) == (1, 1)


async def test_the_same_message_id_with_other_words_is_another_text(site: Site, http: aiohttp.ClientSession) -> None:
    for words in ("نانوایی محله گران می‌فروشد", "میوه‌فروش فاکتور نمی‌دهد"):
        async with http.post(INBOUND, data=TEXT | {"message": words}):
            pass
    assert await rows(site, reports) == 2


@pytest.mark.parametrize("secret", ["wrong", SMS_SECRET[:-1], SMS_SECRET + "x", "%00", "رمز"])
@pytest.mark.parametrize(
    "path",
    [
        "/hooks/kavenegar/{}/inbound",
        "/hooks/kavenegar/{}/receipt",
        "/hooks/telegram/{}",
        "/hooks/pbx/{}/ring",
    ],
)
async def test_threat_25_a_wrong_secret_is_404(site: Site, http: aiohttp.ClientSession, path: str, secret: str) -> None:
    async with http.post(path.format(secret), json=TEXT) as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")
    assert await rows(site, reports) == 0


async def test_a_provider_without_hooks_and_a_bot_that_is_off_are_404(http: aiohttp.ClientSession) -> None:
    for path in (f"/hooks/sandbox/{SMS_SECRET}/inbound", f"/hooks/bale/{BOT_SECRET}", f"/hooks/telegram/{SMS_SECRET}"):
        async with http.post(path, json=TEXT) as answer:
            assert answer.status == 404


class TestNoSecretSet:
    """An empty secret opens no hook, not even to an empty secret."""

    @pytest.fixture
    def overrides(self) -> dict[str, dict[str, object]]:
        return {"channels": {"sms": {}, "phone": {}, "telegram": {}}}

    @pytest.mark.parametrize("path", ["/hooks/kavenegar//inbound", "/hooks/kavenegar/x/inbound", "/hooks/pbx//ring"])
    async def test_hooks_are_closed(self, http: aiohttp.ClientSession, path: str) -> None:
        async with http.post(path, json=TEXT) as answer:
            assert answer.status == 404


@pytest.mark.parametrize("field", ["from", "messageid", "message"])
async def test_a_text_that_lacks_something_is_400_naming_it(http: aiohttp.ClientSession, field: str) -> None:
    async with http.post(INBOUND, data={name: value for name, value in TEXT.items() if name != field}) as answer:
        assert answer.status == 400
        problem = await answer.json(content_type=None)
    assert problem["code"] == "malformed_payload"
    assert [(each["field"], each["code"]) for each in problem["errors"]] == [(field, "required")]


async def test_a_text_too_long_is_400_naming_the_message(site: Site, http: aiohttp.ClientSession) -> None:
    async with http.post(INBOUND, data=TEXT | {"message": "گ" * 10_001}) as answer:
        assert answer.status == 400
        problem = await answer.json(content_type=None)
    assert [(each["field"], each["code"]) for each in problem["errors"]] == [("message", "too_long")]
    assert await rows(site, reports) == 0


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"from=%FF&message=x", "application/x-www-form-urlencoded", 400),
        (b"\x00\x01\x02", "application/octet-stream", 415),
        (b"<xml/>", "text/xml", 415),
    ],
)
async def test_a_hostile_payload_is_a_problem(
    site: Site, http: aiohttp.ClientSession, body: bytes, kind: str, status: int
) -> None:
    async with http.post(INBOUND, data=body, headers={"Content-Type": kind}) as answer:
        assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert await rows(site, reports) == 0


async def test_a_receipt_for_a_message_nobody_knows_yet_is_taken(http: aiohttp.ClientSession) -> None:
    async with http.get(RECEIPT, params={"messageid": "85463238", "status": "10"}) as answer:
        assert (answer.status, await answer.text()) == (200, "ok")


async def test_a_receipt_without_a_status_is_400(http: aiohttp.ClientSession) -> None:
    for params in ({"messageid": "85463238"}, {"messageid": "85463238", "status": "x"}):
        async with http.get(RECEIPT, params=params) as answer:
            assert answer.status == 400
            assert [each["field"] for each in (await answer.json(content_type=None))["errors"]] == ["status"]


async def test_threat_34_an_update_is_taken_in_once(site: Site, http: aiohttp.ClientSession) -> None:
    for _ in range(2):
        said = update("سوپرمارکت بهار شیر را گران می‌فروشد")
        async with http.post(f"/hooks/telegram/{BOT_SECRET}", json=said, headers=SIGNED) as answer:
            assert answer.status == 200
    assert await rows(site, reports) == 1


async def test_an_update_signed_with_another_secret_is_404(site: Site, http: aiohttp.ClientSession) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": "another"}
    async with http.post(f"/hooks/telegram/{BOT_SECRET}", json=update("گران"), headers=headers) as answer:
        assert answer.status == 404
    assert await rows(site, reports) == 0


async def test_an_update_that_is_none_is_400(http: aiohttp.ClientSession) -> None:
    async with http.post(f"/hooks/telegram/{BOT_SECRET}", json={"hello": 1}, headers=SIGNED) as answer:
        assert answer.status == 400
        assert (await answer.json(content_type=None))["errors"]


async def test_calls_are_noted_and_never_go_back(site: Site, http: aiohttp.ClientSession) -> None:
    call = {"caller": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "extension": "201", "call_id": "1795248000.17"}
    for moment in ("ring", "answer", "ring", "hangup", "answer"):
        async with http.post(f"/hooks/pbx/{PBX_SECRET}/{moment}", data=call) as answer:
            assert answer.status == 200
    noted = site.services.calls.find("1795248000.17")
    assert noted is not None
    assert (noted.moment, noted.caller, noted.extension) == ("hangup", "+989121234567", "201")


async def test_a_hidden_number_rings_too(site: Site, http: aiohttp.ClientSession) -> None:
    async with http.post(f"/hooks/pbx/{PBX_SECRET}/ring", json={"extension": "201", "call_id": "c1"}) as answer:
        assert answer.status == 200
    noted = site.services.calls.find("c1")
    assert noted is not None
    assert noted.caller is None


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ({}, ["extension", "call_id"]),
        ({"extension": "1", "call_id": "x" * 65}, ["call_id"]),
        ({"extension": ["1"], "call_id": "1"}, ["extension"]),
    ],
)
async def test_a_wrong_call_is_400_naming_the_field(
    http: aiohttp.ClientSession, call: dict[str, Any], fields: list[str]
) -> None:
    async with http.post(f"/hooks/pbx/{PBX_SECRET}/ring", json=call) as answer:
        assert answer.status == 400
        assert [each["field"] for each in (await answer.json(content_type=None))["errors"]] == fields


@pytest.mark.parametrize("how", ["params", "data", "json"])
async def test_a_call_is_told_by_query_form_or_json(site: Site, http: aiohttp.ClientSession, how: str) -> None:
    call: Any = {how: {"caller": "09121234567", "extension": "201", "call_id": "c1"}}
    async with http.post(f"/hooks/pbx/{PBX_SECRET}/ring", **call) as answer:
        assert answer.status == 200
    noted = site.services.calls.find("c1")
    assert noted is not None
    assert (noted.caller, noted.extension) == ("+989121234567", "201")


@pytest.mark.parametrize("body", [{}, {"data": b"{"}, {"json": {"extension": "1", "call_id": "1"}}])
async def test_a_moment_there_is_not_is_404(http: aiohttp.ClientSession, body: dict[str, Any]) -> None:
    async with http.post(f"/hooks/pbx/{PBX_SECRET}/sneeze", **body) as answer:
        assert answer.status == 404
