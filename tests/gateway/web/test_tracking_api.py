"""Tracking: who has code and digits sees their ticket, everybody else sees the same nothing."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import aiohttp
import pytest

from tests.gateway.web.test_reports_api import REPORTS, WHOLE
from tests.support.files import JPEG
from tests.support.web import Site

TICKETS = "/api/v1/tickets"


@pytest.fixture
async def code(http: aiohttp.ClientSession) -> str:
    async with http.post(REPORTS, json=WHOLE) as answer:
        return str((await answer.json())["tracking_code"])


async def test_a_ticket_is_shown_without_personal_data(http: aiohttp.ClientSession, code: str) -> None:
    async with http.get(f"{TICKETS}/{code}", params={"phone_last4": "4567"}) as answer:
        assert answer.status == 200
        seen = await answer.json()
        text = await answer.text()
    assert seen["tracking_code"] == code
    assert (seen["step"], seen["step_number"], seen["status"]) == ("registered", 2, "open")
    assert [step["number"] for step in seen["steps"]] == [1, 2]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", seen["due_on"])
    assert seen["asks"] is None
    assert "0912" not in text
    assert "سوپرمارکت" not in text


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda code: "-".join((code[:4], code[4:8], code[8:])), id="hyphens"),
        pytest.param(lambda code: " ".join((code[:4], code[4:8], code[8:])), id="spaces"),
        pytest.param(lambda code: code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")), id="Persian digits"),
        pytest.param(lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), id="Arabic digits"),
    ],
)
async def test_a_code_is_read_however_it_is_written(http: aiohttp.ClientSession, code: str, write: Any) -> None:
    async with http.get(f"{TICKETS}/{write(code)}", params={"phone_last4": "۴۵۶۷"}) as answer:
        assert answer.status == 200


async def test_threat_52_wrong_code_and_wrong_digits_look_the_same(http: aiohttp.ClientSession, code: str) -> None:
    heard = []
    for path, last4 in ((code, "0000"), (code, None), ("314159265355", "4567"), ("1", "4567"), ("x" * 300, "4567")):
        async with http.get(f"{TICKETS}/{path}", params={"phone_last4": last4} if last4 else {}) as answer:
            headers = {name: value for name, value in answer.headers.items() if name != "Date"}
            heard.append((answer.status, headers, await answer.read()))
    assert heard[0][0] == 404
    assert all(each == heard[0] for each in heard)


async def test_an_anonymous_ticket_needs_its_code_only(http: aiohttp.ClientSession) -> None:
    report = {name: value for name, value in WHOLE.items() if name != "phone"} | {"anonymous": True}
    async with http.post(REPORTS, json=report) as answer:
        code = (await answer.json())["tracking_code"]
    async with http.get(f"{TICKETS}/{code}") as answer:
        assert answer.status == 200


async def test_an_addition_is_taken_once(http: aiohttp.ClientSession, code: str) -> None:
    said = {"phone_last4": "4567", "text": "فاکتور هم ندادند"}
    for _ in range(2):
        async with http.post(f"{TICKETS}/{code}/additions", json=said, headers={"Idempotency-Key": "a"}) as answer:
            assert answer.status == 200
            assert (await answer.json())["tracking_code"] == code
    async with http.post(
        f"{TICKETS}/{code}/additions", json=said | {"text": "چیز دیگر"}, headers={"Idempotency-Key": "a"}
    ) as answer:
        assert (answer.status, (await answer.json())["code"]) == (422, "idempotency_key_reused")


async def test_an_addition_may_bring_files(site: Site, http: aiohttp.ClientSession, code: str) -> None:
    form = aiohttp.FormData()
    form.add_field("addition", '{"phone_last4": "4567", "text": "عکس قبض"}', content_type="application/json")
    form.add_field("files", JPEG, filename="a.jpg", content_type="image/jpeg")
    async with http.post(f"{TICKETS}/{code}/additions", data=form) as answer:
        assert answer.status == 200
    assert len(await site.kept_files()) == 1


@pytest.mark.parametrize("part", ["addition", "report", "body"])
async def test_an_addition_takes_its_json_under_any_usual_name(
    http: aiohttp.ClientSession, code: str, part: str
) -> None:
    form = aiohttp.FormData()
    form.add_field(part, '{"phone_last4": "4567", "text": "عکس قبض"}', content_type="application/json")
    form.add_field("files", JPEG, filename="a.jpg", content_type="image/jpeg")
    async with http.post(f"{TICKETS}/{code}/additions", data=form) as answer:
        assert answer.status == 200


async def test_an_addition_may_be_a_plain_form_with_files(site: Site, http: aiohttp.ClientSession, code: str) -> None:
    for last4, status in (("0000", 404), ("۴۵۶۷", 200)):
        form = aiohttp.FormData({"text": "عکس قبض", "phone_last4": last4})
        form.add_field("files", JPEG, filename="a.jpg", content_type="image/jpeg")
        async with http.post(f"{TICKETS}/{code}/additions", data=form) as answer:
            assert answer.status == status
    assert len(await site.kept_files()) == 1


async def test_an_addition_in_json_and_form_at_once_is_refused(http: aiohttp.ClientSession, code: str) -> None:
    form = aiohttp.FormData({"text": "یک", "addition": '{"phone_last4": "4567", "text": "دو"}'})
    form.add_field("files", JPEG, filename="a.jpg", content_type="image/jpeg")
    async with http.post(f"{TICKETS}/{code}/additions", data=form) as answer:
        assert answer.status == 422
        assert [(each["field"], each["code"]) for each in (await answer.json())["errors"]] == [("text", "not_allowed")]


async def test_a_known_key_with_a_wrong_body_is_refused_for_the_key(http: aiohttp.ClientSession, code: str) -> None:
    url, headers = f"{TICKETS}/{code}/additions", {"Idempotency-Key": "a"}
    heard = []
    for said in ({"text": ""}, {"text": "فاکتور ندادند"}, {"text": ""}, {"text": "", "phone_last4": "0000"}):
        async with http.post(url, json={"phone_last4": "4567"} | said, headers=headers) as answer:
            heard.append((answer.status, (await answer.json()).get("code")))
    assert heard == [
        (422, "invalid_fields"),
        (200, None),
        (422, "idempotency_key_reused"),
        (404, "not_found"),
    ]


@pytest.mark.parametrize("endpoint", ["additions", "answers"])
async def test_a_stranger_adds_and_answers_nothing(http: aiohttp.ClientSession, code: str, endpoint: str) -> None:
    said = {"text": "من هم"} if endpoint == "additions" else {"satisfied": True}
    async with http.post(f"{TICKETS}/{code}/{endpoint}", json={"phone_last4": "0000", **said}) as answer:
        assert answer.status == 404


async def test_an_answer_nobody_asked_for_is_409(http: aiohttp.ClientSession, code: str) -> None:
    async with http.post(f"{TICKETS}/{code}/answers", json={"phone_last4": "4567", "satisfied": True}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "nothing_asked")


@pytest.mark.parametrize(
    "said", [{}, {"satisfied": "yes"}, {"rating": 0}, {"rating": 6}, {"rating": 5, "satisfied": True}, {"x": 1}]
)
async def test_a_wrong_answer_is_422(http: aiohttp.ClientSession, code: str, said: dict[str, Any]) -> None:
    async with http.post(f"{TICKETS}/{code}/answers", json={"phone_last4": "4567", **said}) as answer:
        assert answer.status == 422


class TestBudgets:
    """THREATS 51: guesses and requests are counted."""

    @pytest.fixture
    def overrides(self) -> dict[str, dict[str, object]]:
        return {
            "http": {"port": 0, "trusted_proxies": ["127.0.0.0/8"]},
            "security": {"tracking_failures": 3, "reports_per_minute": 2},
        }

    async def test_threat_51_wrong_guesses_run_out(self, site: Site, http: aiohttp.ClientSession) -> None:
        async def guess(client: str) -> int:
            headers = {"X-Forwarded-For": client}
            async with http.get(f"{TICKETS}/314159265355?phone_last4=1", headers=headers) as answer:
                assert answer.status == 404 or int(answer.headers["Retry-After"]) > 0
                return answer.status

        assert [await guess("203.0.113.5") for _ in range(4)] == [404, 404, 404, 429]
        assert await guess("203.0.113.6") == 404
        site.clock.advance(minutes=16)
        assert await guess("203.0.113.5") == 404

    async def test_threat_51_a_burst_of_guesses_does_not_slip_past_the_count(self, http: aiohttp.ClientSession) -> None:
        async def guess(last4: int) -> int:
            async with http.get(f"{TICKETS}/314159265355?phone_last4={last4:04d}") as answer:
                return answer.status

        heard = await asyncio.gather(*(guess(last4) for last4 in range(40)))
        assert (heard.count(404), heard.count(429)) == (3, 37)

    async def test_what_is_no_code_is_its_writers_slip_and_nobody_elses(self, http: aiohttp.ClientSession) -> None:
        for client in range(25):
            headers = {"X-Forwarded-For": f"203.0.113.{client}"}
            async with http.get(f"{TICKETS}/314159265359?phone_last4=4567", headers=headers) as answer:
                assert answer.status == 404

    async def test_reports_of_one_client_are_budgeted(self, site: Site, http: aiohttp.ClientSession) -> None:
        shops = iter(("نرگس", "لاله", "سنبل", "یاس", "مریم", "شقایق"))

        async def report(client: str) -> int:
            another = WHOLE | {"business": {"name": f"سوپر {next(shops)}"}}
            async with http.post(REPORTS, json=another, headers={"X-Forwarded-For": client}) as answer:
                if answer.status == 429:
                    assert 1 <= int(answer.headers["Retry-After"]) <= 30
                return answer.status

        assert [await report("203.0.113.5") for _ in range(3)] == [201, 201, 429]
        assert await report("203.0.113.6") == 201
        site.clock.advance(seconds=30)
        assert [await report("203.0.113.5") for _ in range(2)] == [201, 429]
