"""`make bench-letter`: the dashboard and the letter at ten thousand closed tickets and at a million, on both databases.

Each ticket is about a body of the guild system, one came a minute, and a quarter were rated; the letter is about four
months and about all there are.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import text

from gateway.catalogue import load_catalogue
from gateway.letter_settings import Letter
from gateway.letters.composing import Composer, written
from gateway.migrations import upgrade
from gateway.web.desk.dashboard_measures import measure
from normalizer.day import tehran_day
from tests.bench.queue import Times, bench, timed
from tests.bench.queue_filling import fill, settle
from tests.bench.queue_tickets import NOW, rows
from tests.support.database import DIALECTS
from tests.support.reports import shipped_rules
from ticketing.body_register import body_register
from ticketing.database import Database, open_engine
from ticketing.figures import Scope
from ticketing.measuring_period import Period, read_range
from ticketing.performance_counts import review

_PROCEDURE: Final = "guild_body"
_ENDS: Final = ("upheld", "rejected", "unrelated", "withdrawn")
_LATE_SHARE: Final = 0.1
_EVENTS: Final = (("closed", '{"left_s": 60}', "TRUE"), ("rated", '{"rating": 4}', "outcome = 'upheld'"))
_ADDING: Final = """
    INSERT INTO events (id, ticket_id, number, at, kind, actor, data, hash)
    SELECT id + :number, id, :number, closed_at, :kind, 'gateway', CAST(:data AS {json}), last_hash FROM tickets
    WHERE {which}
"""
_JSON: Final = {"sqlite": "TEXT", "postgresql": "JSON"}
_FOUR_MONTHS: Final = read_range("1405-05..1405-08")


def complaints(count: int) -> Iterator[dict[str, Any]]:
    """The rows of `count` closed complaints about bodies, the oldest first; the same ones each time."""
    chance = random.Random(1399)
    bodies = [(body.code, body.organisation) for body in body_register() if body.organisation]
    for row in rows(count):
        addressee, organisation = chance.choice(bodies)
        opened_at = row["opened_at"]
        closed_at = min(opened_at + timedelta(minutes=chance.randint(600, 43_200)), NOW)
        ended = {"step": 4, "status": "closed", "waiting_for": None, "due_at": None, "assignee": None}
        late_at = closed_at - timedelta(hours=1) if chance.random() < _LATE_SHARE else None
        ended |= {"outcome": chance.choice(_ENDS), "closed_at": closed_at, "late_at": late_at}
        about = {"procedure": _PROCEDURE, "addressee": addressee, "organisation": organisation}
        yield {**row, **ended, **about, "province": organisation[:2]}


async def _measure(url: str, count: int, times: int) -> dict[str, Times]:
    await upgrade(url)
    await fill(url, count, complaints)
    engine = open_engine(url, writes=True, pool_size=1)
    async with engine.begin() as connection:
        for number, (kind, data, which) in enumerate(_EVENTS, start=1):
            said = {"number": number, "kind": kind, "data": data}
            await connection.execute(text(_ADDING.format(which=which, json=_JSON[engine.dialect.name])), said)
    await engine.dispose()
    await settle(url)
    rules, everything = shipped_rules(), Period(tehran_day(NOW - timedelta(minutes=count)), tehran_day(NOW))
    composer = Composer(Letter(), rules, load_catalogue())

    async def dashboard(database: Database) -> None:
        measured = await measure(Scope(database.read, rules, (), NOW), read_range("1405-08"))
        assert None not in measured.results.values()

    async def letter(database: Database, period: Period) -> None:
        written(composer.compose(await review(database.read, rules, _PROCEDURE, period, NOW)))

    async with Database(url) as database:
        return {
            "dashboard, one month": await timed(database, dashboard, times),
            "letter, four months": await timed(database, lambda on: letter(on, _FOUR_MONTHS), times),
            "letter, all of them": await timed(database, lambda on: letter(on, everything), times),
        }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[10_000, 1_000_000], help="how many, in turn")
    parser.add_argument("--times", type=int, default=5, help="how often each is made")
    parser.add_argument("--on", nargs="+", default=DIALECTS, choices=DIALECTS, help="which databases")
    given = parser.parse_args()
    asyncio.run(bench(given.tickets, given.times, given.on, _measure))
