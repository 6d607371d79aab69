"""`gateway replay`: all stored reports through today's normalizer; what would change, and, if asked, it is kept."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from gateway.app import require_schema
from gateway.clock import SystemClock
from gateway.commands.command import Command, CommandError, Say
from gateway.config import Settings
from gateway.overriding import apply_overrides
from gateway.progress import Progress
from gateway.replay.applying import keep
from gateway.replay.printing import in_json, in_lines
from gateway.replay.stored_reports import Span, count, look_through, lookers
from gateway.replay.tally import Page, Tally
from gateway.rules import build_rules
from normalizer.day import TEHRAN, parse_day
from sms.digits import is_ascii_number
from ticketing.database import Database
from ticketing.rules import Rules
from ticketing.tables import tickets
from ticketing.understood import FIELDS
from ticketing.vault import load_vault

_MOST: Final = 1_000_000
_WORTH_A_PROCESS: Final = 2_000
_KEPT: Final = ("reports", "tickets", "left")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be looked at, how, and what is to be shown of it."""

    span: Span = field(default_factory=Span)
    page: Page = field(default_factory=Page)
    jobs: int | None = None
    apply: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found, the codes of the tickets on the page, and what was kept (None where nothing was to be)."""

    tally: Tally
    codes: Mapping[int, str]
    kept: Mapping[str, int] | None


async def replay(settings: Settings, asked: Asked) -> Outcome:
    """Look through the stored reports. Raises `ConfigError`, `VaultError`, `Unavailable`."""
    await require_schema(settings)
    rules = build_rules(settings, load_vault(settings.security.keys_file))
    async with Database(settings.database.url.get_secret_value()) as database:
        await apply_overrides(settings, rules, database)
        tally, kept = Tally(asked.page), Counter[str]()
        total = await count(database, asked.span)
        progress, jobs = Progress("replay", total), asked.jobs or _worth_starting(total)
        async with lookers(jobs, settings.security.keys_file, settings.understanding.classifiers) as look:
            async for batch in look_through(database, asked.span, look, jobs):
                tally.add(batch)
                if asked.apply:
                    kept += await keep(database, rules, batch.told, SystemClock().now())
                progress.advance(batch.compared + batch.unread)
        progress.end()
        codes = await _codes(database, rules, (looked.ticket_id for looked, _ in tally.shown))
    return Outcome(tally, codes, {name: kept[name] for name in _KEPT} if asked.apply else None)


async def _codes(database: Database, rules: Rules, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = list({each for each in ids if each is not None})
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        some = tickets.c.id.in_(wanted[start : start + 500])
        for row in await database.read(select(tickets.c.id, tickets.c.code).where(some)):
            found[row["id"]] = rules.vault.unseal("tickets.code", row["id"], row["code"])
    return found


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Nothing is written without --apply. Days are Jalali or Gregorian, of Tehran; both ends count."
    parser.add_argument("--since", metavar="DAY", help="only reports that came on that day or later")
    parser.add_argument("--until", metavar="DAY", help="only reports that came on that day or before")
    parser.add_argument("--field", choices=FIELDS, metavar="FIELD", help=f"list only these: {', '.join(FIELDS)}")
    parser.add_argument("--page", type=_at_least_one, default=1, metavar="N", help="which page of differences")
    parser.add_argument("--limit", type=_at_least_one, default=20, metavar="N", help="differences on a page (20)")
    parser.add_argument("--jobs", type=_at_least_one, default=None, metavar="N", help="processes (one a processor)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how the outcome is told")
    parser.add_argument(
        "--apply",
        action="store_true",
        help="keep what is understood today, and set right what only the gateway said of open tickets",
    )


def _at_least_one(text: str) -> int:
    number = int(text) if is_ascii_number(text) else 0
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"should be a number from 1 to {_MOST}")
    return number


def _worth_starting(reports: int) -> int:
    """One process for each processor; fewer where reports are read before another one has started."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, 1 + reports // _WORTH_A_PROCESS)


def _day(name: str, text: str | None) -> date | None:
    day = parse_day(text) if text is not None else None
    if text is not None and day is None:
        raise CommandError(f"--{name}: wrong_date")
    return day


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), TEHRAN) if day is not None else None


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    until = _day("until", arguments.until)
    span = Span(_midnight(_day("since", arguments.since)), _midnight(until + timedelta(days=1) if until else None))
    page = Page(arguments.page, arguments.limit, arguments.field)
    outcome = asyncio.run(replay(settings, Asked(span, page, arguments.jobs, arguments.apply)))
    told = (outcome.tally, outcome.codes, outcome.kept)
    if arguments.format == "json":
        say(json.dumps(in_json(*told), ensure_ascii=False))
        return
    for line in in_lines(*told):
        say(line)


COMMAND = Command(_declare, _run)
