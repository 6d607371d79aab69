"""What staff are expected to do next where a detail of the filing says so: who asks for a meeting is offered a time."""

from __future__ import annotations

import pytest

from gateway.web.desk.ticket_outlook import expected_action
from ticketing.procedure_files import load_procedures
from ticketing.states import State

REQUEST = load_procedures()["request"]


@pytest.mark.parametrize(("kind", "action"), [("meeting", "offer"), ("suggestion", "answer"), (None, "answer")])
def test_a_meeting_is_offered_a_time_and_the_rest_is_answered(kind: str | None, action: str) -> None:
    number = REQUEST.step("reviewed").number
    ticket = {
        "status": "open",
        "step": "reviewed",
        "waiting_for": "service_clerk",
        "accepted_at": None,
        "allowed_actions": REQUEST.allowed("service_clerk", State(number, "service_clerk")),
        "facts": {"details": {"kind": kind} if kind else {}},
        "timeline": [],
    }
    assert expected_action(REQUEST, ticket) == action
