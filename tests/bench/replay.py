"""`make bench-replay`: a hundred thousand stored reports read again by the rules as shipped, and by a changed one.

The labelled dev messages, varied, are stored with what is understood of them; `gateway replay` is then run as people
run it. A digest of every row before and after says that nothing was written.
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
from pathlib import Path
from typing import Final

from tests.bench.replay_filling import fill

_ROOT: Final = Path(__file__).parents[2]
_PACKAGES: Final = ("gateway", "channels", "normalizer", "ticketing", "sms")
_TABLES: Final = ("reports", "tickets", "events", "remarks", "notices", "questions")
_RULE: Final = ("normalizer/data/category.toml", '"@invoice ~ @not_give", ', '"@invoice ~ @not_give", "@invoice", ')
"""The line of the lexicon that is changed: who speaks of an invoice says outright that there was none."""


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
    print("\n$ gateway", *command[5:], flush=True)
    environment, began, used = {**os.environ, "PYTHONPATH": str(program)}, time.perf_counter(), _processor_s()
    subprocess.run(command, cwd=program, env=environment, check=True, stderr=subprocess.DEVNULL)
    print(f"[{time.perf_counter() - began:.0f} s, {_processor_s() - used:.0f} s of processors]", flush=True)


def _processor_s() -> float:
    """The processors' time that has gone into processes that have ended."""
    used = os.times()
    return used.children_user + used.children_system


def _digest(folder: Path) -> str:
    """Of every row there is."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(folder / "gateway.db")) as opened:
        for table in _TABLES:
            for row in opened.execute(f"SELECT * FROM {table} ORDER BY id"):
                digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def _bench(count: int, jobs: int, folder: Path) -> None:
    url = f"sqlite+aiosqlite:///{folder}/gateway.db"
    settings = f'[database]\nurl = "{url}"\n[security]\nkeys_file = "{folder}/keys"\n'
    (folder / "config.toml").write_text(settings, encoding="utf-8")
    began = time.perf_counter()
    asyncio.run(fill(url, folder / "keys", count, jobs))
    print(f"{count:,} reports stored in {time.perf_counter() - began:.0f} s", flush=True)
    changed, before = _changed(folder), _digest(folder)
    print(f"\nThe rules as shipped; rows {before}", flush=True)
    _replay(_ROOT, folder, "--jobs", str(jobs))
    print("\nOne line of the lexicon changed: «فاکتور» by itself says outright that there was none", flush=True)
    _replay(changed, folder, "--jobs", str(jobs), "--limit", "10")
    after = _digest(folder)
    print(f"\nRows before {before}, after {after}: {'nothing was written' if after == before else 'WRITTEN TO'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000, help="how many")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gateway-replay-") as name:
        _bench(given.reports, given.jobs, Path(name))
