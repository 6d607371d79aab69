"""POST /api/v1/reports: what is taken, what is refused and how, and that twice is once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from normalizer.tracking_code import is_code
from tests.support.web import Site

REPORTS = "/api/v1/reports"
WHOLE: dict[str, Any] = {
    "text": "سوپرمارکت بهار شیر را گران‌تر از قیمت روی جلد فروخت",
    "phone": "۰۹۱۲۱۲۳۴۵۶۷",
    "category": "overcharging",
    "business": {"name": "سوپرمارکت بهار", "kind": "guild"},
    "place": {"province": "23"},
    "damages_rial": 1_500_000,
    "happened_on": "1405-08-20",
}


async def test_a_whole_report_opens_a_registered_ticket(http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, json=WHOLE) as answer:
        assert answer.status == 201
        said = await answer.json()
    assert is_code(said.pop("tracking_code"))
    assert said == {"step": "registered", "step_number": 2, "created": True, "missing": []}


async def test_an_incomplete_report_opens_a_ticket_that_says_what_is_missing(http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, json={"text": "گران فروختند", "phone": "09121234567"}) as answer:
        assert answer.status == 201
        said = await answer.json()
    assert said["step_number"] == 1
    assert said["missing"] == ["business", "place"]


async def test_an_anonymous_report_gets_sixteen_digits(http: aiohttp.ClientSession) -> None:
    report = {name: value for name, value in WHOLE.items() if name != "phone"} | {"anonymous": True}
    async with http.post(REPORTS, json=report) as answer:
        assert answer.status == 201
        assert len((await answer.json())["tracking_code"]) == 16


async def test_a_replayed_key_gets_the_first_answer_with_200(site: Site, http: aiohttp.ClientSession) -> None:
    headers = {"Idempotency-Key": "one"}
    async with (
        http.post(REPORTS, json=WHOLE, headers=headers) as first,
        http.post(REPORTS, json=dict(reversed(WHOLE.items())), headers=headers) as second,
    ):
        assert (first.status, second.status) == (201, 200)
        assert await first.json() == await second.json()
    assert await site.count_tickets() == 1


async def test_a_key_with_another_body_is_refused(http: aiohttp.ClientSession) -> None:
    headers = {"Idempotency-Key": "one"}
    async with http.post(REPORTS, json=WHOLE, headers=headers):
        pass
    async with http.post(REPORTS, json=WHOLE | {"text": "چیز دیگر"}, headers=headers) as answer:
        assert answer.status == 422
        assert (await answer.json())["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(b'{"text": ""}', id="wrong fields"),
        pytest.param(b'{"text": "x", "phone": 1, "surprise": 1}', id="wrong types"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"{", id="no JSON"),
    ],
)
async def test_a_key_with_another_body_is_refused_for_that_however_wrong_the_body_is(
    http: aiohttp.ClientSession, other: bytes
) -> None:
    headers = {"Idempotency-Key": "one", "Content-Type": "application/json"}
    async with http.post(REPORTS, data=other, headers=headers) as answer:
        assert (await answer.json())["code"] != "idempotency_key_reused"
    async with http.post(REPORTS, json=WHOLE, headers={"Idempotency-Key": "one"}) as answer:
        first = await answer.json()
        assert answer.status == 201
    async with http.post(REPORTS, data=other, headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (422, "idempotency_key_reused")
    async with http.post(REPORTS, json=WHOLE, headers={"Idempotency-Key": "one"}) as answer:
        assert (answer.status, await answer.json()) == (200, first)


async def test_threat_29_fifty_at_once_with_one_key_are_one_ticket(site: Site, http: aiohttp.ClientSession) -> None:
    async def post() -> tuple[int, str]:
        async with http.post(REPORTS, json=WHOLE, headers={"Idempotency-Key": "storm"}) as answer:
            return answer.status, (await answer.json())["tracking_code"]

    answers = await asyncio.gather(*(post() for _ in range(50)))
    assert sorted(status for status, _ in answers) == [200] * 49 + [201]
    assert len({code for _, code in answers}) == 1
    assert await site.count_tickets() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "کلید"])
async def test_a_key_that_is_none_is_refused(http: aiohttp.ClientSession, key: str) -> None:
    async with http.post(REPORTS, json=WHOLE, headers={"Idempotency-Key": key}) as answer:
        assert answer.status == 400
        assert (await answer.json())["code"] == "invalid_idempotency_key"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        pytest.param({"text": " \n "}, "text", "required", id="nothing said"),
        pytest.param({"text": "ا" * 10_001}, "text", "too_long", id="too long"),
        pytest.param({"text": "a\x00b"}, "text", "control_character", id="a NUL"),
        pytest.param({"text": 5}, "text", "wrong_type", id="a number for a text"),
        pytest.param({"phone": "0912"}, "phone", "invalid_phone", id="half a phone"),
        pytest.param({"phone": "+4915123456789"}, "phone", "foreign_phone", id="foreign phone"),
        pytest.param({"phone": None}, "phone", "required", id="no phone"),
        pytest.param({"category": "murder"}, "category", "unknown_category", id="unknown category"),
        pytest.param({"category": ""}, "category", "unknown_category", id="blank category"),
        pytest.param({"place": {"province": ""}}, "place.province", "unknown_province", id="blank province"),
        pytest.param({"national_id": ""}, "national_id", "invalid_national_id", id="blank national id"),
        pytest.param({"happened_on": ""}, "happened_on", "invalid_date", id="blank day"),
        pytest.param({"business": {"phone": "abc"}}, "business.phone", "invalid_phone", id="no phone of a shop"),
        pytest.param({"business": {"guild_id": "1"}}, "business.guild_id", "invalid_guild_id", id="short guild id"),
        pytest.param({"place": {"province": "77"}}, "place.province", "unknown_province", id="unknown province"),
        pytest.param({"place": {"lat": 90.1, "lon": 51}}, "place.lat", "out_of_range", id="north of the pole"),
        pytest.param({"place": {"lat": 35, "lon": -180.5}}, "place.lon", "out_of_range", id="west of the date line"),
        pytest.param({"national_id": "1234567890"}, "national_id", "invalid_national_id", id="wrong check digit"),
        pytest.param({"happened_on": "2026-11-23"}, "happened_on", "in_future", id="the day after tomorrow"),
        pytest.param({"happened_on": "1405-13-01"}, "happened_on", "invalid_date", id="thirteenth month"),
        pytest.param({"damages_rial": -1}, "damages_rial", "out_of_range", id="negative money"),
        pytest.param({"damages_rial": 10**15 + 1}, "damages_rial", "out_of_range", id="too much money"),
        pytest.param({"damages_rial": "12"}, "damages_rial", "wrong_type", id="a text for money"),
        pytest.param({"damages_rial": True}, "damages_rial", "wrong_type", id="a truth for money"),
        pytest.param({"anonymous": "yes"}, "anonymous", "wrong_type", id="a text for a truth"),
        pytest.param({"business": []}, "business", "wrong_type", id="a list for a shop"),
        pytest.param({"business": {"kind": "bank"}}, "business.kind", "not_allowed", id="unknown kind"),
        pytest.param({"status": "closed"}, "status", "unknown_field", id="unknown field"),
        pytest.param({"business": {"owner": "x"}}, "business.owner", "unknown_field", id="unknown inner field"),
    ],
)
async def test_a_wrong_field_is_named(
    site: Site, http: aiohttp.ClientSession, change: dict[str, Any], field: str, code: str
) -> None:
    async with http.post(REPORTS, json=WHOLE | change) as answer:
        assert answer.status == 422
        problem = await answer.json()
    assert [(each["field"], each["code"]) for each in problem["errors"]] == [(field, code)]
    assert problem["errors"][0]["message"] != site.services.catalogue.say("fa", "field.wrong_value")
    assert await site.count_tickets() == 0


async def test_every_wrong_field_is_named_at_once(http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, json={"text": "", "phone": "1", "category": "x"}) as answer:
        named = {each["field"] for each in (await answer.json())["errors"]}
    assert named == {"text", "phone", "category"}


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"5"])
async def test_json_that_is_no_object_is_422(http: aiohttp.ClientSession, body: bytes) -> None:
    async with http.post(REPORTS, data=body, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 422
        assert (await answer.json())["errors"][0]["code"] == "not_an_object"


async def test_fields_of_exact_size_are_taken(http: aiohttp.ClientSession) -> None:
    report = WHOLE | {"text": "گران " * 2000, "damages_rial": 10**15}
    async with http.post(
        REPORTS, data=json.dumps(report).encode(), headers={"Content-Type": "application/json"}
    ) as answer:
        assert answer.status == 201


async def test_the_second_report_of_one_matter_says_so(http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, json=WHOLE) as answer:
        code = (await answer.json())["tracking_code"]
    async with http.post(REPORTS, json=WHOLE | {"text": f"دربارهٔ {code}: فاکتور هم ندادند"}) as answer:
        assert answer.status == 200
        said = await answer.json()
    assert said["tracking_code"] == code
    assert said["created"] is False
