"""What an evaluator is expected to do after an objection: have it looked at again before deciding the same again."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.web.desk.ticket_outlook import expected_action
from ticketing.procedure_files import load_procedures
from ticketing.states import State

CONSUMER = load_procedures()["consumer"]
NOTHING_FOUND = {"kind": "inspect", "data": {"violation": False}}
CLOSED = {"kind": "closed", "data": {}}
OBJECTED = {"kind": "object", "data": {}}
NOTED = {"kind": "note", "data": {}}


@pytest.mark.parametrize(
    ("step", "happened", "action"),
    [
        pytest.param(2, [CLOSED, OBJECTED], "evaluate", id="a rejected one is evaluated once more"),
        pytest.param(3, [CLOSED, OBJECTED], "investigate", id="a settlement is inspected"),
        pytest.param(5, [NOTHING_FOUND], "no_violation", id="nothing was found"),
        pytest.param(5, [NOTHING_FOUND, CLOSED, OBJECTED, NOTED], "investigate", id="nothing was found, objected to"),
        pytest.param(5, [CLOSED, OBJECTED, NOTHING_FOUND], "no_violation", id="nothing was found a second time"),
        pytest.param(5, [NOTHING_FOUND, CLOSED, OBJECTED, CLOSED, NOTED], "no_violation", id="reopened by staff"),
    ],
)
def test_the_next_action_follows_what_happened_last(step: int, happened: list[dict[str, Any]], action: str) -> None:
    ticket = {
        "status": "open",
        "step": CONSUMER.step(step).code,
        "waiting_for": "evaluator",
        "accepted_at": None,
        "allowed_actions": CONSUMER.allowed("evaluator", State(step, "evaluator")),
        "timeline": happened,
    }
    assert expected_action(CONSUMER, ticket) == action
