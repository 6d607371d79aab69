"""What is thrown away once its term has passed, and when: by a loop of the gateway, or by whoever calls it.

Only what is named in `Terms` is ever thrown away; everything else is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from ticketing.database import Database
from ticketing.sign_ins import drop_old

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each thing is kept, from the moment it was written down."""

    sign_ins: timedelta


async def throw_away(database: Database, terms: Terms, at: datetime) -> Mapping[str, int]:
    """Throw away what is past its term at `at`: how many of each. Again finds nothing. Raises `Unavailable`."""
    dropped = {"sign_ins": await drop_old(database, at - terms.sign_ins)}
    if any(dropped.values()):
        log.info("thrown away past their term", **dropped)
    return dropped
