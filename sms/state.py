"""The states of a notice and their order. A notice waits, is on its way, is taken, and ends; it never climbs down.

pending → sending → accepted → delivered
             │          └────→ failed ──→ delivered (a late receipt is believed)
             ├→ ambiguous → accepted | pending (certainly not taken) | failed
             └→ pending (try again) | failed (refused)
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a notice is; stored and shown by these words."""

    PENDING = "pending"
    SENDING = "sending"
    AMBIGUOUS = "ambiguous"
    ACCEPTED = "accepted"
    FAILED = "failed"
    DELIVERED = "delivered"


UNFINISHED = (State.PENDING, State.SENDING, State.AMBIGUOUS)
"""While a notice is in one of these, the next one of the same ticket waits."""

_RANK = {state: rank for rank, state in enumerate(State)}


def below(state: State) -> tuple[State, ...]:
    """The states a receipt saying `state` may lift a notice from: never its own, never a higher one."""
    return tuple(other for other in State if _RANK[other] < _RANK[state])
