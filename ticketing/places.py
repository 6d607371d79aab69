"""Where a ticket stands in a queue, and cursors that say it: what a page or a way through a queue goes on from."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands in a queue: at the moment it is ordered by (none comes last), then by its id."""

    moment: datetime | None
    ticket_id: int

    def written(self) -> str:
        """The place as a cursor for addresses; `read_place` reads it back."""
        moment_us = (self.moment - _EPOCH) // timedelta(microseconds=1) if self.moment else 0
        return base64.urlsafe_b64encode(struct.pack(">qq", moment_us, self.ticket_id)).decode().rstrip("=")


def read_place(cursor: str) -> Place:
    """The place a cursor names. Raises ValueError."""
    raw = base64.b64decode(cursor.encode("ascii") + b"==", altchars=b"-_", validate=True)
    if len(raw) != 16:
        raise ValueError("not a place")
    moment_us, ticket_id = struct.unpack(">qq", raw)
    try:
        return Place(_EPOCH + timedelta(microseconds=moment_us) if moment_us else None, ticket_id)
    except OverflowError:
        raise ValueError("not a moment") from None
