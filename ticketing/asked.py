"""Who asks a use case for something, when, and, where it came with a key, by which: then it is done only once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ticketing.database import Database
from ticketing.idempotency import Keyed, once
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.writer import Work


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, when, and, where it came with a key, by which."""

    rules: Rules
    staff: Staff
    at: datetime
    key: Keyed | None = None

    async def once(self, database: Database, work: Work[dict[str, Any]]) -> dict[str, Any]:
        """What `work` answers, done once for this key. Raises `KeyReused`, and as `work`."""
        return await once(database, self.rules.vault, self.key, self.at, work)
