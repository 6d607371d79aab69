"""Calls at the telephone exchange as it reports them: ringing, answered, hung up. Kept in memory, the newest only.

A call may ring at several desks and be handed on, so it is known by its id and extension together.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

Moment = Literal["ring", "answer", "hangup"]
MOMENTS: Final[tuple[Moment, ...]] = ("ring", "answer", "hangup")
_MOST_CALLS: Final = 1_000
_LONGEST: Final = timedelta(hours=2)
"""A call nobody saw the end of is over by then."""
_PROGRESS: Final = {moment: place for place, moment in enumerate(MOMENTS)}


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One report of the exchange. `caller` is E.164, or None for a hidden or foreign number."""

    call_id: str
    moment: Moment
    extension: str
    caller: str | None
    at: datetime
    answered_at: datetime | None = None


class CallBoard:
    """The last word on each recent call; reports may come twice or late, and a call never goes back."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, dict[str, CallEvent]] = OrderedDict()

    def take(self, event: CallEvent) -> Sequence[CallEvent]:
        """Note a report and return what is new by it: nothing for an old one, else the event as it is known now.

        An answer also ends the ringing at other desks, a hang-up the whole call.
        """
        call = self._calls.get(event.call_id, {})
        known = call.get(event.extension)
        if known is not None and _PROGRESS[known.moment] >= _PROGRESS[event.moment]:
            return ()
        self._calls[event.call_id] = call
        self._calls.move_to_end(event.call_id)
        if len(self._calls) > _MOST_CALLS:
            self._calls.popitem(last=False)
        over = [_ended(each, event) for each in call.values() if _ends(event, each)]
        call |= {each.extension: each for each in over}
        call.pop(event.extension, None)
        call[event.extension] = _with_what_was_known(event, known)
        return (call[event.extension], *over)

    def find(self, call_id: str) -> CallEvent | None:
        """The last report of a call, or None."""
        return next(reversed(self._calls.get(call_id, {}).values()), None)

    def now_at(self, extension: str, at: datetime) -> CallEvent | None:
        """The newest call that rings or is spoken at this extension, or None."""
        for call in reversed(self._calls.values()):
            event = call.get(extension)
            if event is not None and event.moment != "hangup" and event.at > at - _LONGEST:
                return event
        return None


def _ends(event: CallEvent, other: CallEvent) -> bool:
    if other.extension == event.extension or other.moment == "hangup":
        return False
    return event.moment == "hangup" or (event.moment == "answer" and other.moment == "ring")


def _ended(other: CallEvent, event: CallEvent) -> CallEvent:
    return replace(other, moment="hangup", at=event.at)


def _with_what_was_known(event: CallEvent, known: CallEvent | None) -> CallEvent:
    """An answer often says less than the ring before it did."""
    answered_at = event.at if event.moment == "answer" else known.answered_at if known else None
    return replace(event, caller=event.caller or (known.caller if known else None), answered_at=answered_at)
