"""Clocks of staff: warned of before their end, stopped while the citizen is asked, and gone on with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.reports import ROOT
from tests.support.staging import NOW, a_ticket, act, hire, member, put, today
from ticketing import assigning, desk
from ticketing.clocks import wait
from ticketing.database import Database
from ticketing.days_off import Corrections
from ticketing.errors import Conflict
from ticketing.lengths import parse_length
from ticketing.procedure_files import load_procedure
from ticketing.remaining import read_remaining, remaining
from ticketing.rules import Rules
from ticketing.sweep import sweep
from ticketing.ticket import Ticket, save
from ticketing.working_time import WorkingTime

EVALUATOR = member("evaluator", phone="+989351112233")
CALENDAR = WorkingTime(corrections=Corrections())
ASKS = """
[actions.query]
title = { fa = "پرسش", en = "Ask" }
roles = ["evaluator"]
from = ["registered"]
waiting_for = ["evaluator"]
then = [{ waits_for = "citizen", timer = "missing_close" }]

[actions.told]
title = { fa = "پاسخ", en = "Told" }
roles = ["operator"]
from = ["registered"]
waiting_for = ["citizen"]
then = [{ waits_for = "evaluator", term = "evaluate" }]
"""


def evaluated(rules: Rules, at: datetime = NOW) -> Ticket:
    """A ticket whose evaluator's time begins at `at`."""
    ticket = a_ticket(rules, opened_at=at)
    wait(rules, ticket, at, waits_for="evaluator", timer=None, term="evaluate")
    return ticket


async def seen(database: Database, rules: Rules, ticket: Ticket, at: datetime) -> dict[str, Any]:
    return await desk.get_ticket(database, rules, EVALUATOR, ticket.code, at)


async def test_who_has_a_ticket_is_warned_once_before_its_term_ends(database: Database, rules: Rules) -> None:
    await hire(database, rules.vault, EVALUATOR)
    ticket, nobodys = evaluated(rules), evaluated(rules)
    await put(database, rules, ticket, nobodys)
    await assigning.take(database, rules, EVALUATOR, ticket.code, NOW)
    at = NOW + timedelta(days=2)  # of three, one before the end
    assert await sweep(database, rules, at - timedelta(seconds=1)) == 0
    assert [await sweep(database, rules, at) for _ in range(2)] == [2, 0]
    warned, marked = [await seen(database, rules, each, at) for each in (ticket, nobodys)]
    assert [(each["kind"], each["to"][-4:]) for each in warned["replies"]] == [("staff", "2233")]
    assert "۱۴۰۵/۰۹/۰۳" in warned["replies"][0]["text"]
    assert (warned["warned"], warned["assignee"], marked["warned"], marked["replies"]) == (True, "evaluator", True, [])
    assert await sweep(database, rules, NOW + timedelta(days=3)) == 2
    after = await seen(database, rules, ticket, at)
    assert ([each["kind"] for each in after["timeline"]][-2:], len(after["replies"])) == (["warned", "late"], 1)


async def test_a_form_is_not_out_of_date_by_a_clocks_marks(database: Database, rules: Rules) -> None:
    ticket = evaluated(rules)
    await put(database, rules, ticket)
    form = (await seen(database, rules, ticket, NOW))["version"]
    for days in (2, 3):  # warned of the term's end, and late
        assert await sweep(database, rules, NOW + timedelta(days=days)) == 1
    late = await today(database, rules, ticket)
    at = NOW + timedelta(days=3)
    assert (late.version, late.last_event, late.late_at) == (form, 3, at)
    moved = await act(database, rules, EVALUATOR, ticket, "evaluate", at, version=form, route="inspection")
    assert moved["version"] == form + 1


async def test_a_clocks_mark_never_blends_with_another_change(database: Database, rules: Rules) -> None:
    ticket = evaluated(rules)
    await put(database, rules, ticket)
    read = await today(database, rules, ticket)
    await sweep(database, rules, NOW + timedelta(days=2))
    with pytest.raises(Conflict, match="stale_version"):
        await database.write(lambda tx: save(tx, rules.vault, read, NOW))


