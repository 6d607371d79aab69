"""What follows from an outcome: one pure rule from (notice, outcome, time) to the row as it will stand.

Only here is it decided who is tried again, when, and when it is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sms.outcome import Outcome, SendOutcome
from sms.sender import OutgoingNotice
from sms.state import State


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice in the hands of one sender call, and how it has fared so far."""

    outgoing: OutgoingNotice
    attempts: int
    asks: int
    created_at: datetime
    sent_at: datetime | None
    prefix_index: bytes | None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often. A first retry comes within 60 s (CONTRACT: settings)."""

    first_retry_s: float = 5.0
    longest_retry_s: float = 900.0
    give_up_after: timedelta = timedelta(hours=48)
    tries_at_least: int = 10
    """However old a notice is (the account may have been paused for days), it is tried this often."""
    fruitless_asks: int = 3

    def back_off(self, failures: int, spread: float) -> timedelta:
        """The wait after `failures` earlier ones; `spread` in 0…1 moves it by up to a fifth, so that a crowd parts."""
        wait_s = min(self.first_retry_s * 2 ** min(failures, 16), self.longest_retry_s)
        return timedelta(seconds=wait_s * (0.8 + 0.4 * spread))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The rule, with what it needs to know: the sender's code, how patient to be, and a source of spread."""

    provider: str
    resend_when_unknown: bool
    patience: Patience
    spread: Callable[[], float]

    def after_sending(self, notice: Claimed, outcome: SendOutcome, now: datetime) -> dict[str, Any]:
        """The row after its sender was asked to carry it."""
        match outcome.outcome:
            case Outcome.ACCEPTED:
                return self._taken(notice, outcome, notice.sent_at or now, now)
            case Outcome.REFUSED:
                return _row(notice, State.FAILED, outcome, now, finished_at=now)
            case Outcome.PAUSED:
                return _row(notice, State.PENDING, outcome, now)
            case Outcome.AMBIGUOUS:
                wait = self.patience.back_off(0, self.spread())
                changes = {"attempts": notice.attempts + 1, "asks": 0, "sent_at": notice.sent_at or now}
                return _row(notice, State.AMBIGUOUS, outcome, now + wait, **changes)
            case Outcome.RETRY:
                return self._again(notice, outcome, now)

    def after_asking(self, notice: Claimed, outcome: SendOutcome, now: datetime) -> dict[str, Any]:
        """The row of an ambiguous notice after its sender was asked what became of it."""
        match outcome.outcome:
            case Outcome.ACCEPTED:
                return self._taken(notice, outcome, notice.sent_at or now, now)
            case Outcome.REFUSED:
                return _row(notice, State.FAILED, outcome, now, finished_at=now)
            case Outcome.PAUSED:
                return _row(notice, State.AMBIGUOUS, outcome, now)
            case Outcome.RETRY:
                return self._resent(notice, outcome, now)
            case Outcome.AMBIGUOUS if notice.asks + 1 < self.patience.fruitless_asks:
                wait = self.patience.back_off(notice.asks + 1, self.spread())
                return _row(notice, State.AMBIGUOUS, outcome, now + wait, asks=notice.asks + 1)
            case Outcome.AMBIGUOUS if self.resend_when_unknown:
                return self._resent(notice, outcome, now)
            case Outcome.AMBIGUOUS:
                return _row(
                    notice, State.FAILED, SendOutcome(Outcome.AMBIGUOUS, reason="unknown"), now, finished_at=now
                )

    def _taken(self, notice: Claimed, outcome: SendOutcome, sent_at: datetime, now: datetime) -> dict[str, Any]:
        state = State(outcome.receipt) if outcome.receipt else State.ACCEPTED
        finished_at = now if outcome.receipt else None
        named = {"provider": self.provider, "provider_id": outcome.provider_id}
        return _row(notice, state, outcome, now, sent_at=sent_at, finished_at=finished_at, **named)

    def _again(self, notice: Claimed, outcome: SendOutcome, now: datetime) -> dict[str, Any]:
        attempts = notice.attempts + 1
        if self._is_enough(attempts, notice, now):
            return _row(notice, State.FAILED, outcome, now, attempts=attempts, finished_at=now, reason="gave_up")
        wait = self.patience.back_off(notice.attempts, self.spread())
        if outcome.retry_after_s is not None:
            wait = max(timedelta(seconds=outcome.retry_after_s), timedelta())
        return _row(notice, State.PENDING, outcome, now + wait, attempts=attempts)

    def _resent(self, notice: Claimed, outcome: SendOutcome, now: datetime) -> dict[str, Any]:
        """Back into the queue at once: the ambiguous send already waited, and already counted as an attempt."""
        if self._is_enough(notice.attempts, notice, now):
            return _row(notice, State.FAILED, outcome, now, finished_at=now, reason="gave_up")
        return _row(notice, State.PENDING, outcome, now, asks=0)

    def _is_enough(self, attempts: int, notice: Claimed, now: datetime) -> bool:
        return attempts >= self.patience.tries_at_least and now - notice.created_at >= self.patience.give_up_after


def _row(notice: Claimed, state: State, outcome: SendOutcome, due_at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "notice_id": notice.outgoing.id,
        "state": state,
        "reason": outcome.reason[:64],
        "due_at": due_at,
        "attempts": notice.attempts,
        "asks": notice.asks,
        "sent_at": notice.sent_at,
        "finished_at": None,
        "provider": None,
        "provider_id": None,
        "prefix_index": notice.prefix_index,
        **changes,
    }
