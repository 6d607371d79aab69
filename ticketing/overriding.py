"""Settings an administrator has changed: kept in the database, in place of config.toml's, under a version.

It knows sections and JSON values only; what a section may hold is for those to check who are asked inside the change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select, update

from ticketing.database import Database
from ticketing.desk_tables import overrides
from ticketing.errors import Conflict
from ticketing.staff import Staff
from ticketing.tables import staff
from ticketing.transaction import LookUp, UnitTransaction

log = structlog.get_logger()
TEXTS, ROUTING = "texts", "routing"


@dataclass(frozen=True, slots=True)
class Override:
    """What stands in a section, since when, by whom (a username); `version` climbs with each change."""

    value: Mapping[str, Any]
    version: int
    at: datetime
    by: str


async def fetch_overrides(database: Database) -> dict[str, Override]:
    """Every section that was changed. Raises `Unavailable`."""
    rows = await database.read(select(overrides, staff.c.username).join(staff, staff.c.id == overrides.c.updated_by))
    return {row["section"]: Override(row["value"], row["version"], row["updated_at"], row["username"]) for row in rows}


async def fetch_versions(database: Database) -> dict[str, int]:
    """The version of every section that was changed, to notice another process's changes cheaply."""
    rows = await database.read(select(overrides.c.section, overrides.c.version))
    return {row["section"]: row["version"] for row in rows}


async def change_override(
    database: Database,
    section: str,
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    member: Staff,
    at: datetime,
) -> None:
    """Put what `change` makes of the section's value ({} where there is none) in its place; the same is no change.

    `change` may run twice and raises what it does not accept, which is raised here; nothing is changed then. Raises
    `Conflict` where another process changed the section at this moment.
    """

    async def work(tx: UnitTransaction) -> None:
        rows = await tx.find(LookUp(overrides, ("section",), (section,)))
        before = rows[0]["value"] if rows else {}
        value = dict(change(before))
        if value == before:
            return
        kept = {"value": value, "updated_at": at, "updated_by": member.id}
        if not rows:
            tx.add(overrides, {"section": section, "version": 1, **kept})
            return
        known = rows[0]["version"]
        mine = (overrides.c.section == section) & (overrides.c.version == known)
        done = await tx.execute(update(overrides).where(mine).values(version=known + 1, **kept))
        if done.rowcount != 1:
            raise Conflict("stale_version")

    await database.write(work)
    log.info("a setting was overridden", section=section, by=member.username)
