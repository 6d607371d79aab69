"""The campaign: start, load, kill -9, start again …; then let it come to rest and count."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import Select, func, select

from sms.tables import notices
from tests.crash.citizens import SECRET, Citizens, Ledger, Where
from tests.support.fakes.kavenegar import FakeKavenegar
from tests.support.process import GatewayProcess, run_gateway
from ticketing.database import Database
from ticketing.events import broken_at
from ticketing.tables import events, reports, tickets
from ticketing.ticket import ticket_from
from ticketing.vault import load_vault


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found when all had come to rest. Only `acknowledged`, `sent_again` and `texts_sent` may be above 0."""

    kills: int
    acknowledged: int
    sent_again: int
    texts_sent: int
    lost: int
    doubled_tickets: int
    doubled_texts: int
    missing_texts: int
    broken_chains: int

    @property
    def clean(self) -> bool:
        """True where nothing was lost and nothing doubled."""
        found = (self.lost, self.doubled_tickets, self.doubled_texts, self.missing_texts, self.broken_chains)
        return self.acknowledged > 0 and not any(found)


async def run_campaign(
    folder: Path, *, kills: int, seed: int, database_url: str = "", tell: Callable[[str], None] = lambda _: None
) -> Verdict:
    """Kill the gateway `kills` times under load on three channels and say what became of it all."""
    dice = random.Random(seed)
    where = Where()
    async with FakeKavenegar() as provider, aiohttp.ClientSession() as session:
        settings = settings_for(provider, database_url)
        (folder / "config.toml").write_text("[http]\nport = 0\n[channels.email]\nport = 0\n", encoding="utf-8")
        code, _, problem = await run_gateway(folder, "migrate", settings=settings)
        assert code == 0, problem
        citizens = Citizens(where, session)
        crowd = asyncio.create_task(citizens.crowd(web=8, texting=4, mailing=2))
        for kill in range(1, kills + 1):
            gateway = await _start(folder, settings, where)
            await asyncio.sleep(dice.uniform(0.2, 1.5))  # how long it lives is the experiment
            where.up.clear()
            await gateway.kill()
            tell(f"kill {kill}: {citizens.ledger.acknowledged} acknowledged")
        gateway = await _start(folder, settings, where)
        citizens.leave()
        await crowd
        await _at_rest(gateway, folder, settings)
        assert await gateway.stop(signal.SIGTERM) == 0
        return await _verdict(folder, settings, citizens.ledger, provider, kills)


async def _start(folder: Path, settings: dict[str, str], where: Where) -> GatewayProcess:
    gateway = await GatewayProcess.start(folder, settings=settings)
    where.url, where.smtp_port = gateway.url, gateway.smtp_port
    where.up.set()
    return gateway


def settings_for(provider: FakeKavenegar, database_url: str = "") -> dict[str, str]:
    """The settings that join a gateway of its own process to the provider, hooks on, budgets off."""
    chosen = {
        "sms.provider": "kavenegar",
        "sms.kavenegar.api_key": provider.api_key,
        "sms.kavenegar.base_url": provider.url,
        "sms.kavenegar.sender": "30001240",
        "channels.sms.secret": SECRET,
        "security.reports_per_minute": "0",
        "security.sms_per_prefix_per_hour": "0",
    }
    return chosen | ({"database.url": database_url} if database_url else {})


def _database(folder: Path, settings: dict[str, str]) -> Database:
    return Database(settings.get("database.url") or f"sqlite+aiosqlite:///{folder}/var/gateway.db")


async def _at_rest(gateway: GatewayProcess, folder: Path, settings: dict[str, str]) -> None:
    """Until no mail is unread and every text has gone; what a killed sender held is asked about first."""
    unread = select(func.count().label("n")).select_from(reports).where(reports.c.state == "stored")
    waiting = ("pending", "sending", "ambiguous")
    unsent = select(func.count().label("n")).where(notices.c.medium == "sms", notices.c.state.in_(waiting))
    async with _database(folder, settings) as database, asyncio.timeout(300):
        while True:
            left = [(await database.read(each))[0]["n"] for each in (unread, unsent)]
            if not any(left):
                return
            assert gateway.process.returncode is None, gateway.log[-2000:]
            await asyncio.sleep(0.2)  # the gateway is another process: there is nothing to wait on but its rows


async def _verdict(
    folder: Path, settings: dict[str, str], ledger: Ledger, provider: FakeKavenegar, kills: int
) -> Verdict:
    vault = load_vault(folder / "var" / "keys")
    async with _database(folder, settings) as database:
        kept = Counter((row["channel"], row["ticket_id"]) for row in await database.read(_ticketed()))
        codes = {ticket_from(vault, row).code: row["id"] for row in await database.read(select(tickets))}
        said = await database.read(select(notices).where(notices.c.kind == "step", notices.c.medium == "sms"))
        chains = await database.read(select(events).order_by(events.c.ticket_id, events.c.number))
    by_channel = Counter(channel for channel, _ in kept)
    lost = sum(code not in codes for code in ledger.web.values())
    lost += max(0, len(ledger.texts) - by_channel["sms"]) + max(0, len(ledger.mails) - by_channel["email"])
    doubled = sum(count - 1 for count in kept.values()) + max(0, len(codes) - ledger.acknowledged)
    steps = Counter((row["ticket_id"], row["step"]) for row in said)
    sent = Counter((each.receptor, each.message) for each in provider.messages.values())
    return Verdict(
        kills=kills,
        acknowledged=ledger.acknowledged,
        sent_again=ledger.sent_again,
        texts_sent=len(provider.messages),
        lost=lost,
        doubled_tickets=doubled,
        doubled_texts=sum(n - 1 for n in provider.really_sent.values()) + sum(n - 1 for n in sent.values()),
        missing_texts=sum(steps[ticket_id, step] != 1 for ticket_id in codes.values() for step in (1, 2)),
        broken_chains=_broken(chains),
    )


def _ticketed() -> Select[Any]:
    return select(reports.c.channel, reports.c.ticket_id).where(reports.c.state == "ticketed")


def _broken(rows: Sequence[Mapping[str, Any]]) -> int:
    by_ticket: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_ticket.setdefault(row["ticket_id"], []).append(row)
    return sum(broken_at(chain) is not None for chain in by_ticket.values())
