"""`gateway train`: learn anew what tells intents and categories apart, from labelled messages, into a file.

If asked, what evaluators settled on is learned too, and said beforehand what that changes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gateway.app import require_schema
from gateway.classifier_training import KNOWN, Examples, Judged, corrections, judge, labelled
from gateway.commands.command import Command, CommandError, Say
from gateway.commands.json_lines import object_of
from gateway.config import Settings
from gateway.progress import Progress
from gateway.rules import build_rules
from normalizer.learning import learn
from ticketing.database import Database
from ticketing.settled import Settled, settled_reports
from ticketing.vault import load_vault


def _lines(paths: Iterable[Path]) -> Iterator[Mapping[str, Any]]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                yield object_of(line)
            except CommandError as error:
                raise CommandError(f"{path}: line {number}: {error}") from None


async def _settled(settings: Settings) -> list[Settled]:
    await require_schema(settings)
    rules = build_rules(settings, load_vault(settings.security.keys_file))
    async with Database(settings.database.url.get_secret_value()) as database:
        return [each async for each in settled_reports(database.read, rules)]


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "A running gateway uses the file that [understanding] classifiers names, from its next start on."
    parser.add_argument(
        "labelled", type=Path, nargs="+", metavar="LABELLED", help="messages with their gold, JSON lines"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write what was learned")
    parser.add_argument(
        "--from-database",
        action="store_true",
        help="add the reports whose category evaluators settled, and say what that changes",
    )
    parser.add_argument("--force", action="store_true", help="write the file even where the corrections make it worse")


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    given, corrected = labelled(_lines(arguments.labelled)), Examples()
    if not all(given.of(name, held=False if arguments.from_database else None) for name in KNOWN):
        raise CommandError("labelled: nothing to learn from")
    progress = Progress("train", len(KNOWN) * (3 if arguments.from_database else 1))
    if arguments.from_database:
        corrected = corrections(asyncio.run(_settled(settings)))
        _refuse_worse(list(_judged(given, corrected, progress)), say, force=arguments.force)
    tables = {}
    for name in KNOWN:
        tables[name] = learn(given.of(name) + corrected.of(name)).to_table()
        progress.advance(1)
    progress.end()
    arguments.out.write_text(json.dumps(tables, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    for name, table in tables.items():
        settled = f", {len(corrected.of(name))} of them settled by people" if arguments.from_database else ""
        taught = len(given.of(name)) + len(corrected.of(name))
        say(f"{name}: {len(table['weights'])} features of {taught} messages{settled}")


def _judged(given: Examples, corrected: Examples, progress: Progress) -> Iterator[Judged]:
    for name in KNOWN:
        yield judge(name, given, corrected)
        progress.advance(2)


def _refuse_worse(judged: list[Judged], say: Say, *, force: bool) -> None:
    for each in judged:
        say(str(each))
    worse = [each.name for each in judged if each.is_worse]
    if worse and not force:
        raise CommandError(f"{', '.join(worse)}: worse with the corrections; nothing was written (--force writes it)")


COMMAND = Command(_declare, _run)
