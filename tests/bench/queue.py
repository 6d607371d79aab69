"""`make bench-queue`: the queue's page, its counts and the search, at ten thousand tickets and at a million.

Each question is asked so often of SQLite and of PostgreSQL on the same tickets; p50 and p99 stand beside each other.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy import text

from gateway.migrations import upgrade
from tests.bench.queue_tickets import COMMON, NOW, RARE, fill
from tests.support.database import DIALECTS
from tests.support.postgres import running_postgres
from tests.support.reports import shipped_rules
from ticketing import desk, queues
from ticketing.database import Database
from ticketing.staff import Staff

NATIONAL: Final = Staff(1, "sara", "evaluator")
PROVINCE: Final = Staff(2, "reza", "evaluator", "23")
SUPERVISOR: Final = Staff(3, "boss", "supervisor")
_PHONE: Final = "09120000007"
Question = Callable[[Database], Awaitable[object]]


def _page(staff: Staff, tab: str, **filters: str) -> Question:
    return lambda database: queues.page_of(database, shipped_rules(), queues.Asked(staff, tab, filters, NOW))


def _counts(staff: Staff, **filters: str) -> Question:
    tab = queues.first_tab(staff.role)
    return lambda database: queues.counts_of(database, shipped_rules(), queues.Asked(staff, tab, filters, NOW))


def _search(staff: Staff, q: str, **filters: str) -> Question:
    return lambda database: desk.list_tickets(database, shipped_rules(), staff, {"q": q, **filters}, NOW)


_QUESTIONS: Final[dict[str, Question]] = {
    "queue page, nation": _page(NATIONAL, "waiting"),
    "queue page, province": _page(PROVINCE, "waiting"),
    "queue page, mine": _page(NATIONAL, "mine"),
    "queue page, one category": _page(PROVINCE, "waiting", category="fraud"),
    "queue page, supervisor": _page(SUPERVISOR, "overdue"),
    "counts of the tabs, nation": _counts(NATIONAL),
    "counts of the tabs, province": _counts(PROVINCE),
    "counts of the tabs, filtered": _counts(NATIONAL, category="fraud"),
    "search, phone": _search(NATIONAL, _PHONE),
    "search, rare word": _search(NATIONAL, RARE),
    "search, common word": _search(NATIONAL, COMMON),
    "search, common word, province": _search(PROVINCE, COMMON),
    "search, three letters": _search(NATIONAL, "فرو"),
    "search, two words": _search(NATIONAL, f"{COMMON} فروشگاه"),
    "search, two words, open": _search(PROVINCE, f"{COMMON} نانوایی", status="open"),
    "search, nothing there": _search(NATIONAL, "ققنوس"),
}


async def _measure(url: str, count: int, times: int) -> dict[str, tuple[float, float]]:
    await upgrade(url)
    async with Database(url) as database:
        began = time.perf_counter()
        await fill(database, count)
        await database.write(lambda tx: tx.execute(text("ANALYZE")))
        print(f"{count} tickets in {database.dialect}: {time.perf_counter() - began:.0f} s", flush=True)
        return {name: await _times(lambda ask=ask: ask(database), times) for name, ask in _QUESTIONS.items()}  # type: ignore[misc]


async def _times(ask: Callable[[], Awaitable[object]], times: int) -> tuple[float, float]:
    """p50 and p99 in milliseconds, the first time included."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return taken[times // 2], taken[int(times * 0.99)]


async def _bench(counts: list[int], times: int, dialects: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        await server.hurry()
        measured = {}
        for count in counts:
            await server.create(f"queue_{count}")
            urls = {"sqlite": f"sqlite+aiosqlite:///{folder}/{count}.db", "postgresql": server.url(f"queue_{count}")}
            for dialect in dialects:
                measured[(count, dialect)] = await _measure(urls[dialect], count, times)
    print(f"\n{'p50 / p99 ms':32}" + "".join(f"{f'{dialect} {count}':>22}" for count, dialect in measured))
    for name in _QUESTIONS:
        cells = (f"{p50:.1f} / {p99:.1f}" for p50, p99 in (each[name] for each in measured.values()))
        print(f"{name:32}" + "".join(f"{cell:>22}" for cell in cells))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[10_000, 1_000_000], help="how many, in turn")
    parser.add_argument("--times", type=int, default=100, help="how often each question is asked")
    parser.add_argument("--on", nargs="+", default=DIALECTS, choices=DIALECTS, help="which databases")
    given = parser.parse_args()
    asyncio.run(_bench(given.tickets, given.times, given.on))
