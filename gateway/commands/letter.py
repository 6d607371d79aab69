"""`gateway letter`: the circular about how complaints were answered in a period, or one that was issued, once more."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gateway.app import require_schema
from gateway.catalogue import DEFAULT, LANGUAGES, load_catalogue
from gateway.commands.command import Command, CommandError, Say
from gateway.config import Settings
from gateway.letters.composing import Composer, written
from gateway.letters.page import to_html
from gateway.letters.workbook import to_workbook
from gateway.rules import build_rules
from normalizer.day import parse_day
from ticketing.database import Database
from ticketing.errors import NotFound
from ticketing.letters import get_issued, newest_issued
from ticketing.measuring_period import end_of, read_range
from ticketing.performance import Review, reviewed
from ticketing.performance_counts import review
from ticketing.rules import Rules
from ticketing.vault import load_vault

_FORMATS: Final = ("html", "xlsx", "json")


def _declare(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--period", metavar="FROM..TO", help="Jalali months (1399-03..1399-06) or days, both with it")
    which.add_argument("--number", help="the letter issued under this number, as it was issued")
    parser.add_argument("--format", choices=_FORMATS, default="html", help="default: html")
    parser.add_argument("--as-of", metavar="DAY", help="as it stood at the end of this day; default: now")
    parser.add_argument("--procedure", help="what is complained by; needed only where several are reviewed")
    parser.add_argument("--language", choices=LANGUAGES, default=DEFAULT, help="of html and xlsx; default: fa")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    text = asyncio.run(_letter(settings, arguments))
    if arguments.format == "json":
        _give(text.encode() + b"\n", arguments, say)
    elif arguments.format == "html":
        _give(to_html(json.loads(text), arguments.language).encode() + b"\n", arguments, say)
    else:
        _give(to_workbook(json.loads(text), arguments.language), arguments, say)


def _give(content: bytes, arguments: argparse.Namespace, say: Say) -> None:
    if arguments.out is not None:
        arguments.out.write_bytes(content)
        say(f"{arguments.out} was written.")
    elif arguments.format == "xlsx" and sys.stdout.isatty():
        raise CommandError("a workbook is no text: name a file with --out")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


async def _letter(settings: Settings, arguments: argparse.Namespace) -> str:
    await require_schema(settings)
    rules = build_rules(settings, load_vault(settings.security.keys_file))
    async with Database(settings.database.url.get_secret_value()) as database:
        if arguments.number is not None:
            try:
                return await get_issued(database.read, rules.vault, number=arguments.number)
            except NotFound:
                raise CommandError(f"no letter was issued under the number {arguments.number}") from None
        found = await _review(database, rules, arguments)
        composer = Composer(settings.letter, rules, load_catalogue())
        return written(composer.compose(found, follows=await newest_issued(database.read)))


async def _review(database: Database, rules: Rules, arguments: Any) -> Review:
    try:
        period = read_range(arguments.period)
    except ValueError:
        told = "say 1399-03..1399-06 or 1399-03-01..1399-07-01"
        raise CommandError(f"--period: {arguments.period} is none; {told}") from None
    at = datetime.now(UTC)
    if arguments.as_of is not None:
        day = parse_day(arguments.as_of)
        if day is None or end_of(day) > at:
            raise CommandError(f"--as-of: {arguments.as_of} is no day that has ended")
        at = end_of(day)
    if at <= period.span.since:
        raise CommandError("--period: it has not begun")
    procedures = reviewed(rules)
    procedure = arguments.procedure or procedures[0]
    if procedure not in procedures or (len(procedures) > 1 and arguments.procedure is None):
        raise CommandError(f"--procedure: there are {', '.join(procedures)}")
    return await review(database.read, rules, procedure, period, at)


COMMAND = Command(_declare, _run)
