"""The dispatcher keeps the outbox empty: one lane a medium, so that a slow provider of texts holds up no bot.

It takes back what dead processes left in their hands and applies receipts that came too early. It never
sleeps: it waits on the clock or for a nudge.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog
from sqlalchemy import select

from sms.claims import lost, reclaim
from sms.clock import Clock
from sms.follow_up import FollowUp, Patience
from sms.lane import Lane, Surroundings
from sms.limits import Limits
from sms.receipts import apply_parked, forget_parked
from sms.sender import Sender
from sms.store import Index, Store, Transaction, Unseal
from sms.tables import notices, parked_receipts

log = structlog.get_logger()

_LOOK_EVERY_S = 1.0
"""How often a lane looks without being nudged: for what has become due, or another process committed."""
_TEND_EVERY_S = 10.0
_GIVE_WAY_S = 0.25
_SPREAD = secrets.SystemRandom().random


class Dispatcher:
    """Carries notices by medium. `counts` holds how many ended each way, by (medium, outcome), since the start."""

    def __init__(
        self,
        store: Store,
        unseal: Unseal,
        index: Index,
        clock: Clock,
        senders: Mapping[str, Sender],
        *,
        limits: Limits | None = None,
        patience: Patience | None = None,
        spread: Callable[[], float] = _SPREAD,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """`busy` says that somebody waits for the database: reports go first, texts a moment later."""
        self._store, self._clock = store, clock
        self._around = Surroundings(store, unseal, index, clock, limits or Limits())
        self._lanes = [
            Lane(medium, sender, self._rule(sender, patience, spread), self._around)
            for medium, sender in senders.items()
        ]
        self._tend_now = asyncio.Event()
        self._busy = busy
        self._stopping = False
        self._leaving = asyncio.Event()
        self._stopped = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """How many sends and asks ended each way since the start."""
        return self._around.counts

    def nudge(self) -> None:
        """Look again now: something was just committed. Cheap, and safe to call after every commit."""
        for lane in self._lanes:
            lane.wake.set()

    def paused(self) -> dict[str, str]:
        """Why a medium, or one account of it (`bot:7001`), is not sending now; empty while all is well."""
        return {
            f"{lane.medium}:{account}" if account else lane.medium: reason
            for lane in self._lanes
            for account, reason in lane.shut().items()
        }

    async def run(self) -> None:
        """Empty the outbox until `stop`. A database or a sender that fails is waited for, never given up on."""
        await self._survive("recover", self.recover)
        loops = [self._keep(lane.medium, lane.pass_once, lane.wake, _LOOK_EVERY_S, lane.full) for lane in self._lanes]
        loops.append(self._keep("tend", self.tend, self._tend_now, _TEND_EVERY_S, 1))
        self._tasks = [asyncio.create_task(loop, name="outbox") for loop in loops]
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        finally:
            for task in self._tasks:
                task.cancel()
            self._stopped.set()

    async def stop(self, grace_s: float = 5.0) -> None:
        """Take no more, let the calls under way end within `grace_s`, then let go.

        What is let go of stays leased, and is asked about before it is sent again.
        """
        self._stopping = True
        self._leaving.set()
        self._tend_now.set()
        self.nudge()
        if not self._tasks or await self._clock.wait(self._stopped, grace_s):
            return
        for task in self._tasks:
            task.cancel()
        await self._stopped.wait()

    async def drain_once(self) -> int:
        """Tend, then one batch of each medium: how many notices were handled; 0 means that nothing is due."""
        await self.tend()
        return sum([await lane.pass_once() for lane in self._lanes])

    async def drain(self) -> int:
        """Batches until nothing is due; how many notices were handled."""
        handled = 0
        while batch := await self.drain_once():
            handled += batch
        return handled

    async def recover(self) -> int:
        """At the start, take back what a dead process held; on SQLite all of it, for there is only one process."""
        return await self._take_back(everything=self._store.dialect == "sqlite")

    async def tend(self) -> int:
        """Take back leases that ran out, and settle parked receipts. Returns 0: it leaves nothing waiting."""
        await self._take_back(everything=False)
        if await self._store.read(select(parked_receipts.c.id).limit(1)):
            await self._store.write(self._settle_parked)
        return 0

    async def _take_back(self, *, everything: bool) -> int:
        now = self._clock.now()
        which = lost([lane.medium for lane in self._lanes], now, everything=everything)
        if not await self._store.read(select(notices.c.id).where(which).limit(1)):
            return 0
        taken_back = await self._store.write(partial(reclaim, which=which, now=now))
        log.warning("took back notices of a dead sender", notices=taken_back)
        return taken_back

    async def _settle_parked(self, tx: Transaction) -> None:
        now = self._clock.now()
        await apply_parked(tx, now)
        await forget_parked(tx, now)

    async def _keep(
        self, name: str, work: Callable[[], Awaitable[int]], wake: asyncio.Event, every_s: float, full: int
    ) -> None:
        """Work again at once only after a full batch: under load small batches would cost more than they carry."""
        while not self._stopping:
            wake.clear()
            if await self._survive(name, work) < full and not self._stopping:
                await self._clock.wait(wake, every_s)
            elif self._busy():
                await self._clock.wait(self._leaving, _GIVE_WAY_S)

    async def _survive(self, name: str, work: Callable[[], Awaitable[int]]) -> int:
        try:
            return await work()
        except Exception as error:  # the database is away, say: the loop outlives it and looks again
            log.error("outbox stumbled", at=name, error=type(error).__name__)
            return 0

    @staticmethod
    def _rule(sender: Sender, patience: Patience | None, spread: Callable[[], float]) -> FollowUp:
        return FollowUp(sender.code, sender.resend_when_unknown, patience or Patience(), spread)
