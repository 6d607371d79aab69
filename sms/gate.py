"""A gate for each account: shut for a while when the account cannot send or the provider is down, so that no
notice burns its tries on a closed door; then one notice is let through to see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

from sms.outcome import Outcome, SendOutcome

_FAILURES_TO_SHUT = 5
_PAUSE_S = (30.0, 300.0)
"""A paused account (credit, key): first and longest wait. Someone has to act, and should not wait long after."""
_OUTAGE_S = (10.0, 60.0)
"""A provider that fails: first and longest wait. At most 60 s, so that every notice is tried again within that."""


class Passage(Enum):
    """How many notices may pass now."""

    OPEN = auto()
    ONE = auto()
    SHUT = auto()


class Gate:
    """Learns from outcomes. `reason` is empty while it is open."""

    def __init__(self) -> None:
        self._open()

    def _open(self) -> None:
        self.reason = ""
        self._shut_until: datetime | None = None
        self._wait_s = 0.0
        self._failures = 0

    def passage(self, now: datetime) -> Passage:
        """What may pass at `now`."""
        if self._shut_until is None:
            return Passage.OPEN
        return Passage.SHUT if now < self._shut_until else Passage.ONE

    def learn(self, outcomes: Sequence[SendOutcome], now: datetime) -> None:
        """Take in what became of one call's notices of this account."""
        paused = next((outcome for outcome in outcomes if outcome.outcome is Outcome.PAUSED), None)
        if paused is not None:
            self._shut(paused.reason or "paused", _PAUSE_S, now)
        elif any(outcome.outcome in (Outcome.ACCEPTED, Outcome.REFUSED) for outcome in outcomes):
            self._open()
        elif outcomes:
            self._failures += 1
            if self._failures >= _FAILURES_TO_SHUT or self._shut_until is not None:
                self._shut(outcomes[0].reason or "unavailable", _OUTAGE_S, now)

    def _shut(self, reason: str, wait_s: tuple[float, float], now: datetime) -> None:
        first, longest = wait_s
        self._wait_s = min(max(first, self._wait_s * 2), longest)
        self._shut_until = now + timedelta(seconds=self._wait_s)
        self.reason = reason
