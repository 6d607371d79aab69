"""Complaints about bodies of the guild system: filed, answered, verified, late, climbing, and what nobody may see."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import structlog

from normalizer.report import Business
from tests.support.reports import AT, text_message, web_report
from tests.support.staging import act, hire, member
from ticketing import desk
from ticketing.database import Database
from ticketing.errors import Invalid, NotFound
from ticketing.filing import checked_filing
from ticketing.intake import take_in
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.sweep import sweep
from ticketing.ticket import Ticket, by_code, ticket_from
from ticketing.tracking import status_of

SARI = "02-07"
WAY_UP = [f"{SARI}-chamber", f"{SARI}-county_commission", "02-provincial_commission", "secretariat"]
PHONES = {body: f"+98912000000{place}" for place, body in enumerate(WAY_UP)}
LIAISON = member("liaison", "02", username="liaison-02")
CENTRE = member("liaison", "", username="centre")
ANSWER: dict[str, Any] = {
    "outcome": "upheld",
    "text": "حق با شاکی است و پروانه صادر می‌شود.",
    "article": "ماده ۳۰ قانون نظام صنفی",
    "legal_unit": "خانم رضایی",
    "legal_on": "1405-08-29",
}
LATER = AT + timedelta(days=1)


def responder(body: str) -> Staff:
    organisation = "" if body == "secretariat" else "02"
    return member("responder", organisation, username=f"at-{body}", body=body, phone=PHONES.get(body))


@pytest.fixture
async def people(database: Database, rules: Rules) -> dict[str, Staff]:
    """A responder at every body above Sari's unions and at the unions, by body."""
    found = {body: responder(body) for body in (f"{SARI}-union", *WAY_UP)}
    await hire(database, rules.vault, *found.values(), LIAISON, CENTRE)
    return found


def complaint(against: str = "union", **changes: Any) -> Any:
    details = {"against": against} | ({"union": "اتحادیه نانوایان"} if against == "union" else {})
    report = web_report("اتحادیه پروانه مرا بی‌دلیل صادر نمی‌کند", **changes)
    place = replace(report.place, province="02", county="ساری")
    return replace(
        report, place=place, business=Business(), category=None, extra={"procedure": "guild_body", "details": details}
    )


async def filed(database: Database, rules: Rules, report: Any) -> str:
    accepted = await take_in(database, rules, checked_filing(rules, report, AT))
    assert accepted.created
    assert accepted.tracking_code is not None
    return accepted.tracking_code


async def today(database: Database, rules: Rules, code: str) -> Ticket:
    rows = await database.read(by_code(rules.vault, code).statement())
    return ticket_from(rules.vault, rows[0])


async def seen(database: Database, rules: Rules, code: str, by: Staff = CENTRE) -> dict[str, Any]:
    return await desk.get_ticket(database, rules, by, code, AT)


async def test_it_goes_to_the_body_above_the_one_complained_of_and_tells_the_citizen_twice(
    database: Database, rules: Rules, people: dict[str, Staff]
) -> None:
    code = await filed(database, rules, complaint())
    ticket = await seen(database, rules, code)
    assert (ticket["step"], ticket["waiting_for"], ticket["body"]) == ("addressed", "responder", WAY_UP[0])
    assert ticket["organisation"] == "02"
    assert ticket["addressee"] == f"{SARI}-union"
    assert ticket["facts"]["details"] == {"against": "union", "union": "اتحادیه نانوایان"}
    assert ticket["clock"]["passing"]["hands_up"], "the secretariat's would only be pressed"
    assert [(each["kind"], each["step"]) for each in ticket["notices"]] == [("step", 1), ("step", 2)]


@pytest.mark.parametrize(
    ("report", "wrong"),
    [
        (replace(complaint(), extra={"procedure": "guild_body"}), {"details.against": "required"}),
        (replace(complaint(), extra={"procedure": "guild_body", "details": {"against": "king"}}), None),
        (replace(complaint(), place=replace(complaint().place, county=None)), {"place.county": "required"}),
        (replace(complaint(), channel="phone"), {"procedure": "other_channel"}),
        (replace(complaint(), anonymous=True), {"anonymous": "not_allowed"}),
        (replace(complaint(), extra={"procedure": "nothing"}), {"procedure": "not_allowed"}),
        (replace(web_report(), extra={"details": {"against": "union"}}), {"details.against": "unknown_field"}),
    ],
)
def test_a_filing_that_lacks_something_or_came_another_way_is_refused(
    rules: Rules, report: Any, wrong: dict[str, str] | None
) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_filing(rules, report, AT)
    found = {error.field: error.code for error in refusal.value.errors}
    assert found == wrong if wrong else "details.against" in found


