"""Staff's actions and what each does: one ticket's way through all seven steps, and every way beside it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from normalizer.tracking_code import find_codes
from tests.support.staging import NOW, PHONE, a_ticket, act, close, errors_of, hire, member, put, today, told
from ticketing import desk
from ticketing.attachments import StoredFile
from ticketing.database import Database
from ticketing.deadlines import due_on
from ticketing.errors import Forbidden, NotFound
from ticketing.events import broken_at
from ticketing.routing import Routing
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.tables import events
from ticketing.ticket import Identity

VERDICT = {"text": "جریمه شد", "number": "۱۲", "date": "1405-08-29", "fine_rial": 5_000_000}


async def test_one_ticket_through_all_steps_tells_seven_texts_once_and_in_order(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules, State(1, "citizen", timer="missing_reminder"), category=None, missing=["category"])
    await put(database, rules, ticket)

    async def does(role: str, action: str, **body: Any) -> dict[str, Any]:
        return await act(database, rules, crew[role], ticket, action, **body)

    await does("operator", "complete", category="overcharging")
    await does("evaluator", "evaluate", route="self_regulation", body="asnaf-thr")
    await does("self_regulator", "settle", result="refused")
    await does("dispatcher", "dispatch", inspector="inspector")
    await does("inspector", "accept")
    await does("inspector", "inspect", violation=True, finding="گران فروخته", amount_rial=900_000, lat=35.7, lon=51.4)
    await does("evaluator", "refer")
    end = await does("penalties_clerk", "verdict", **VERDICT)

    assert told(end) == [("step", 2), ("step", 3), ("step", 4), ("dispatch", None), *(("step", n) for n in (5, 6, 7))]
    assert [find_codes(notice["text"]) for notice in end["notices"]] == [(ticket.code,)] * 7
    assert {notice["to"] for notice in end["notices"] if notice["kind"] == "dispatch"} == {"+98935***2233"}
    assert (end["step"], end["step_number"], end["status"], end["outcome"]) == ("verdict", 7, "closed", "verdict")
    assert (end["waiting_for"], end["due_on"], end["allowed_actions"]) == (None, None, ["note", "reveal"])
    assert end["case_number"] == "1405-000001"
    kinds = [event["kind"] for event in end["timeline"]]
    assert [kind for kind in kinds if kind not in ("step", "opened", "closed")] == [
        *("complete", "evaluate", "settle", "dispatch", "accept", "inspect", "refer", "verdict")
    ]
    finding = next(event for event in end["timeline"] if event["kind"] == "inspect")
    assert finding["data"] | {"said": None} == {
        "violation": True,
        "finding": "گران فروخته",
        "amount_rial": 900_000,
        "lat": 35.7,
        "lon": 51.4,
        "said": None,
    }
    rows = await database.read(select(events).where(events.c.ticket_id == ticket.id).order_by(events.c.number))
    assert broken_at(rows) is None
    assert "گران" not in repr([row["data"] for row in rows])


@pytest.mark.parametrize(("satisfied", "outcome", "waits"), [(True, "settled", None), (False, None, "dispatcher")])
async def test_a_settled_ticket_asks_the_citizen_and_the_operator_may_answer_for_them(
    database: Database, rules: Rules, crew: dict[str, Staff], satisfied: bool, outcome: str | None, waits: str | None
) -> None:
    ticket = a_ticket(rules, State(3, "self_regulator", timer="self_regulation"), body="")
    await put(database, rules, ticket)
    asked = await act(database, rules, crew["self_regulator"], ticket, "settle", result="settled")
    assert told(asked) == [("question", None)]
    assert (asked["waiting_for"], asked["due_on"]) == ("citizen", str(due_on(NOW + timedelta(hours=72))))
    answered = await act(database, rules, crew["operator"], ticket, "answer", satisfied=satisfied)
    assert (answered["outcome"], answered["waiting_for"]) == (outcome, waits)
    assert told(answered) == [("question", None)] + ([("close", None)] if satisfied else [])


async def test_a_declined_dispatch_texts_the_next_inspector_and_the_citizen_no_second_time(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    other = member("inspector", username="other", phone="+989361112233")
    away = member("inspector", "01", username="away", phone="+989371112233")
    await hire(database, rules.vault, other, away)
    ticket = a_ticket(rules, State(2, "dispatcher"))
    await put(database, rules, ticket)
    dispatch = {"database": database, "rules": rules, "staff": crew["dispatcher"], "ticket": ticket}
    assert await errors_of(act(**dispatch, action="dispatch", inspector="away")) == {"inspector": "no_such_inspector"}
    assert await errors_of(act(**dispatch, action="dispatch", inspector="operator")) == {
        "inspector": "no_such_inspector"
    }
    await act(**dispatch, action="dispatch", inspector="inspector")
    declined = await act(database, rules, crew["inspector"], ticket, "decline", reason="مرخصی هستم")
    assert (declined["step_number"], declined["waiting_for"], declined["inspector"]) == (4, "dispatcher", None)
    assert declined["allowed_actions"] == []
    with pytest.raises(NotFound):
        await desk.get_ticket(database, rules, crew["inspector"], ticket.code, NOW)
    again = await act(**dispatch, action="dispatch", inspector="other")
    assert told(again) == [("step", 4), ("dispatch", None), ("dispatch", None)]
    assert again["notices"][-1]["to"] == "+98936***2233"
    assert again["inspector"] == "other"


async def test_inspect_implies_accept_and_keeps_its_files(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules, State(4, "inspector"), inspector=crew["inspector"].id)
    await put(database, rules, ticket)
    photo = StoredFile("a" * 64, 5, "photo.jpg", "image/jpeg")
    report = {"violation": False, "finding": "تخلفی نبود"}
    seen = await act(database, rules, crew["inspector"], ticket, "inspect", files=[photo], **report)
    assert seen["accepted_at"] == NOW.isoformat()
    assert [(each["origin"], each["name"]) for each in seen["attachments"]] == [("inspector", "photo.jpg")]
    refused = act(database, rules, crew["evaluator"], ticket, "refer", files=[photo])
    assert await errors_of(refused) == {"files": "not_allowed"}


async def test_note_takes_files_of_whoever_writes_it_also_on_a_closed_ticket(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules, State(4, "inspector"), inspector=crew["inspector"].id)
    await put(database, rules, ticket)
    await close(database, rules, ticket, "withdrawn")
    photo, scan = (StoredFile(each * 64, 5, f"{each}.jpg", "image/jpeg") for each in "ab")
    await act(database, rules, crew["inspector"], ticket, "note", files=[photo], text="پیش از لغو گرفته شد")
    seen = await act(database, rules, crew["evaluator"], ticket, "note", files=[scan])
    assert [(each["origin"], each["sha256"]) for each in seen["attachments"]] == [
        ("inspector", photo.sha256),
        ("staff", scan.sha256),
    ]
    assert [event["data"]["files"] for event in seen["timeline"] if event["kind"] == "note"] == [1, 1]
    assert (seen["status"], seen["outcome"]) == ("closed", "withdrawn")


async def test_a_dispatch_that_falls_away_is_cancelled_to_the_inspector(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules, State(4, "inspector"), inspector=crew["inspector"].id)
    await put(database, rules, ticket)
    seen = await act(database, rules, crew["evaluator"], ticket, "withdraw")
    assert told(seen) == [("dispatch", None), ("close", None)]
    back = await act(database, rules, crew["supervisor"], ticket, "reopen")
    assert told(back)[2:] == [("dispatch", None)]
    assert (back["waiting_for"], back["step_number"]) == ("inspector", 4)


async def test_revealing_shows_identity_once_and_leaves_an_event_with_its_reason(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules, filed_by=crew["operator"].id, identity=Identity(name="زهرا محمدی", phone=PHONE))
    await put(database, rules, ticket)
    masked = {"name": "ز***", "national_id": None, "phone": "+98912***4567", "email": None}
    seen = await act(database, rules, crew["operator"], ticket, "reveal", reason="تماس با شاکی")
    assert (seen["identity"]["name"], seen["identity"]["phone"]) == ("زهرا محمدی", PHONE)
    assert seen["facts"]["identity"] == masked
    assert seen["timeline"][-1]["actor"] == "operator"
    assert seen["timeline"][-1]["data"] == {"reason": "تماس با شاکی"}
    assert "identity" not in await desk.get_ticket(database, rules, crew["operator"], ticket.code, NOW)
    with pytest.raises(Forbidden):
        await act(database, rules, member("operator", username="o2"), ticket, "reveal", reason="کنجکاوی")


async def test_completing_takes_facts_settles_the_place_and_asks_for_what_is_left(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    waiting = State(1, "citizen", timer="missing_reminder")
    lacking = {"organisation": "", "province": None, "business_name": None, "missing": ["business", "place"]}
    ticket = a_ticket(rules, waiting, filed_by=crew["operator"].id, **lacking)
    await put(database, rules, ticket)
    half = await act(database, rules, crew["operator"], ticket, "complete", business={"name": "نان سحر"})
    assert (half["step_number"], half["missing"], told(half)) == (1, ["place"], [("question", None)])
    whole = await act(
        database,
        rules,
        crew["operator"],
        ticket,
        "complete",
        place={"province": "08", "county": "جیرفت"},
        name="علی",
        phone="02188776655",
        business={"phone": "09121112233"},
    )
    assert (whole["step_number"], whole["missing"], whole["organisation"]) == (2, [], "08S")
    assert whole["facts"]["business"]["phone"] == "+989121112233"
    assert "علی" not in repr(whole["timeline"])
    assert (await today(database, rules, ticket)).identity == Identity(
        name="علی", phone=PHONE, landline="+982188776655"
    )


async def test_an_anonymous_ticket_takes_no_identity(database: Database, rules: Rules, crew: dict[str, Staff]) -> None:
    waiting = State(1, "citizen", timer="missing_reminder")
    ticket = a_ticket(rules, waiting, anonymous=True, identity=Identity(), category=None, missing=["category"])
    await put(database, rules, ticket)
    refused = act(database, rules, crew["operator"], ticket, "complete", name="علی", category="fraud")
    assert await errors_of(refused) == {"name": "anonymous"}


async def test_an_automatic_rule_evaluates_at_registration_and_skipped_steps_say_nothing(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    written = [
        {"category": "hoarding", "route": "inspection", "automatic": True},
        {"category": "contraband", "route": "penalties", "automatic": True},
        {"category": "fraud", "route": "self_regulation", "body": "asnaf", "automatic": True},
    ]
    ruled = replace(rules, routing=Routing.from_settings(written, rules.procedures.values()))
    expected = {"hoarding": (2, "dispatcher"), "contraband": (6, "penalties_clerk"), "fraud": (3, "self_regulator")}
    for category, (step, waits) in expected.items():
        ticket = a_ticket(ruled, State(1, "citizen", timer="missing_reminder"), category=None, missing=["category"])
        await put(database, ruled, ticket)
        seen = await act(database, ruled, crew["evaluator"], ticket, "complete", category=category)
        assert (seen["step_number"], seen["waiting_for"]) == (step, waits)
        assert told(seen) == [("step", each) for each in sorted({2, step})]
        by_rule = [event for event in seen["timeline"] if event["actor"] == "rule" and event["kind"] == "evaluate"]
        assert len(by_rule) == 1
        assert by_rule[0]["data"]["because"].startswith("rule ")


async def test_case_numbers_count_up_within_the_jalali_year(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    staged = [a_ticket(rules, State(5, "evaluator")) for _ in range(5)]
    await put(database, rules, *staged)
    seen = await asyncio.gather(*(act(database, rules, crew["evaluator"], each, "refer") for each in staged))
    assert sorted(each["case_number"] for each in seen) == [f"1405-{number:06d}" for number in range(1, 6)]


async def test_a_transferred_ticket_leaves_its_old_body_and_keeps_where_it_came_from(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules, State(3, "self_regulator", timer="self_regulation"), body="asnaf-thr")
    await put(database, rules, ticket)
    gone = await act(database, rules, crew["evaluator"], ticket, "transfer", organisation="01", note="محل در رشت است")
    assert (gone["organisation"], gone["allowed_actions"], gone["body"]) == ("01", [], None)
    assert gone["timeline"][-1]["data"] == {"organisation": "01", "from": "23", "note": "محل در رشت است"}
    there = member("self_regulator", "01")
    assert (await desk.get_ticket(database, rules, there, ticket.code, NOW))["tracking_code"] == ticket.code


async def test_a_reopened_ticket_gets_back_the_time_it_had_left(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules, State(5, "evaluator"), due_at=NOW + timedelta(days=2))
    await put(database, rules, ticket)
    await close(database, rules, ticket, "withdrawn", NOW + timedelta(days=1))
    back = await act(database, rules, crew["evaluator"], ticket, "reopen", at=NOW + timedelta(days=30))
    assert (back["status"], back["outcome"], back["waiting_for"]) == ("open", None, "evaluator")
    assert back["due_at"] == (NOW + timedelta(days=31)).isoformat()


async def test_a_ticket_reopened_while_it_waited_for_the_citizen_asks_again(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules, State(3, "self_regulator", timer="self_regulation"), body="")
    await put(database, rules, ticket)
    await act(database, rules, crew["self_regulator"], ticket, "settle", result="settled")
    await act(database, rules, crew["operator"], ticket, "answer", satisfied=True)
    later = NOW + timedelta(days=5)
    back = await act(database, rules, crew["evaluator"], ticket, "reopen", at=later)
    assert told(back) == [("question", None), ("close", None), ("question", None)]
    assert back["due_at"] == (later + timedelta(hours=72)).isoformat()
    assert (await act(database, rules, crew["operator"], ticket, "answer", satisfied=True))["outcome"] == "settled"
