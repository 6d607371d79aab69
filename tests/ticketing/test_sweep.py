"""Clocks of silence: what each does, once, however often and by however many the sweep is run."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from sms.tables import notices
from tests.support.staging import NOW, a_ticket, act, hire, member, put, today, told
from ticketing import desk
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.sweep import sweep
from ticketing.ticket import Identity, Ticket

SUPERVISOR = member("supervisor")
INCOMPLETE = State(1, "citizen", timer="missing_reminder")
WITH_THE_UNION = State(3, "self_regulator", timer="self_regulation")


async def seen(database: Database, rules: Rules, ticket: Ticket, at: datetime = NOW) -> dict[str, Any]:
    return await desk.get_ticket(database, rules, SUPERVISOR, ticket.code, at)


async def test_silence_about_missing_facts_gets_one_reminder_then_closes(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules, INCOMPLETE, category=None, missing=["category"])
    await put(database, rules, ticket)
    assert await sweep(database, rules, NOW + timedelta(hours=23)) == 0
    at = NOW + timedelta(hours=24)
    assert await sweep(database, rules, at) == 1
    assert await sweep(database, rules, at) == 0
    reminded = await seen(database, rules, ticket, at)
    assert told(reminded) == [("question", None)]
    assert "گران‌فروشی" in reminded["notices"][0]["text"]
    assert (reminded["status"], reminded["waiting_for"]) == ("open", "citizen")
    assert await sweep(database, rules, at + timedelta(hours=71)) == 0
    assert await sweep(database, rules, at + timedelta(hours=72)) == 1
    closed = await seen(database, rules, ticket)
    assert (closed["outcome"], told(closed)) == ("unreachable", [("question", None), ("close", None)])
    assert await sweep(database, rules, at + timedelta(days=300)) == 0


async def test_a_citizen_without_any_address_is_not_reminded_but_closed(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules, INCOMPLETE, category=None, missing=["category"], anonymous=True, identity=Identity())
    await put(database, rules, ticket)
    assert await sweep(database, rules, NOW + timedelta(days=2)) == 1
    assert await sweep(database, rules, NOW + timedelta(days=9)) == 1
    closed = await seen(database, rules, ticket)
    assert (closed["outcome"], closed["notices"]) == ("unreachable", [])


async def test_two_tickets_of_one_phone_are_reminded_without_two_open_questions(
    database: Database, rules: Rules
) -> None:
    staged = [a_ticket(rules, INCOMPLETE, category=None, missing=["category"]) for _ in range(2)]
    await put(database, rules, *staged)
    assert await sweep(database, rules, NOW + timedelta(hours=24)) == 2
    texts = [(await seen(database, rules, each))["notices"][0]["text"] for each in staged]
    assert ["گران‌فروشی" in text for text in texts] == [True, False]


async def test_silence_to_satisfied_counts_as_no(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules, WITH_THE_UNION, body="")
    officer = member("self_regulator")
    await put(database, rules, ticket)
    await act(database, rules, officer, ticket, "settle", result="settled")
    at = NOW + timedelta(hours=72)
    assert await sweep(database, rules, at - timedelta(seconds=1)) == 0
    assert await sweep(database, rules, at) == 1
    after = await seen(database, rules, ticket)
    assert (after["waiting_for"], after["step_number"], after["status"]) == ("dispatcher", 3, "open")
    assert after["timeline"][-1] | {"at": "", "number": 0} == {
        "number": 0,
        "at": "",
        "kind": "answer",
        "actor": "gateway",
        "data": {"satisfied": False},
    }
    assert await sweep(database, rules, at) == 0


async def test_a_self_regulation_term_that_passes_goes_to_the_dispatcher(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules, WITH_THE_UNION)
    await put(database, rules, ticket)
    assert await sweep(database, rules, NOW + timedelta(days=10)) == 1
    after = await seen(database, rules, ticket)
    assert (after["waiting_for"], after["step_number"], told(after)) == ("dispatcher", 3, [])
    assert after["due_at"] == (NOW + timedelta(days=12)).isoformat()


async def test_a_plain_term_that_passes_is_noted_once_and_moves_nothing(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules, due_at=NOW)
    await put(database, rules, ticket)
    assert await sweep(database, rules, NOW + timedelta(days=99)) == 1
    assert await sweep(database, rules, NOW + timedelta(days=100)) == 0
    after = await seen(database, rules, ticket, NOW + timedelta(days=99))
    assert (after["overdue"], after["late_at"], after["waiting_for"]) == (True, NOW.isoformat(), "evaluator")
    assert [event["kind"] for event in after["timeline"]] == ["opened", "late"]


async def test_staffs_timer_that_passes_makes_them_late_a_citizens_does_not(database: Database, rules: Rules) -> None:
    union, citizen = a_ticket(rules, WITH_THE_UNION), a_ticket(rules, INCOMPLETE, missing=["category"])
    await put(database, rules, union, citizen)
    at = NOW + timedelta(days=10)
    await sweep(database, rules, at)
    late = await seen(database, rules, union, at)
    assert [event["kind"] for event in late["timeline"]] == ["opened", "late", "silence"]
    assert (late["late_at"], late["waiting_for"]) == (at.isoformat(), "dispatcher")
    assert (await seen(database, rules, citizen, at))["late_at"] is None


async def test_whoever_acts_after_the_term_is_late_though_no_sweep_came(database: Database, rules: Rules) -> None:
    ticket, evaluator = a_ticket(rules, due_at=NOW), member("evaluator")
    await put(database, rules, ticket)
    after = await act(database, rules, evaluator, ticket, "evaluate", NOW + timedelta(minutes=1), route="inspection")
    assert after["late_at"] == NOW.isoformat()
    assert "late" in [event["kind"] for event in after["timeline"]]


async def test_sweeps_of_several_processes_do_everything_once(
    database: Database, database_url: str, rules: Rules, dialect: str
) -> None:
    silent = [a_ticket(rules, INCOMPLETE, category=None, missing=["category"]) for _ in range(75)]
    staged = [*silent, *(a_ticket(rules, WITH_THE_UNION) for _ in range(75))]
    await put(database, rules, *staged)
    at = NOW + timedelta(days=10)
    async with AsyncExitStack() as stack:
        more = 2 if dialect == "postgresql" else 0  # SQLite has one process
        others = [await stack.enter_async_context(Database(database_url)) for _ in range(more)]
        done = await asyncio.gather(*(sweep(each, rules, at) for each in (database, database, *others)))
    assert sum(done) == 150
    assert {(await today(database, rules, each)).version for each in staged} == {2}
    reminders = await database.read(select(notices.c.ticket_id))
    assert sorted(row["ticket_id"] for row in reminders) == sorted(each.id for each in silent)


async def test_one_ticket_that_cannot_be_moved_does_not_hold_up_the_rest(database: Database, rules: Rules) -> None:
    broken = a_ticket(rules, WITH_THE_UNION, timer="no_such_clock", due_at=NOW)
    fine = a_ticket(rules, WITH_THE_UNION)
    await put(database, rules, broken, fine)
    await hire(database, rules.vault, SUPERVISOR)
    assert await sweep(database, rules, NOW + timedelta(days=11)) == 1
    assert (await today(database, rules, fine)).waiting_for == "dispatcher"
    assert (await today(database, rules, broken)).waiting_for == "self_regulator"
