"""Drops citizens' unfinished reports from disk when their time is over, whether or not anybody begins a new one."""

from __future__ import annotations

import structlog

from gateway.config import Settings
from gateway.drafts import drafts_at
from sms.clock import Clock
from ticketing.vault import Vault

log = structlog.get_logger()


class DraftsSweep:
    """One pass drops what is over. Several gateways on one folder do no harm to each other."""

    def __init__(self, settings: Settings, vault: Vault, clock: Clock) -> None:
        self._settings, self._vault, self._clock = settings, vault, clock

    async def pass_once(self) -> bool:
        """Sweep once. False: it waits its time. Raises `Unavailable` where the disk does not let it."""
        dropped = await drafts_at(self._settings, self._vault, self._clock.now()).sweep()
        if dropped:
            log.info("drafts of citizens dropped", files=dropped)
        return False
