"""Where the time of intake goes: reports taken in by 32 at once under the profiler, own time summed up by part."""

from __future__ import annotations

import asyncio
import cProfile
import pstats
from collections import Counter
from pathlib import Path

from gateway.migrations import upgrade
from tests.bench.load import TEXT
from tests.support.reports import shipped_rules, web_report
from ticketing.database import Database
from ticketing.intake import take_in

_AT_ONCE = 32
_PARTS = ("normalizer", "ticketing", "sms", "sqlalchemy", "aiosqlite", "json", "asyncio", "uvloop")


async def profile_intake(folder: Path, count: int) -> None:
    """Print the share of each part in the time of one report, and the ten dearest functions."""
    url = f"sqlite+aiosqlite:///{folder}/profile.db"
    await upgrade(url)
    rules, profiler = shipped_rules(), cProfile.Profile()
    async with Database(url) as database:

        async def citizen() -> None:
            for _ in range(count // _AT_ONCE):
                await take_in(database, rules, web_report(TEXT))

        await asyncio.gather(*(citizen() for _ in range(_AT_ONCE)))
        profiler.enable()
        await asyncio.gather(*(citizen() for _ in range(_AT_ONCE)))
        profiler.disable()
    _print(pstats.Stats(profiler).stats, count)  # type: ignore[attr-defined]


def _print(stats: dict[tuple[str, int, str], tuple[int, int, float, float, object]], count: int) -> None:
    spent: Counter[str] = Counter()
    for (file, _, function), (_, _, own_s, _, _) in stats.items():
        spent[_part_of(file, function)] += int(own_s * 1e9)
    total = sum(spent.values())
    print(f"\nintake under the profiler (which costs time itself): {total / count / 1000:.0f} µs a report, of it")
    for part, own in spent.most_common():
        print(f"  {part:12} {100 * own / total:4.1f} %")
    print("dearest functions, own time:")
    for (file, line, function), entry in sorted(stats.items(), key=lambda each: -each[1][2])[:10]:
        place = f"{Path(file).name}:{line} {function}" if line else function
        print(f"  {entry[2] / count * 1e6:6.1f} µs a report  {place}")


def _part_of(file: str, function: str) -> str:
    if file == "~":
        return "uvloop" if "uvloop" in function else "builtins (C)"
    return next((part for part in _PARTS if f"/{part}/" in file), "other")