async def test_an_answer_is_verified_by_the_body_above_and_comes_back_where_it_is_not_by_the_law(
    database: Database, rules: Rules, people: dict[str, Staff]
) -> None:
    code = await filed(database, rules, complaint())
    with pytest.raises(Invalid) as refusal:
        await act(database, rules, people[WAY_UP[0]], code, "answer", **{**ANSWER, "article": ..., "legal_unit": ...})
    assert {error.field for error in refusal.value.errors} == {"article", "legal_unit"}
    with structlog.testing.capture_logs() as captured:
        await act(database, rules, people[WAY_UP[0]], code, "answer", **ANSWER)
    assert captured == [], "to hand a ticket on is no look at what policy hides"
    assert (await seen(database, rules, code))["body"] == WAY_UP[1]
    await act(database, rules, people[WAY_UP[1]], code, "verify", returns="returned", reason="ماده دیگری")
    again = await seen(database, rules, code)
    assert (again["body"], again["step"], again["waiting_for"]) == (WAY_UP[0], "answered", "responder")
    await act(database, rules, people[WAY_UP[0]], code, "answer", **ANSWER)
    await act(database, rules, people[WAY_UP[1]], code, "verify", confirms="upheld")
    closed = await seen(database, rules, code)
    assert (closed["status"], closed["outcome"], closed["step"]) == ("closed", "upheld", "announced")
    assert [each["step"] for each in closed["notices"] if each["kind"] in ("step", "close")] == [1, 2, 3, 4]


async def test_the_provinces_commission_answers_for_good_and_an_objection_goes_up(
    database: Database, rules: Rules, people: dict[str, Staff]
) -> None:
    code = await filed(database, rules, complaint("county_commission"))
    await act(database, rules, people[WAY_UP[2]], code, "answer", **{**ANSWER, "outcome": "rejected"})
    assert (await seen(database, rules, code))["outcome"] == "rejected"
    await act(database, rules, LIAISON, code, "object", text="قبول ندارم", at=LATER)
    up = await seen(database, rules, code)
    assert (up["status"], up["body"], up["waiting_for"]) == ("open", "secretariat", "responder")
    await act(database, rules, people["secretariat"], code, "answer", **ANSWER, at=LATER)
    closed = await seen(database, rules, code)
    assert closed["outcome"] == "upheld"
    assert [each["kind"] for each in closed["notices"]].count("close") == 1, "the last step had told of the first close"


async def test_its_citizen_reads_the_answer_with_its_article_and_may_object(
    database: Database, rules: Rules, people: dict[str, Staff]
) -> None:
    code = await filed(database, rules, complaint("county_commission"))
    await act(database, rules, people[WAY_UP[2]], code, "answer", **ANSWER)
    status = await status_of(database.read, rules, await today(database, rules, code), LATER)
    assert (status["outcome"], [step["step"] for step in status["steps"]]) == (
        "upheld",
        ["filed", "addressed", "announced"],
    )
    assert status["answer"] == f"{ANSWER['text']}\nماده قانونی مستند: {ANSWER['article']}"
    assert [offer["action"] for offer in status["actions"]] == ["object"]


async def test_unanswered_it_climbs_three_levels_by_the_clock_alone_with_notices_to_both_bodies(
    database: Database, rules: Rules, people: dict[str, Staff]
) -> None:
    code, at = await filed(database, rules, complaint()), AT
    for below, above in pairwise(WAY_UP):
        assert await sweep(database, rules, at + timedelta(days=8)) == 1, "two days before, its people are warned"
        warned = (await seen(database, rules, code))["replies"][-1]
        assert ("پایان می‌یابد" in warned["text"], warned["to"][-1]) == (True, PHONES[below][-1])
        assert await sweep(database, rules, at + timedelta(days=10, seconds=-1)) == 0
        at += timedelta(days=10)
        assert await sweep(database, rules, at) == 1
        ticket = await seen(database, rules, code)
        assert (ticket["body"], ticket["status"], ticket["waiting_for"]) == (above, "open", "responder")
        told = {each["to"][-1] for each in ticket["replies"][-3:-1]}
        assert told == {PHONES[below][-1], PHONES[above][-1]}
        assert code in ticket["replies"][-1]["text"].translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789", "-"))
    at += timedelta(days=10)
    assert [await sweep(database, rules, at - timedelta(days=1)), await sweep(database, rules, at)] == [1, 1]
    last = await seen(database, rules, code)
    assert (last["body"], last["status"]) == ("secretariat", "open"), "there is none above: it stays, and is late"
    await act(database, rules, people["secretariat"], code, "answer", **ANSWER, at=at)
    assert (await seen(database, rules, code))["outcome"] == "upheld"


