"""`gateway demo`: the complaints that the letters of 1399 speak of, made in an empty database through the use cases."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from sqlalchemy import select

from gateway import migrations
from gateway.clock import SystemClock
from gateway.commands.command import Command, CommandError, Say
from gateway.config import Settings
from gateway.demonstration.demonstrate import PASSWORD, require_loopback
from gateway.event_loop import new_loop
from gateway.rules import build_provider, build_rules
from gateway.season.crew import counties_of, hire
from gateway.season.figures import load_figures
from gateway.season.planning import BEGINS, Case, plan
from gateway.season.running import Season, matters_of
from gateway.understanding import use_classifiers
from sms.providers.sandbox import Sandbox
from ticketing.database import Database
from ticketing.measuring_period import midnight
from ticketing.tables import tickets
from ticketing.vault import load_vault

_SEED: Final = 1399
_MANY: Final = 25
"""Organisations with as many complaints have them in three counties, those with fewer in two or one."""
_SEVERAL: Final = 10


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed",
        type=int,
        default=_SEED,
        metavar="N",
        help=f"draws days and words; default: {_SEED}. No figure changes",
    )


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    require_loopback(settings)
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(make_season(settings, arguments.seed, say))


async def make_season(settings: Settings, seed: int, say: Say) -> None:
    """Make it all. Raises `CommandError` where the database has tickets, or texts would leave the house."""
    provider = build_provider(settings, SystemClock())
    if not isinstance(provider, Sandbox):
        raise CommandError("sms.provider: complaints are made up only while texts go to the sandbox")
    use_classifiers(settings.understanding.classifiers)
    url = settings.database.url.get_secret_value()
    await migrations.upgrade(url)
    rules = build_rules(settings, load_vault(settings.security.keys_file))
    random = Random(seed)  # noqa: S311  (days and words, no secrets)
    cases = plan(load_figures(), random)
    async with Database(url) as database:
        if await database.read(select(tickets.c.id).limit(1)):
            raise CommandError("database.url: there are tickets already; an empty database is needed")
        counties = _counties(cases)
        responders = await hire(database, rules, counties, midnight(BEGINS))
        season = Season(database, rules, responders, provider)
        await season.play(matters_of(cases, counties, random))
    _tell(cases, say)


def _counties(cases: Sequence[Case]) -> Mapping[str, Sequence[str]]:
    counts = Counter(case.organisation for case in cases)
    return {code: counties_of(code, 1 + (count >= _SEVERAL) + (count >= _MANY)) for code, count in counts.items()}


def _tell(cases: Sequence[Case], say: Say) -> None:
    closed = sum(case.closed is not None for case in cases)
    say(f"{len(cases)} complaints were made up, {closed} of them answered.")
    say("  the letter of 1399/07/13   gateway letter --period 1399-03-01..1399-07-01 --as-of 1399-07-01")
    say("  the table of 1399/06/19    gateway letter --period 1399-03-14..1399-06-14 --as-of 1399-06-19")
    say(f"  sign in as                 supervisor, liaison-02, at-02-07-chamber …; password of all {PASSWORD}")


COMMAND = Command(_declare, _run)
