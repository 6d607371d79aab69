"""The figures of /metrics that come from the database and the loops, refreshed now and then; no personal data in them.

Figures of the database are of all gateways that share it: each shows the same ones.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge
from sqlalchemy import func, select

from gateway.loops.supervisor import Supervisor
from sms.dispatcher import Dispatcher
from sms.outbox import fetch_backlog
from ticketing.database import Database
from ticketing.tables import reports


class Figures:
    """Keeps the figures in `registry`; `pass_once` brings them up to date."""

    def __init__(
        self, registry: CollectorRegistry, database: Database, dispatcher: Dispatcher, supervisor: Supervisor
    ) -> None:
        self._database, self._dispatcher, self._supervisor = database, dispatcher, supervisor
        self._last_report: int | None = None
        self._sends_seen: dict[tuple[str, str], int] = {}
        self._reports = Counter(
            "gateway_reports", "Reports stored since this gateway started", ("channel",), registry=registry
        )
        self._sends = Counter("gateway_sends", "How sends ended", ("medium", "outcome"), registry=registry)
        self._notices = Gauge("gateway_notices", "Notices not finished", ("medium", "state"), registry=registry)
        self._paused = Gauge("gateway_dispatcher_paused", "1 while it does not send", ("medium",), registry=registry)
        self._failing = Gauge("gateway_loop_failures", "Failures in a row", ("loop",), registry=registry)
        self._set_aside = Gauge("gateway_reports_unread", "Stored or quarantined", ("state",), registry=registry)
        backlog = Gauge("gateway_writer_backlog", "Units of work waiting for their commit", registry=registry)
        backlog.set_function(lambda: database.writer.backlog)

    async def pass_once(self) -> bool:
        """Count anew. False: it waits its time."""
        await self._count_notices()
        await self._count_reports()
        for loop in self._supervisor.loops:
            self._failing.labels(loop.name).set(loop.failures)
        self._paused.clear()
        for medium in self._dispatcher.paused():
            self._paused.labels(medium).set(1)
        for key, count in self._dispatcher.counts.items():
            self._sends.labels(*key).inc(count - self._sends_seen.get(key, 0))
            self._sends_seen[key] = count
        return False

    async def _count_notices(self) -> None:
        backlog = await fetch_backlog(self._database.read)
        self._notices.clear()
        for part in backlog:
            self._notices.labels(part.medium, part.state).set(part.count)

    async def _count_reports(self) -> None:
        unread = select(reports.c.state, func.count().label("n")).group_by(reports.c.state)
        self._set_aside.clear()
        for row in await self._database.read(unread.where(reports.c.state.in_(("stored", "quarantined")))):
            self._set_aside.labels(row["state"]).set(row["n"])
        newest = (await self._database.read(select(func.max(reports.c.id).label("id"))))[0]["id"] or 0
        if self._last_report is not None and newest > self._last_report:
            new = (reports.c.id > self._last_report) & (reports.c.id <= newest)
            by_channel = select(reports.c.channel, func.count().label("n")).where(new).group_by(reports.c.channel)
            for row in await self._database.read(by_channel):
                self._reports.labels(row["channel"]).inc(row["n"])
        self._last_report = newest
