"""A unit of work that finds its ticket saved by another process in between: it looks again, and does what it can then.

Whoever named the version they saw and finds another is told so, with today's ticket, and nothing is tried again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from ticketing.database import Database
from ticketing.errors import Conflict
from ticketing.transaction import LookUp
from ticketing.writer import Work

T = TypeVar("T")
_LOOKS: Final = 5


async def retried(database: Database, work: Work[T], look_ups: Sequence[LookUp] = ()) -> T:
    """What `work` returns, on the ticket as it is now. Raises as `work`; `stale_version` only where it never rests."""
    for _ in range(_LOOKS - 1):
        try:
            return await database.write(work, look_ups)
        except Conflict as conflict:
            if conflict.code != "stale_version" or conflict.ticket is not None:
                raise
    return await database.write(work, look_ups)