async def test_that_it_climbs_is_a_setting(database: Database, rules: Rules, people: dict[str, Staff]) -> None:
    staying = replace(rules, climbs=False)
    code = await filed(database, staying, complaint())
    assert await sweep(database, staying, AT + timedelta(days=10)) == 1
    ticket = await seen(database, staying, code)
    assert (ticket["body"], ticket["waiting_for"]) == (WAY_UP[0], "responder")
    await act(database, staying, people[WAY_UP[0]], code, "answer", **ANSWER, at=AT + timedelta(days=11))


async def test_a_consumers_complaint_goes_over_with_its_code_and_history(
    database: Database, rules: Rules, people: dict[str, Staff]
) -> None:
    code = await filed(database, rules, complaint())
    await act(database, rules, LIAISON, code, "hand_over", procedure="consumer")
    with pytest.raises(NotFound):
        await seen(database, rules, code, people[WAY_UP[0]])
    ticket = await seen(database, rules, code, member("evaluator", "02"))
    assert (ticket["procedure"], ticket["step"], ticket["body"]) == ("consumer", "contacted", None)
    assert ticket["missing"] == ["business"]
    status = await status_of(database.read, rules, await today(database, rules, code), AT)
    assert [step["step"] for step in status["steps"]] == ["contacted"]
    kinds = [event["kind"] for event in ticket["timeline"]]
    assert kinds == ["opened", "step", "step", "hand_over", "step"]
    assert [each["kind"] for each in ticket["notices"]] == ["step", "step", "step"]


@pytest.mark.parametrize(
    ("against", "blind"),
    [("union", f"{SARI}-union"), ("chamber", WAY_UP[0]), ("county_commission", WAY_UP[1])],
)
async def test_threat_54_nobody_of_the_body_complained_of_knows_of_it(
    database: Database, rules: Rules, people: dict[str, Staff], against: str, blind: str
) -> None:
    code = await filed(database, rules, complaint(against))
    for days in (0, 10, 20):
        await sweep(database, rules, AT + timedelta(days=days))
        with pytest.raises(NotFound):
            await seen(database, rules, code, people[blind])
        listed = await desk.list_tickets(database, rules, people[blind], {"status": "any"}, AT)
        assert listed["items"] == []


async def test_a_complaint_about_the_provinces_commission_is_out_of_the_provinces_sight(
    database: Database, rules: Rules, people: dict[str, Staff]
) -> None:
    code = await filed(database, rules, complaint("provincial_commission"))
    for member_of_province in (LIAISON, member("supervisor", "02"), people[WAY_UP[2]]):
        with pytest.raises(NotFound):
            await seen(database, rules, code, member_of_province)
    assert (await seen(database, rules, code, people["secretariat"]))["body"] == "secretariat"


async def test_who_answers_does_not_learn_who_complains(
    database: Database, rules: Rules, people: dict[str, Staff]
) -> None:
    report = complaint()
    code = await filed(database, rules, replace(report, sender=replace(report.sender, name="زهرا محمدی")))
    shown = await seen(database, rules, code, people[WAY_UP[0]])
    assert "reveal" not in shown["allowed_actions"]
    everything = json.dumps(shown, ensure_ascii=False)
    assert "محمدی" not in everything
    assert "9121234567" not in everything


async def test_an_sms_of_its_citizen_with_the_code_is_added_to_it(
    database: Database, rules: Rules, people: dict[str, Staff]
) -> None:
    code = await filed(database, rules, complaint())
    accepted = await take_in(database, rules, text_message(f"درباره {code} یک مدرک دیگر هم دارم"))
    assert accepted.tracking_code == code
