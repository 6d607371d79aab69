"""Events: append-only, numbered within their ticket, each hash taken over the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

GENESIS = b""
MARKS: Final = frozenset({"warned", "late"})
"""What a clock notes by itself: nothing that anybody must know of before they act on the ticket."""
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def chain_hash(previous: bytes, ticket_id: int, number: int, at: datetime, kind: str, actor: str, data: Any) -> bytes:
    """SHA-256 over the previous hash and everything the event says, in one canonical form."""
    said = _canonical([ticket_id, number, at.isoformat(), kind, actor, data])
    return hashlib.sha256(previous + said.encode()).digest()


def broken_at(rows: Iterable[Mapping[str, Any]]) -> int | None:
    """The number of the first event of a ticket (rows in order) that does not follow, or None when all do."""
    previous, expected = GENESIS, 1
    for row in rows:
        said = (row["ticket_id"], row["number"], row["at"], row["kind"], row["actor"], row["data"])
        if row["number"] != expected or row["hash"] != chain_hash(previous, *said):
            return expected
        previous, expected = row["hash"], expected + 1
    return None
