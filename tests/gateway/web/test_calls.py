"""The board of calls: a call rings at several desks, is answered at one, and never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.web.calls import CallBoard, CallEvent, Moment

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def event(moment: Moment, extension: str = "201", call_id: str = "c1", *, minutes: int = 0, **more: str) -> CallEvent:
    return CallEvent(call_id, moment, extension, more.get("caller"), AT + timedelta(minutes=minutes))


def said(board: CallBoard, *events: CallEvent) -> list[tuple[str, str]]:
    return [(each.extension, each.moment) for one in events for each in board.take(one)]


def test_answer_ends_the_ringing_at_other_desks() -> None:
    rung = [event("ring", "201"), event("ring", "202"), event("answer", "202")]
    assert said(CallBoard(), *rung) == [("201", "ring"), ("202", "ring"), ("202", "answer"), ("201", "hangup")]


def test_call_handed_on_rings_at_the_next_desk() -> None:
    handed_on = [event("answer", "201"), event("ring", "202"), event("answer", "202"), event("hangup", "202")]
    told = [("201", "answer"), ("202", "ring"), ("202", "answer"), ("202", "hangup"), ("201", "hangup")]
    assert said(CallBoard(), *handed_on) == told


def test_late_and_repeated_reports_say_nothing_new() -> None:
    late = [event("answer"), event("ring"), event("answer"), event("hangup"), event("hangup")]
    assert said(CallBoard(), *late) == [("201", "answer"), ("201", "hangup")]


def test_answer_keeps_the_caller_of_the_ring() -> None:
    board = CallBoard()
    board.take(event("ring", caller="+989121234567"))
    (answered,) = board.take(event("answer", minutes=1))
    assert (answered.caller, answered.answered_at) == ("+989121234567", AT + timedelta(minutes=1))


def test_call_now_is_the_newest_that_is_not_over() -> None:
    board = CallBoard()
    for each in (event("answer", call_id="old"), event("ring", call_id="new"), event("ring", call_id="gone")):
        board.take(each)
    board.take(event("hangup", call_id="gone"))
    now = board.now_at("201", AT)
    assert now is not None
    assert now.call_id == "new"
    assert board.now_at("202", AT) is None
    assert board.now_at("201", AT + timedelta(hours=3)) is None


def test_only_the_newest_calls_are_kept() -> None:
    board = CallBoard()
    for number in range(1_001):
        board.take(event("ring", call_id=str(number)))
    assert board.find("0") is None
    assert board.find("1000") is not None
