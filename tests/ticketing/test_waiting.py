"""The deadline explained: which clock, since when, what its passing does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import staging
from tests.support.staging import NOW, a_ticket, act, hire, member, put
from ticketing.database import Database
from ticketing.desk import get_ticket
from ticketing.procedure_files import load_procedures
from ticketing.states import State
from ticketing.waiting import Passing, clock_of

CONSUMER = load_procedures()["consumer"]


@pytest.mark.parametrize(
    ("state", "name", "passing"),
    [
        (State(1, "citizen", timer="missing_reminder"), "missing_reminder", Passing(reminds=True)),
        (State(1, "citizen", timer="missing_close"), "missing_close", Passing(closes="unreachable")),
        (State(2, "evaluator"), "evaluate", Passing()),
        (State(2, "dispatcher"), "dispatch", Passing()),
        (State(3, "self_regulator", timer="self_regulation"), "self_regulation", Passing(waits_for="dispatcher")),
        (State(3, "citizen", timer="satisfied"), "satisfied", Passing(waits_for="dispatcher")),
        (State(4, "inspector"), "inspect", Passing()),
        (State(6, "penalties_clerk"), "verdict", Passing()),
    ],
)
def test_every_waiting_has_its_clock(state: State, name: str, passing: Passing) -> None:
    clock = clock_of(CONSUMER, state, ())
    assert clock is not None
    assert (clock.name, clock.passing) == (name, passing)


@pytest.mark.parametrize(("kind", "name"), [("inspect", "decide"), ("object", "evaluate")])
def test_an_evaluators_clock_is_the_one_that_what_happened_set(kind: str, name: str) -> None:
    happened = [{"kind": kind, "data": {"violation": False}, "at": NOW}]
    clock = clock_of(CONSUMER, State(5, "evaluator"), happened)
    assert clock is not None
    assert (clock.name, clock.since) == (name, NOW)


@pytest.mark.parametrize("state", [State(7, None, "closed", "verdict"), State(1, "operator")])
def test_no_clock_runs(state: State) -> None:
    assert clock_of(CONSUMER, state, ()) is None


async def test_clock_counts_from_the_move_that_set_it(database: Database, tmp_path: Path) -> None:
    rules = staging.shipped_rules(tmp_path)
    evaluator, dispatcher = member("evaluator"), member("dispatcher")
    await hire(database, rules.vault, evaluator, dispatcher)
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    moved = NOW + timedelta(hours=3)
    await act(database, rules, evaluator, ticket, "evaluate", moved, route="inspection")
    await act(database, rules, dispatcher, ticket, "note", moved + timedelta(hours=1), text="با بازرس هماهنگ شد")
    seen = await get_ticket(database, rules, dispatcher, ticket.code, moved + timedelta(hours=2))
    assert seen["clock"] == {
        "name": "dispatch",
        "since": moved.isoformat(),
        "passing": {"reminds": False, "waits_for": None, "closes": None, "tells_apart": False},
    }
    assert seen["heard_by"] == ["sms"]
    assert seen["suggestion"]["because"] == "category"