@pytest.fixture
def asking(rules: Rules, tmp_path: Path) -> Rules:
    """Rules under which evaluators may ask the citizen, and their time stands still meanwhile."""
    shipped = (ROOT / "ticketing" / "procedures" / "consumer.toml").read_text(encoding="utf-8")
    assert "evaluate = {}" in shipped
    path = tmp_path / "asking.toml"
    path.write_text(shipped.replace("evaluate = {}", "evaluate = { pauses = true }") + ASKS, encoding="utf-8")
    return replace(rules, procedures={"consumer": load_procedure(path)})


@pytest.mark.parametrize(
    ("length", "due"),
    [
        ("3d", "2026-12-03T09:30+03:30"),  # two days and two hours were left on Sunday, as the citizen was asked
        ("3wd", "2026-12-05T16:00+03:30"),  # two working days, Monday and Tuesday, are Wednesday and Saturday
        ("20wh", "2026-12-02T14:00+03:30"),  # 4:30 worked on Saturday and 1:30 on Sunday: fourteen hours are left
    ],
)
async def test_a_pausing_term_goes_on_with_what_was_left(
    database: Database, asking: Rules, length: str, due: str
) -> None:
    calendar = replace(asking.deadlines, overruled={"evaluate": parse_length(length)})
    rules = replace(asking, deadlines=calendar)
    ticket, operator = evaluated(rules), member("operator")
    await put(database, rules, ticket)
    asked, answered = NOW + timedelta(hours=22), datetime(2026, 12, 1, 4, tzinfo=UTC)  # Sunday 9:30, Tuesday week 7:30
    standing = await act(database, rules, EVALUATOR, ticket, "query", asked)
    assert (standing["waiting_for"], standing["late_at"]) == ("citizen", None)
    back = await act(database, rules, operator, ticket, "told", answered)
    assert datetime.fromisoformat(back["due_at"]) == datetime.fromisoformat(due)
    assert [each["kind"] for each in back["timeline"]][-4:] == ["query", "paused", "told", "resumed"]
    assert back["timeline"][-1]["data"]["left"] == back["timeline"][-3]["data"]["left"]
    rings_at = (await today(database, rules, ticket)).rings_at
    assert rings_at == datetime.fromisoformat(due) - timedelta(days=1)  # to warn of the end it has now


async def test_a_term_that_does_not_pause_starts_anew(database: Database, asking: Rules) -> None:
    plain = asking.procedures["consumer"]
    terms = {name: rule.model_copy(update={"pauses": False}) for name, rule in plain.terms.items()}
    rules = replace(asking, procedures={"consumer": plain.model_copy(update={"terms": terms})})
    ticket = evaluated(rules)
    await put(database, rules, ticket)
    await act(database, rules, EVALUATOR, ticket, "query", NOW + timedelta(days=1))
    back = await act(database, rules, member("operator"), ticket, "told", NOW + timedelta(days=2))
    assert back["due_at"] == (NOW + timedelta(days=5)).isoformat()


@pytest.mark.parametrize(
    ("lasting", "at", "left", "again", "due"),
    [
        # Asked on the last day: back on a Friday it ends with Saturday's work, back on a morning with that day's.
        ("2wd", "2026-11-24T10:00", "0wd", "2026-11-27T10:00", "2026-11-28T16:00"),
        ("2wd", "2026-11-24T10:00", "0wd", "2026-11-28T10:00", "2026-11-28T16:00"),
        ("2wd", "2026-11-24T10:00", "0wd", "2026-11-28T17:00", "2026-11-29T16:00"),
        ("16wh", "2026-11-24T10:00", "21600ws", "2026-11-28T10:00", "2026-11-28T16:00"),
        ("3h", "2026-11-24T17:00", "-3600s", "2026-11-28T10:00", "2026-11-28T09:00"),  # over before, over after
    ],
)
def test_what_is_left_of_a_term(lasting: str, at: str, left: str, again: str, due: str) -> None:
    stopped, gone_on, ends = (datetime.fromisoformat(f"{each}+03:30") for each in (at, again, due))
    found = remaining(lasting, stopped, datetime.fromisoformat("2026-11-24T16:00+03:30"), CALENDAR)
    assert str(found) == left
    assert read_remaining(left).after(gone_on, CALENDAR) == ends
