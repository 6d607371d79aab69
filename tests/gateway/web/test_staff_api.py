"""The staff API over HTTP: signing in and out, filing, reading, acting; the rules behind it are tried elsewhere."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import aiohttp
import pytest

from tests.gateway.web.test_reports_api import REPORTS, WHOLE
from tests.support.files import JPEG
from tests.support.web import PASSWORD, Site

LOGIN, STAFF_REPORTS, TICKETS = "/api/v1/staff/login", "/api/v1/staff/reports", "/api/v1/staff/tickets"


async def test_signing_in_gives_a_token_that_signing_out_ends(site: Site, http: aiohttp.ClientSession) -> None:
    await site.add_staff("sara", "evaluator")
    async with http.post(LOGIN, json={"username": "Sara", "password": PASSWORD}) as answer:
        assert answer.status == 200
        said = await answer.json()
    assert (said["role"], said["organisation"]) == ("evaluator", "")
    bearer = {"Authorization": f"Bearer {said['token']}"}
    async with http.get(TICKETS, headers=bearer) as answer:
        assert answer.status == 200
        assert await answer.json() == {"items": [], "next_cursor": None}
    async with http.post("/api/v1/staff/logout", headers=bearer) as answer:
        assert answer.status == 204
    async with http.get(TICKETS, headers=bearer) as answer:
        assert answer.status == 401


async def test_threat_57_a_wrong_name_and_a_wrong_password_look_the_same(
    site: Site, http: aiohttp.ClientSession
) -> None:
    await site.add_staff("sara", "evaluator")
    heard = []
    for username, password in (("sara", "not hers"), ("nobody", PASSWORD)):
        async with http.post(LOGIN, json={"username": username, "password": password}) as answer:
            heard.append((answer.status, await answer.text()))
    assert heard[0] == heard[1]
    assert heard[0][0] == 401


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, {"username", "password"}),
        ({"username": 1, "password": "x"}, {"username"}),
        ({"username": "a", "password": "x", "role": "admin"}, {"role"}),
    ],
)
async def test_a_wrong_sign_in_is_422(http: aiohttp.ClientSession, said: dict[str, Any], fields: set[str]) -> None:
    async with http.post(LOGIN, json=said) as answer:
        assert answer.status == 422
        assert {each["field"] for each in (await answer.json(content_type=None))["errors"]} == fields


class TestBudget:
    """Signing in has budgets of its own, which right passwords leave alone."""

    @pytest.fixture
    def overrides(self) -> dict[str, dict[str, object]]:
        return {"security": {"reports_per_minute": 1}}

    async def test_signing_in_again_and_again_is_free(self, site: Site, http: aiohttp.ClientSession) -> None:
        await site.add_staff("sara", "evaluator")

        async def sign_in() -> int:
            async with http.post(LOGIN, json={"username": "sara", "password": PASSWORD}) as answer:
                return answer.status

        assert await asyncio.gather(*(sign_in() for _ in range(10))) == [200] * 10
        assert [await sign_in() for _ in range(3)] == [200] * 3


@pytest.mark.parametrize("channel", ["phone", "counter", "letter"])
async def test_an_operator_files_for_a_caller(site: Site, http: aiohttp.ClientSession, channel: str) -> None:
    bearer = await site.bearer("operator")
    for _ in range(2):  # one call may hold two complaints
        said = WHOLE | {"channel": channel, "call_id": "c1"}
        async with http.post(STAFF_REPORTS, json=said, headers=bearer) as answer:
            assert answer.status == 201
            code = (await answer.json())["tracking_code"]
    async with http.get(f"{TICKETS}/{code}", headers=bearer) as answer:
        assert (await answer.json())["channel"] == channel
    async with http.get(TICKETS, params={"channel": channel}, headers=bearer) as answer:
        assert len((await answer.json())["items"]) == 2


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({}, "channel", "required"),
        ({"channel": "web"}, "channel", "not_allowed"),
        ({"channel": ["phone"]}, "channel", "not_allowed"),
        ({"channel": "phone", "call_id": "x" * 65}, "call_id", "too_long"),
    ],
)
async def test_a_wrong_staff_report_is_422(
    site: Site, http: aiohttp.ClientSession, change: dict[str, Any], field: str, code: str
) -> None:
    async with http.post(STAFF_REPORTS, json=WHOLE | change, headers=await site.bearer("operator")) as answer:
        assert answer.status == 422
        errors = (await answer.json(content_type=None))["errors"]
    assert [(each["field"], each["code"]) for each in errors] == [(field, code)]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": "' OR 1=1 --"}, 200),
        ({"q": "\x00"}, 422),
        ({"step": "9"}, 422),
        ({"limit": "0"}, 422),
        ({"limit": "-1; DROP TABLE tickets"}, 422),
        ({"cursor": "x"}, 422),
        ({"order": "id"}, 422),
        ({"province": "23' --"}, 422),
        ({"channel": "bogus"}, 422),
        ({"channel": "voicemail"}, 200),
        ({"limit": "1000"}, 200),
        ({"overdue": "TRUE", "mine": "no"}, 200),
    ],
)
async def test_threat_58_filters_are_parameters_only(
    site: Site, http: aiohttp.ClientSession, query: dict[str, str], status: int
) -> None:
    async with http.get(TICKETS, params=query, headers=await site.bearer("supervisor")) as answer:
        assert answer.status == status


async def filed(http: aiohttp.ClientSession) -> str:
    async with http.post(REPORTS, json=WHOLE) as answer:
        return str((await answer.json())["tracking_code"])


async def test_an_action_moves_the_ticket_and_its_replay_does_nothing(site: Site, http: aiohttp.ClientSession) -> None:
    code, bearer = await filed(http), await site.bearer("evaluator")
    headers = {**bearer, "Idempotency-Key": "k"}
    async with http.get(f"{TICKETS}/{code}", headers=bearer) as answer:
        seen = await answer.json()
    assert "evaluate" in seen["allowed_actions"]
    said = {"route": "penalties", "version": seen["version"]}
    url = f"{TICKETS}/{code}/actions/evaluate"
    async with http.post(url, json=said, headers=headers) as first, http.post(url, json=said, headers=headers) as again:
        assert (first.status, again.status) == (200, 200)
        moved = await first.json()
        assert await again.json() == moved
    assert moved["step"] == "referred"
    assert re.fullmatch("۱۴ روز از .+؛ مادهٔ ۷۲ قانون نظام صنفی", moved["due_because"])
    async with http.post(url, json=said, headers=bearer) as answer:
        assert answer.status == 409
        problem = await answer.json(content_type=None)
    assert problem["code"] == "stale_version"
    assert problem["ticket"]["version"] == moved["version"]
    assert isinstance(problem["allowed_actions"], list)
    async with http.post(url, json=said | {"version": moved["version"]}, headers=bearer) as answer:
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (409, "not_at_this_step")


async def test_an_inspection_brings_its_photos(site: Site, http: aiohttp.ClientSession) -> None:
    code = await filed(http)
    await site.add_staff("reza", "inspector", phone="09131112233")
    steps: list[tuple[dict[str, str], str, dict[str, Any]]] = [
        (await site.bearer("evaluator"), "evaluate", {"route": "inspection"}),
        (await site.bearer("dispatcher"), "dispatch", {"inspector": "reza"}),
    ]
    for bearer, action, body in steps:
        async with http.get(f"{TICKETS}/{code}", headers=bearer) as answer:
            version = (await answer.json())["version"]
        said = body | {"version": version}
        async with http.post(f"{TICKETS}/{code}/actions/{action}", json=said, headers=bearer) as answer:
            assert answer.status == 200, await answer.text()
    bearer = {"Authorization": f"Bearer {await site.token('reza')}"}
    async with http.get(f"{TICKETS}/{code}", headers=bearer) as answer:
        version = (await answer.json())["version"]
    form = aiohttp.FormData()
    form.add_field(
        "body", f'{{"version": {version}, "violation": true, "finding": "گران"}}', content_type="application/json"
    )
    form.add_field("files", JPEG, filename="evidence.jpg", content_type="image/jpeg")
    async with http.post(f"{TICKETS}/{code}/actions/inspect", data=form, headers=bearer) as answer:
        assert answer.status == 200, await answer.text()
        assert (await answer.json())["step"] == "inspected"
    assert len(await site.kept_files()) == 1


@pytest.mark.parametrize(
    ("action", "said", "status"),
    [
        ("evaluate", {"version": 99, "route": "penalties"}, 409),
        ("evaluate", {"route": "penalties"}, 422),
        ("evaluate", {"version": 2, "route": "nowhere"}, 422),
        ("verdict", {"version": 2}, 403),
        ("explode", {"version": 2}, 404),
    ],
)
async def test_refusals_come_in_the_order_of_the_contract(
    site: Site, http: aiohttp.ClientSession, action: str, said: dict[str, Any], status: int
) -> None:
    code, bearer = await filed(http), await site.bearer("evaluator")
    async with http.get(f"{TICKETS}/{code}", headers=bearer) as answer:
        if said.get("version") == 2:
            said = said | {"version": (await answer.json())["version"]}
    async with http.post(f"{TICKETS}/{code}/actions/{action}", json=said, headers=bearer) as answer:
        assert (answer.status, answer.content_type) == (status, "application/problem+json")


UNREADABLE = {
    "nothing": ({}, 422),
    "no JSON": ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 400),
    "no object": ({"data": b"[]", "headers": {"Content-Type": "application/json"}}, 422),
    "another type": ({"data": b"x", "headers": {"Content-Type": "text/plain"}}, 415),
    "a key that is none": ({"json": {"version": 1}, "headers": {"Idempotency-Key": "کلید"}}, 400),
}


@pytest.mark.parametrize(("sent", "status"), UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_a_body_is_judged_after_sight_role_and_step(
    site: Site, http: aiohttp.ClientSession, sent: dict[str, Any], status: int
) -> None:
    code = await filed(http)
    await site.add_staff("far", "evaluator", organisation="05")
    far = {"Authorization": f"Bearer {await site.token('far')}"}
    near, operator = await site.bearer("evaluator"), await site.bearer("dispatcher")
    cases = ((far, "evaluate", 404), (operator, "evaluate", 403), (near, "refer", 409), (near, "evaluate", status))
    heard = []
    for bearer, action, _ in cases:
        given = sent | {"headers": {**sent.get("headers", {}), **bearer}}
        async with http.post(f"{TICKETS}/{code}/actions/{action}", **given) as answer:
            heard.append(answer.status)
    assert heard == [expected for *_, expected in cases]


async def test_no_body_is_an_empty_one(site: Site, http: aiohttp.ClientSession) -> None:
    code, bearer = await filed(http), await site.bearer("evaluator")
    async with http.post(f"{TICKETS}/{code}/actions/evaluate", headers=bearer) as answer:
        assert answer.status == 422
        named = {(each["field"], each["code"]) for each in (await answer.json(content_type=None))["errors"]}
    assert ("version", "required") in named


@pytest.mark.parametrize("other", [b"{", b"[]", b'{"version": "x"}'])
async def test_a_known_key_comes_before_everything(site: Site, http: aiohttp.ClientSession, other: bytes) -> None:
    code, bearer = await filed(http), await site.bearer("evaluator")
    headers = {**bearer, "Idempotency-Key": "k", "Content-Type": "application/json"}
    async with http.get(f"{TICKETS}/{code}", headers=bearer) as answer:
        said = {"organisation": "05", "version": (await answer.json())["version"]}
    url = f"{TICKETS}/{code}/actions/transfer"
    async with http.post(url, json=said, headers=headers) as answer:
        assert answer.status == 200
    async with http.post(url, data=other, headers=headers) as answer:
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (422, "idempotency_key_reused")
    async with http.post(url, json=said, headers=headers) as answer:
        assert answer.status == 200


async def test_a_key_of_staff_reports_holds_for_every_channel(site: Site, http: aiohttp.ClientSession) -> None:
    headers = {**await site.bearer("operator"), "Idempotency-Key": "k"}
    heard = []
    for change in ({"channel": "phone"}, {"channel": "letter"}, {"channel": "pigeon"}, {}, {"channel": "phone"}):
        async with http.post(STAFF_REPORTS, json=WHOLE | change, headers=headers) as answer:
            heard.append((answer.status, (await answer.json(content_type=None)).get("code")))
    reused = (422, "idempotency_key_reused")
    assert heard == [(201, None), reused, reused, reused, (200, None)]


async def test_threat_54_another_provinces_ticket_is_not_there(site: Site, http: aiohttp.ClientSession) -> None:
    code = await filed(http)
    await site.add_staff("far", "evaluator", organisation="05")
    bearer = {"Authorization": f"Bearer {await site.token('far')}"}
    async with (
        http.get(f"{TICKETS}/{code}", headers=bearer) as seen,
        http.get(f"{TICKETS}/314159265355", headers=bearer) as absent,
    ):
        assert (seen.status, absent.status) == (404, 404)
        assert await seen.text() == await absent.text()
