"""Complaints about guild bodies as people live them: by form, text, desk and board, through one gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.acceptance.reading import heard
from tests.acceptance.world import World, open_world
from tests.support.clock import ManualClock
from tests.support.gateway import Gateways

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])
PHONE, LIAISON_PHONE = "+989121234567", "+989350000009"
OURS = {"Sec-Fetch-Site": "same-origin"}
SITE = "http://124.example"
STAFF = (
    ("op", "operator", {}),
    ("ev", "evaluator", {}),
    ("boss", "supervisor", {}),
    ("liaison", "liaison", {"organisation": "02", "phone": LIAISON_PHONE}),
    ("chamber", "responder", {"organisation": "02", "body": "02-07-chamber"}),
    ("commission", "responder", {"organisation": "02", "body": "02-07-county_commission"}),
    ("province", "responder", {"organisation": "02", "body": "02-provincial_commission"}),
)
FORM = {
    "details.against": "union",
    "details.union": "اتحادیه نانوایان",
    "place.province": "02",
    "place.county": "ساری",
    "text": "اتحادیه پروانه مرا بی‌دلیل صادر نمی‌کند",
    "phone": "۰۹۱۲۱۲۳۴۵۶۷",
    "name": "مریم احمدی",
}
ANSWER: dict[str, Any] = {
    "outcome": "unrelated",
    "text": "موضوع در صلاحیت اداره کار است.",
    "legal_unit": "خانم رضایی",
    "legal_on": "1405-08-29",
}
MORNING = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # 08:30 in Tehran, a Sunday
NEXT_MORNING = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.fixture
async def guild(gateways: Gateways) -> AsyncIterator[World]:
    """The bodies above Sari's unions, the province's liaison and the centre, on 1405-08-30."""
    site = {"http": {"public_url": SITE}}
    async with open_world(gateways, site, clock=ManualClock(), staff=STAFF) as world:
        yield world


async def test_an_answer_is_checked_verified_told_and_objected_to(guild: World) -> None:
    code = await guild.file("guild_body", FORM)
    assert "ارجاع به مرجع پاسخگو" in await guild.track(code, "4567")
    shown = await guild.ticket(code, by="chamber")
    assert (shown["body"], "مریم" in str(shown), "9121234567" in str(shown)) == ("02-07-chamber", False, False)

    for lacking in ("text", "legal_unit", "legal_on"):
        said = {name: value for name, value in ANSWER.items() if name != lacking}
        status, problem = await guild.try_to("chamber", code, "answer", **said)
        assert (status, [each["field"] for each in problem["errors"]]) == (422, [lacking])
    status, problem = await guild.try_to("chamber", code, "answer", **{**ANSWER, "outcome": "rejected"})
    assert (status, [each["field"] for each in problem["errors"]]) == (422, ["article"]), "on which article it stands"
    said = {"version": shown["version"], **ANSWER}
    status, _ = await guild.call("POST", f"/api/v1/staff/tickets/{code}/actions/answer", said, by="chamber")
    assert status == 200, "an unrelated one is answered too"
    assert (await guild.ticket(code, by="commission"))["step"] == "answered"
    closed = await guild.act("commission", code, "verify", confirms="unrelated")
    assert (closed["status"], closed["outcome"]) == ("closed", "unrelated")
    agreed = next(event["data"] for event in closed["timeline"] if event["kind"] == "answer")
    assert (agreed["legal_unit"], agreed["legal_on"]) == (ANSWER["legal_unit"], "2026-11-20")
    assert len(await heard(guild, PHONE, 4)) == 4
    page = await guild.track(code, "4567")
    assert ("نامرتبط" in page, ANSWER["text"] in page) == (True, True)

    objection = {"code": code, "phone_last4": "4567", "text": "به اتحادیه ربط دارد", "form_id": "f1"}
    async with guild.http.post(f"{guild.gateway.url}/track/object", data=objection, headers=OURS) as response:
        assert response.status == 200
    assert (await guild.ticket(code, by="province"))["waiting_for"] == "responder"
    last = await guild.act("province", code, "answer", **{**ANSWER, "outcome": "upheld", "article": "ماده ۳۰"})
    assert (last["status"], last["outcome"]) == ("closed", "upheld"), "the province's answer is verified by nobody"
    page = await guild.track(code, "4567")
    assert ("تأیید شکایت" in page, "ماده ۳۰" in page) == (True, True)


async def test_it_is_filed_electronically_only_and_who_writes_or_calls_is_led_to_the_form(guild: World) -> None:
    by_phone: dict[str, Any] = {"channel": "phone", "procedure": "guild_body", "text": FORM["text"]}
    by_phone |= {"phone": PHONE, "details": {"against": "union"}, "place": {"province": "02", "county": "ساری"}}
    status, problem = await guild.call("POST", "/api/v1/staff/reports", by_phone, by="op")
    assert (status, [each["code"] for each in problem["errors"]]) == (422, ["other_channel"])
    assert await guild.text_in("09121234567", "از اتحادیه نانوایان شکایت دارم، جواب نمی‌دهند", "m1") == 200
    (told,) = await heard(guild, PHONE, 1)
    assert f"{SITE}/file/guild_body" in told


async def test_a_consumers_complaint_goes_over_and_the_board_tells_of_it(guild: World) -> None:
    code = await guild.file("guild_body", FORM)
    await guild.act("liaison", code, "hand_over", procedure="consumer")
    status, _ = await guild.call("GET", f"/api/v1/staff/tickets/{code}", by="chamber")
    assert status == 404
    moved = await guild.ticket(code)
    assert (moved["procedure"], moved["tracking_code"]) == ("consumer", code)
    assert "addressed" in [event["data"].get("step") for event in moved["timeline"]]
    assert ("۱ از ۷" in await guild.track(code, "4567"), moved["missing"]) == (True, ["business"])

    message = {"organisations": ["02"], "subject": "ارجاع اشتباه", "text": f"پروندهٔ {code} مصرف‌کننده است"}
    status, begun = await guild.call("POST", "/api/v1/staff/board", message, by="boss")
    assert status == 201, begun
    board = f"/api/v1/staff/board/{begun['conversations'][0]['id']}"
    await guild.at(MORNING)
    (text,) = await heard(guild, LIAISON_PHONE, 1)
    assert "۱ پیام نخوانده" in text
    shown, sent = [(await guild.call("GET", board, by=name))[1]["messages"][0] for name in ("liaison", "boss")]
    assert (shown["tickets"], sent["tickets"]) == ([], [code]), "a link for whom the ticket is in sight of"
    assert sent["read_by"] == []
    await guild.call("POST", f"{board}/readings", {"number": 1}, by="liaison")
    (reader,) = (await guild.call("GET", board, by="boss"))[1]["messages"][0]["read_by"]
    assert reader["username"] == "liaison"
    await guild.at(NEXT_MORNING)
    assert len(await heard(guild, LIAISON_PHONE, 1)) == 1, "what was read is not told of again"
