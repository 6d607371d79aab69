"""Calls at the telephone exchange as it reports them: ringing, answered, hung up. Kept in memory, the newest only."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Moment = Literal["ring", "answer", "hangup"]
MOMENTS: Final[tuple[Moment, ...]] = ("ring", "answer", "hangup")
_MOST_CALLS: Final = 1_000
_PROGRESS: Final = {moment: place for place, moment in enumerate(MOMENTS)}


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One report of the exchange. `caller` is E.164, or None for a hidden or foreign number."""

    call_id: str
    moment: Moment
    extension: str
    caller: str | None
    at: datetime


class CallBoard:
    """The last word on each recent call; reports may come twice or late, and a call never goes back."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, CallEvent] = OrderedDict()

    def take(self, event: CallEvent) -> bool:
        """Note a report. False where it says nothing new."""
        known = self._calls.get(event.call_id)
        if known is not None and _PROGRESS[known.moment] >= _PROGRESS[event.moment]:
            return False
        self._calls[event.call_id] = event
        self._calls.move_to_end(event.call_id)
        if len(self._calls) > _MOST_CALLS:
            self._calls.popitem(last=False)
        return True

    def find(self, call_id: str) -> CallEvent | None:
        """The last report of a call, or None."""
        return self._calls.get(call_id)
