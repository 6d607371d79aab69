"""`make bench-letter`: the dashboard and the letter at ten thousand closed tickets and at a million, on both databases.

Each ticket is about a body of the guild system, one came a minute, and a quarter were rated; the letter is about four
months and about all there are.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from gateway.catalogue import load_catalogue
from gateway.letter_settings import Letter
from gateway.letters.composing import Composer, written
from gateway.migrations import upgrade
from gateway.web.desk.dashboard_measures import measure
from normalizer.day import tehran_day
from tests.bench.queue import Times, run, timed
from tests.bench.queue_filling import fill
from tests.bench.queue_tickets import NOW, rows
from tests.support.reports import shipped_rules
from ticketing.body_register import body_register
from ticketing.database import Database
from ticketing.figures import Scope
from ticketing.measuring_period import Period, read_range
from ticketing.performance_counts import review

_PROCEDURE: Final = "guild_body"
_ENDS: Final = ("upheld", "rejected", "unrelated", "withdrawn")
_LATE_SHARE: Final = 0.1
_EVENTS: Final = (
    (1, "opened", "opened_at", '{"channel": "web"}', "TRUE"),
    (2, "closed", "closed_at", '{"left_s": 60, "waited_for": "responder"}', "TRUE"),
    (3, "rated", "closed_at", '{"rating": 4}', "outcome = 'upheld'"),
)
_ADDING: Final = """
    INSERT INTO events (id, ticket_id, number, at, kind, actor, data, hash)
    SELECT id + {number}, id, {number}, {at}, '{kind}', 'gateway', '{data}', last_hash FROM tickets WHERE {which}
"""
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


async def filled(url: str, count: int) -> None:
    """Put so many closed complaints into a new database, with what happened to them."""
    await upgrade(url)
    names = ("number", "kind", "at", "data", "which")
    more = [_ADDING.format(**dict(zip(names, each, strict=True))) for each in _EVENTS]
    await fill(url, count, complaints, searched=False, more=more)


async def measured(url: str, count: int, times: int) -> dict[str, Times]:
    """How long each takes."""
    rules, everything = shipped_rules(), Period(tehran_day(NOW - timedelta(minutes=count)), tehran_day(NOW))
    composer = Composer(Letter(), rules, load_catalogue())

    async def dashboard(database: Database) -> None:
        found = await measure(Scope(database.read, rules, (), NOW), read_range("1405-08"))
        assert None not in found.results.values()

    async def letter(database: Database, period: Period) -> None:
        written(composer.compose(await review(database.read, rules, _PROCEDURE, period, NOW)))

    async with Database(url) as database:
        return {
            "dashboard, one month": await timed(database, dashboard, times),
            "letter, four months": await timed(database, lambda on: letter(on, _FOUR_MONTHS), times),
            "letter, all of them": await timed(database, lambda on: letter(on, everything), times),
        }


async def _measure(url: str, count: int, times: int) -> dict[str, Times]:
    began = time.perf_counter()
    await filled(url, count)
    print(f"{count:,} tickets: {time.perf_counter() - began:.0f} s", flush=True)
    return await measured(url, count, times)


if __name__ == "__main__":
    run(_measure, __doc__, times=5)
