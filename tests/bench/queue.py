"""`make bench-queue`: pages of the queue, counts and the search at ten thousand tickets and at a million, beside them.

Each question is asked so often of SQLite and of PostgreSQL on the same tickets. A ratio near one says that the answer
costs the same however many tickets there are.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from gateway.migrations import upgrade
from tests.bench.queue_filling import fill
from tests.bench.queue_tickets import COMMON, EVERY, NOW, RARE, SHOPS
from tests.support.database import DIALECTS
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.reports import shipped_rules
from ticketing import desk, queues
from ticketing.callers import recent_tickets_of_shop
from ticketing.database import Database
from ticketing.staff import Staff
from ticketing.tabs import Asked, first_tab

NATION: Final = Staff(1, "sara", "evaluator")
PROVINCE: Final = Staff(2, "reza", "evaluator", "23")
SUPERVISOR: Final = Staff(3, "boss", "supervisor")
OVERSEER: Final = Staff(5, "zahra", "supervisor", "23")
OPERATOR: Final = Staff(4, "omid", "operator", "23")
_NAME: Final = "queue"
_PHONE: Final = "09120000007"
_MONTH: Final = {"status": "any", "opened_from": "1405-07-01", "opened_to": "1405-07-30"}
Question = Callable[[Database], Awaitable[object]]
Measure = Callable[[str, int, int], Awaitable[Mapping[str, "Times"]]]


class Times(NamedTuple):
    """How long an answer took, in milliseconds."""

    p50: float
    p99: float


def _page(staff: Staff, tab: str, **filters: str) -> Question:
    return lambda database: queues.page_of(database, shipped_rules(), Asked(staff, tab, filters, NOW))


def _counts(staff: Staff, **filters: str) -> Question:
    asked = Asked(staff, first_tab(staff.role), filters, NOW)
    return lambda database: queues.counts_of(database, shipped_rules(), asked)


def _list(staff: Staff, **filters: str) -> Question:
    return lambda database: desk.list_tickets(database, shipped_rules(), staff, filters, NOW)


def _search(staff: Staff, q: str, **filters: str) -> Question:
    return lambda database: desk.list_tickets(database, shipped_rules(), staff, {"q": q, **filters}, NOW)


def _shop(name: str) -> Question:
    asked = {"name": name, "guild_id": "", "province": "23", "at": NOW}
    return lambda database: recent_tickets_of_shop(database, shipped_rules(), OPERATOR, **asked)  # type: ignore[arg-type]


QUESTIONS: Final[Mapping[str, Question]] = {
    "page, nation": _page(NATION, "waiting"),
    "page, province": _page(PROVINCE, "waiting"),
    "page, mine": _page(NATION, "mine"),
    "page, supervisor": _page(SUPERVISOR, "overdue"),
    "page, province's supervisor": _page(OVERSEER, "all"),
    "page, filtered": _page(PROVINCE, "waiting", category="fraud"),
    "page, filtered to few": _page(NATION, "waiting", category="fraud", province="23", channel="sms"),
    "page, filtered to none": _page(NATION, "waiting", step="6"),
    "page, supervisor, to none": _page(SUPERVISOR, "all", channel="fax"),
    "page, overseer, to none": _page(OVERSEER, "all", channel="fax"),
    "page, of a month's number": _page(SUPERVISOR, "all", **_MONTH, channel="phone"),
    "page, of a month, to none": _page(OVERSEER, "all", **_MONTH, channel="fax"),
    "list, filtered to none": _list(NATION, channel="fax"),
    "list, province, to none": _list(PROVINCE, channel="fax"),
    "counts, nation": _counts(NATION),
    "counts, province": _counts(PROVINCE),
    "counts, filtered": _counts(NATION, category="fraud"),
    "counts, filtered to few": _counts(NATION, category="fraud", province="23", channel="sms"),
    "counts, of a month's number": _counts(SUPERVISOR, **_MONTH, channel="phone"),
    "search, phone": _search(NATION, _PHONE),
    "search, rare word": _search(NATION, RARE),
    "search, common word": _search(NATION, COMMON),
    "search, word in every ticket": _search(NATION, EVERY),
    "search, common, province": _search(PROVINCE, COMMON),
    "search, two words": _search(NATION, f"{COMMON} {SHOPS[3]}"),
    "search, two words, filtered": _search(PROVINCE, f"{COMMON} {SHOPS[2]}", status="open"),
    "search, filtered to few": _search(NATION, COMMON, category="fraud", province="23", status="open"),
    "search, nothing there": _search(NATION, "ققنوس"),
    "prefix, one letter": _search(NATION, "گ"),
    "prefix, two letters": _search(NATION, "گر"),
    "prefix, three letters": _search(NATION, "فرو"),
    "prefix, of every ticket": _search(NATION, EVERY[:4]),
    "shop, by a common name": _shop(SHOPS[3]),
    "shop, by a rare name": _shop(f"{SHOPS[0]} {RARE}"),
    "shop, not there": _shop("ققنوس"),
}


async def _measure(url: str, count: int, times: int) -> dict[str, Times]:
    await upgrade(url)
    began = time.perf_counter()
    await fill(url, count)
    async with Database(url) as database:
        print(f"{count:,} tickets in {database.dialect}: {time.perf_counter() - began:.0f} s", flush=True)
        return {name: await timed(database, ask, times) for name, ask in QUESTIONS.items()}


async def timed(database: Database, ask: Question, times: int) -> Times:
    """Of so many times, the first included."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await ask(database)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return Times(taken[times // 2], taken[int(times * 0.99)])


async def bench(counts: Sequence[int], times: int, dialects: Sequence[str], measure: Measure) -> None:
    """Fill each kind of database with so many tickets, measure, and show the times beside each other."""
    with running_postgres() as server:
        await server.hurry()
        for dialect in dialects:
            measured = []
            for count in counts:
                async with _empty(dialect, server) as url:
                    measured.append(await measure(url, count, times))
                _show(dialect, counts[: len(measured)], measured)


@asynccontextmanager
async def _empty(dialect: str, server: PostgresServer) -> AsyncIterator[str]:
    """A database with nothing in it, for as long."""
    if dialect == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite+aiosqlite:///{folder}/queue.db"
        return
    await server.create(_NAME)
    yield server.url(_NAME)
    await server.drop(_NAME)


def _show(dialect: str, counts: Sequence[int], measured: Sequence[Mapping[str, Times]]) -> None:
    """Two columns a count, then how many times the last one's median is the first one's."""
    print(f"\n{dialect:30}" + "".join(f"{f'{count:,} tickets':>20}" for count in counts) + f"{'ratio':>8}")
    print(" " * 30 + f"{'p50':>10}{'p99':>10}" * len(counts) + f"{'of p50':>8}   ms")
    for name in measured[0]:
        cells = [each[name] for each in measured]
        figures = "".join(f"{cell.p50:10.1f}{cell.p99:10.1f}" for cell in cells)
        print(f"{name:30}{figures}{cells[-1].p50 / cells[0].p50:8.1f}", flush=True)


def run(measure: Measure, description: str | None, times: int) -> None:
    """The command of a bench: how many tickets, how often each is measured, in which databases."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--tickets", type=int, nargs="+", default=[10_000, 1_000_000], help="how many, in turn")
    parser.add_argument("--times", type=int, default=times, help="how often each is asked or made")
    parser.add_argument("--on", nargs="+", default=DIALECTS, choices=DIALECTS, help="which databases")
    given = parser.parse_args()
    asyncio.run(bench(given.tickets, given.times, given.on, measure))


if __name__ == "__main__":
    run(_measure, __doc__, times=100)
