"""A report that joined a ticket at once, un-joined: a ticket of its own, and the earlier one as it was without it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from channels import sms, web
from channels.channel import Arrival
from normalizer.report import Attachment, Report
from tests.support.reports import AT, shipped_rules
from tests.support.staging import act, errors_of, member, told
from ticketing import desk
from ticketing.accepted import Accepted
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.joining_bounds import JoiningBounds
from ticketing.tables import persons

RULES = replace(shipped_rules(), joining=JoiningBounds(upper=0.0, lower=0.0))
"""By which every further report of a person joins their open ticket, but one that names another shop."""
EVALUATOR = member("evaluator", "")
PHONE = "09121234567"
FIRST = "سوپرمارکت رضا در تهران شیر را گران فروخت"
OTHER = "سوپرمارکت رضا در کرج ماست تاریخ گذشته را به اسم تازه فروخت"


def texted(text: str, phone: str = PHONE, at: datetime = AT) -> Report:
    payload = {"sender": phone, "line": "30001240", "message_id": str(at.timestamp()), "text": text}
    return parsed(sms, payload, at)


def parsed(channel: Any, payload: dict[str, Any], at: datetime = AT) -> Report:
    """A report with the raw form its channel keeps."""
    context = {"external_id": f"{payload.get('phone')} {at}"}
    report = channel.parse(Arrival("", payload, json.dumps(payload).encode(), at, context))
    assert isinstance(report, Report), report
    return report


async def seen(database: Database, code: str | None) -> dict[str, Any]:
    return await desk.get_ticket(database, RULES, EVALUATOR, code or "", AT)


async def joined(database: Database, first: Report, second: Report) -> tuple[Accepted, str]:
    """A ticket that a second report has joined, and the id of that report."""
    opened = await take_in(database, RULES, first)
    more = await take_in(database, RULES, second)
    assert more.tracking_code == opened.tracking_code
    return opened, (await seen(database, opened.tracking_code))["reports"][-1]["id"]


async def test_both_are_whole_again_with_notices_to_match(database: Database) -> None:
    photo = (Attachment("a.jpg", "image/jpeg", source="a"),)
    second = replace(texted(OTHER, at=AT + timedelta(hours=1)), attachments=photo)
    opened, report = await joined(database, texted(FIRST), second)
    before = await seen(database, opened.tracking_code)
    assert [each["may_leave"] for each in before["reports"]] == [False, True]
    rest = await act(database, RULES, EVALUATOR, opened.tracking_code or "", "unjoin_report", AT, report=report)
    assert rest["facts"]["text"] == FIRST
    assert [each["text"] for each in rest["reports"]] == [FIRST]
    assert rest["attachments"] == []
    event = rest["timeline"][-1]
    assert (event["kind"], event["actor"]) == ("unjoin_report", "evaluator")
    assert told(rest) == told(before)

    own = await seen(database, event["data"]["ticket"])
    assert (own["step"], own["missing"], own["facts"]["place"]["county"]) == ("registered", [], "کرج")
    assert told(own) == [("step", 1), ("step", 2)]
    assert [(each["text"], each["joined_by"], each["may_leave"]) for each in own["reports"]] == [(OTHER, [], False)]
    assert [each["name"] for each in own["attachments"]] == ["a.jpg"]
    assert own["timeline"][0]["data"]["ticket"] == opened.tracking_code
    replayed = await take_in(database, RULES, second)
    assert (replayed.replayed, replayed.tracking_code) == (True, own["tracking_code"])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("text", "taken", "missing"),
    [
        ("قصابی کوثر دیروز گوشت یخ زده فروخت", {"business.name", "happened_on"}, ["business", "place"]),
        ("قصابی کوثر در کرج دیروز گوشت یخ زده فروخت", {"happened_on"}, []),  # registered, it needs the rest
    ],
)
async def test_what_only_it_told_is_taken_back_where_the_ticket_can_do_without(
    database: Database, text: str, taken: set[str], missing: list[str]
) -> None:
    first = {"text": "مغازه‌ای گران فروخت", "phone": PHONE, "category": "overcharging"}
    code = (await take_in(database, RULES, parsed(web, first))).tracking_code or ""
    await take_in(database, RULES, texted(f"{code} {text}", at=AT + timedelta(hours=1)))
    report = (await seen(database, code))["reports"][-1]["id"]
    rest = await act(database, RULES, EVALUATOR, code, "unjoin_report", AT, report=report)
    assert set(rest["timeline"][-1]["data"]["taken_back"]) == taken
    assert rest["missing"] == missing
    assert (rest["facts"]["text"], rest["facts"]["happened_on"]) == ("مغازه‌ای گران فروخت", None)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_two_persons_it_made_one_are_two_again(database: Database) -> None:
    mine = {"text": f"{FIRST} در تهران", "phone": PHONE}
    await take_in(database, RULES, parsed(web, {"text": OTHER, "phone": "09351112233"}))
    opened, report = await joined(
        database, parsed(web, mine), texted(f"{FIRST} در تهران، شماره دیگرم 09351112233", at=AT + timedelta(hours=1))
    )
    people = select(persons.c.person).distinct()
    assert len(await database.read(people)) == 1
    await act(database, RULES, EVALUATOR, opened.tracking_code or "", "unjoin_report", AT, report=report)
    assert len(await database.read(people)) == 2


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_what_has_or_had_a_ticket_of_its_own_is_refused(database: Database) -> None:
    opened, _ = await joined(database, texted(FIRST), texted(OTHER, at=AT + timedelta(hours=1)))
    code = opened.tracking_code or ""
    own = (await seen(database, code))["reports"][0]["id"]
    merged = await take_in(database, RULES, texted(OTHER, "09351112233"))
    await act(database, RULES, EVALUATOR, merged.tracking_code or "", "join", AT, tracking_code=code)
    brought = (await seen(database, code))["reports"][-1]
    assert (brought["joined_by"], brought["may_leave"]) == (["by hand"], False)
    for report in (own, brought["id"], "1", "x"):
        refusal = act(database, RULES, EVALUATOR, code, "unjoin_report", AT, report=report)
        assert await errors_of(refusal) == {"report": "no_such_report"}
