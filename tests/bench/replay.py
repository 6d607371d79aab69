"""`make bench-replay`: a hundred thousand stored reports read again by the rules as shipped, and by a changed one.

The reports go through the real intake into a database of their own; `gateway replay` is run as people run it. A digest
of every row before and after says that nothing was written.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from gateway.config import settings_from
from gateway.migrations import upgrade
from gateway.rules import build_rules
from tests.bench.replay_reports import reports
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.vault import load_vault

_ROOT: Final = Path(__file__).parents[2]
_PACKAGES: Final = ("gateway", "channels", "normalizer", "ticketing", "sms")
_TABLES: Final = ("reports", "tickets", "events", "notices", "questions", "businesses")
_RULE: Final = ("normalizer/data/category.toml", '"@invoice ~ @not_give", ', '"@invoice ~ @not_give", "@invoice", ')
"""The line of the lexicon that is changed: who speaks of an invoice says outright that there was none."""
_AT_ONCE: Final = 256


async def _fill(folder: Path, count: int) -> None:
    url = f"sqlite+aiosqlite:///{folder / 'gateway.db'}"
    await upgrade(url)
    rules = build_rules(settings_from({}), load_vault(folder / "keys"))
    made = reports(count)
    async with Database(url) as database:
        while some := list(islice(made, _AT_ONCE)):
            await asyncio.gather(*(take_in(database, rules, report) for report in some))


def _changed(folder: Path) -> Path:
    """A copy of the program with one rule changed."""
    copy = folder / "changed"
    for package in _PACKAGES:
        shutil.copytree(_ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    name, before, after = _RULE
    said = (copy / name).read_text(encoding="utf-8")
    if before not in said:
        raise SystemExit(f"{name}: there is no {before} any more; change another line")
    (copy / name).write_text(said.replace(before, after, 1), encoding="utf-8")
    return copy


def _replay(program: Path, folder: Path, *arguments: str) -> None:
    command = (sys.executable, "-m", "gateway.cli", "--config", str(folder / "config.toml"), "replay", *arguments)
    environment = {**os.environ, "PYTHONPATH": str(program)}
    print(f"\n$ gateway replay {' '.join(arguments)}", flush=True)
    began = time.perf_counter()
    subprocess.run(command, cwd=program, env=environment, check=True, stderr=subprocess.DEVNULL)
    print(f"[{time.perf_counter() - began:.0f} s]", flush=True)


def _digest(folder: Path) -> str:
    """Of every row there is."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(folder / "gateway.db")) as opened:
        for table in _TABLES:
            for row in opened.execute(f"SELECT * FROM {table} ORDER BY id"):
                digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def _bench(count: int, folder: Path, *, apply: bool) -> None:
    settings = f'[database]\nurl = "sqlite+aiosqlite:///{folder}/gateway.db"\n[security]\nkeys_file = "{folder}/keys"\n'
    (folder / "config.toml").write_text(settings, encoding="utf-8")
    began = time.perf_counter()
    asyncio.run(_fill(folder, count))
    print(f"{count:,} reports taken in: {time.perf_counter() - began:.0f} s", flush=True)
    changed, before = _changed(folder), _digest(folder)
    print(f"\nThe rules as shipped; rows {before}", flush=True)
    _replay(_ROOT, folder)
    print("\nOne line of the lexicon changed: «فاکتور» by itself says outright that there was none", flush=True)
    _replay(changed, folder, "--limit", "10")
    after = _digest(folder)
    print(f"\nRows before {before}, after {after}: {'nothing was written' if after == before else 'WRITTEN TO'}")
    if apply:
        _replay(changed, folder, "--apply", "--limit", "1")
        _replay(changed, folder, "--limit", "1")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000, help="how many")
    parser.add_argument("--apply", action="store_true", help="then keep what the changed rule says, and look again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gateway-replay-") as name:
        _bench(given.reports, Path(name), apply=given.apply)
