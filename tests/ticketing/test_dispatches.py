"""An inspector's dispatches: theirs alone, only while they wait for a visit, what is due first at the head."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.support.staging import NOW, a_ticket, act, hire, member, put, shipped_rules
from ticketing.database import Database
from ticketing.dispatches import list_dispatches
from ticketing.states import State


async def test_dispatches_are_the_inspectors_own_by_due_time(database: Database, tmp_path: Path) -> None:
    rules = shipped_rules(tmp_path)
    mine, other = member("inspector"), member("inspector", username="other")
    await hire(database, rules.vault, mine, other)
    later = a_ticket(rules, State(4, "inspector"), inspector=mine.id, due_at=NOW + timedelta(days=3))
    sooner = a_ticket(rules, State(4, "inspector"), inspector=mine.id, due_at=NOW - timedelta(hours=1))
    undated = a_ticket(rules, State(4, "inspector"), inspector=mine.id)
    reported = a_ticket(rules, State(5, "evaluator"), inspector=mine.id)
    closed = a_ticket(rules, State(4, None, "closed", "withdrawn"), inspector=mine.id)
    others = a_ticket(rules, State(4, "inspector"), inspector=other.id)
    await put(database, rules, later, undated, sooner, reported, closed, others)
    found = await list_dispatches(database, rules, mine, NOW)
    assert [each["tracking_code"] for each in found] == [sooner.code, later.code, undated.code]
    assert [each["overdue"] for each in found] == [True, False, False]


async def test_dispatch_tells_where_to_go_and_nobody_who_complained(database: Database, tmp_path: Path) -> None:
    rules = shipped_rules(tmp_path)
    mine = member("inspector")
    await hire(database, rules.vault, mine)
    ticket = a_ticket(
        rules, State(4, "inspector"), inspector=mine.id, business_address="بازار، پلاک ۵", lat=35.7, lon=51.4
    )
    await put(database, rules, ticket)
    [found] = await list_dispatches(database, rules, mine, NOW)
    assert found["business"]["address"] == "بازار، پلاک ۵"
    assert (found["place"]["lat"], found["place"]["lon"]) == (35.7, 51.4)
    assert "زهرا" not in repr(found)


async def test_accepting_is_told_and_declining_takes_it_off_the_list(database: Database, tmp_path: Path) -> None:
    rules = shipped_rules(tmp_path)
    mine = member("inspector")
    await hire(database, rules.vault, mine)
    ticket = a_ticket(rules, State(4, "inspector"), inspector=mine.id)
    await put(database, rules, ticket)
    await act(database, rules, mine, ticket, "accept")
    [found] = await list_dispatches(database, rules, mine, NOW)
    assert found["accepted_at"] == NOW.isoformat()
    await act(database, rules, mine, ticket, "decline", reason="در مرخصی هستم")
    assert await list_dispatches(database, rules, mine, NOW) == []
