"""Looks at files that were attached, each once: how many pages can be shown, and what codes are on them.

What has no view is noted as such and not tried again, but when somebody opens it where it was no fault of the file's;
only where no process can be started does it wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from gateway.loops.leadership import Leadership
from gateway.loops.supervisor import TryLaterError
from gateway.views.frame import NoView
from gateway.views.viewer import Look, Viewer
from sms.clock import Clock
from ticketing.attachment_looks import note_look, to_look_at
from ticketing.database import Database
from ticketing.rules import Rules

log = structlog.get_logger()
_TASK = "looking"
_AT_ONCE = 10


class Looking:
    """One pass looks at a few files, one after another: staff who wait for a picture are not behind all of them."""

    def __init__(self, database: Database, rules: Rules, viewer: Viewer, leadership: Leadership, clock: Clock) -> None:
        self._database, self._rules, self._viewer = database, rules, viewer
        self._leadership, self._clock = leadership, clock

    async def pass_once(self) -> bool:
        """Look at what is waiting; True where there may be more."""
        if not await self._leadership.holds(_TASK):
            return False
        rows = await to_look_at(self._database, _AT_ONCE)
        for row in rows:
            seen = await self._look(row)
            await note_look(self._database, self._rules, row["id"], seen.pages, seen.codes, self._clock.now())
        return len(rows) == _AT_ONCE

    async def _look(self, row: Mapping[str, Any]) -> Look:
        try:
            return await self._viewer.look(row["sha256"], row["media_type"])
        except NoView as refusal:
            log.info("an attachment has no view", attachment=row["id"], reason=refusal.code)
            return Look(None if refusal.may_pass else 0)
        except OSError as error:
            raise TryLaterError("cannot_draw") from error
