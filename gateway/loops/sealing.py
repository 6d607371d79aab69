"""Seals what lies in the clear: attachments that were stored before attachments were sealed."""

from __future__ import annotations

import structlog

from gateway.loops.leadership import Leadership
from ticketing.attachments import AttachmentStore

log = structlog.get_logger()
_TASK = "sealing"
_AT_ONCE = 100


class Sealing:
    """One pass seals a batch of them."""

    def __init__(self, files: AttachmentStore, leadership: Leadership) -> None:
        self._files, self._leadership = files, leadership

    async def pass_once(self) -> bool:
        """Seal some; True where there may be more."""
        if not await self._leadership.holds(_TASK):
            return False
        sealed = await self._files.seal_the_rest(_AT_ONCE)
        if sealed:
            log.info("attachments sealed", count=sealed)
        return sealed == _AT_ONCE
