"""The deadline explained: which clock, since when, what its passing does."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import staging
from tests.support.staging import NOW, a_ticket, act, hire, member, put
from ticketing.database import Database
from ticketing.desk import get_ticket
from ticketing.states import State
from ticketing.waiting import Passing, clock_of


@pytest.mark.parametrize(
    ("timer", "passing"),
    [
        ("missing_reminder", Passing(reminds=True)),
        ("missing_close", Passing(closes="unreachable")),
        ("self_regulation", Passing(waits_for="dispatcher")),
        ("satisfied", Passing(waits_for="dispatcher")),
    ],
)
def test_a_timers_passing_is_what_its_move_does(timer: str, passing: Passing, tmp_path: Path) -> None:
    rules = staging.shipped_rules(tmp_path)
    clock = clock_of(rules, a_ticket(rules, State(1, "citizen", timer=timer)))
    assert clock is not None
    assert (clock.name, clock.passing) == (timer, passing)


def test_no_clock_runs(tmp_path: Path) -> None:
    rules = staging.shipped_rules(tmp_path)
    for state in (State(7, None, "closed", "verdict"), State(1, "operator")):
        assert clock_of(rules, a_ticket(rules, state)) is None


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
        "lasting": "2d",
        "is_rest": False,
        "law": rules.deadlines.laws["ours"],
        "off": [],
        "passing": asdict(Passing()),
    }
    assert seen["heard_by"] == ["sms"]
    assert seen["suggestion"]["because"] == "category"
