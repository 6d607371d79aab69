"""Runs chunks of inputs through all properties, in several processes, and gathers what was found and what was slow.

A chunk is a function of its kind, its numbers and the seed alone, so that every finding can be had again.
"""

from __future__ import annotations

import gc
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import islice
from typing import Final, NamedTuple

from normalizer.normalize import normalize
from tests.normalizer.fuzz.generators import SHARES, text_of
from tests.normalizer.fuzz.properties import also_wrong_with, report_on, wrong_with
from tests.normalizer.fuzz.shrinking import shrunk

LIMIT_MS: Final = 50.0
_CHUNK, _LONG_CHUNK = 1_000, 5
_OFTEN: Final = 8
"""One input in so many is also looked at for what takes longer to see."""
_SLOWEST: Final = 5
_MOST_SHRUNK: Final = 3
_ALIKE: Final = 20


class Chunk(NamedTuple):
    """Inputs `start`..`stop` of one kind under a seed."""

    name: str
    seed: int
    start: int
    stop: int


class Finding(NamedTuple):
    """What was wrong with which input, and the least text it is wrong with."""

    name: str
    number: int
    wrong: str
    text: str


class Slow(NamedTuple):
    """How long an input took, in milliseconds of this processor."""

    ms: float
    name: str
    number: int
    length: int


@dataclass
class Tried:
    """What trying some inputs came to."""

    inputs: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    slowest: list[Slow] = field(default_factory=list)

    def add(self, other: Tried) -> None:
        """Takes in what others came to; of each kind the slowest few are kept."""
        for name, count in other.inputs.items():
            self.inputs[name] = self.inputs.get(name, 0) + count
        self.findings += other.findings
        by_name = {name: [slow for slow in (*self.slowest, *other.slowest) if slow.name == name] for name in SHARES}
        self.slowest = [slow for each in by_name.values() for slow in nlargest(_SLOWEST, each)]


def try_chunk(chunk: Chunk) -> Tried:
    """Tries each input of a chunk; the first few findings are shrunk."""
    tried = Tried({chunk.name: chunk.stop - chunk.start})
    slow: list[Slow] = []
    for number in range(chunk.start, chunk.stop):
        text = text_of(chunk.name, chunk.seed, number)
        ms, wrong = _try_one(text, thoroughly=number % _OFTEN == 0)
        slow.append(Slow(ms, chunk.name, number, len(text)))
        for each in wrong:
            least = _least(text, each) if len(tried.findings) < _MOST_SHRUNK else text
            tried.findings.append(Finding(chunk.name, number, each, least))
    tried.slowest = nlargest(_SLOWEST, slow)
    return tried


def _try_one(text: str, *, thoroughly: bool) -> tuple[float, list[str]]:
    report = report_on(text)
    began = time.thread_time_ns()
    wrong = wrong_with(report)
    ms = (time.thread_time_ns() - began) / 1e6
    if ms > LIMIT_MS:
        ms = milliseconds(text)
        if ms > LIMIT_MS:
            wrong.append(f"took {ms:.0f} ms")
    if thoroughly and not wrong:
        wrong += also_wrong_with(report)
    return ms, wrong


def milliseconds(text: str) -> float:
    """The least of three times it takes to normalise a text."""
    report, times = report_on(text), []
    for _ in range(3):
        began = time.thread_time_ns()
        normalize(report)
        times.append(time.thread_time_ns() - began)
    return min(times) / 1e6


def _least(text: str, wrong: str) -> str:
    """What is left of a text where everything is cut that its finding does not need."""
    if wrong.startswith("took"):
        return text
    begins = wrong[:_ALIKE]
    return shrunk(text, lambda less: any(each.startswith(begins) for each in _all_wrong_with(less)))


def _all_wrong_with(text: str) -> list[str]:
    report = report_on(text)
    return wrong_with(report) or also_wrong_with(report)


def chunks(seed: int, inputs: int, kinds: Mapping[str, int] = SHARES) -> Iterator[Chunk]:
    """All chunks of a campaign, the kinds by turns so that each has its share whenever it is ended."""
    for turn in range(-(-inputs // sum(kinds.values()))):
        for name, share in kinds.items():
            size = _LONG_CHUNK if name == "long" else _CHUNK
            start, stop = turn * share, (turn + 1) * share
            yield from (Chunk(name, seed, begin, min(begin + size, stop)) for begin in range(start, stop, size))


def run(waiting: Iterator[Chunk], seconds: float, jobs: int, tell: Callable[[str], None]) -> Tried:
    """Tries inputs until none is waiting or the time is over."""
    began, tried = time.monotonic(), Tried()
    with ProcessPoolExecutor(jobs, initializer=gc.freeze) as pool:
        running = {pool.submit(try_chunk, chunk) for chunk in islice(waiting, 2 * jobs)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for each in done:
                found = each.result()
                tried.add(found)
                for finding in found.findings:
                    tell(f"{finding.name} {finding.number}: {finding.wrong}\n    {ascii(finding.text)[:600]}")
                if time.monotonic() - began < seconds:
                    running |= {pool.submit(try_chunk, chunk) for chunk in islice(waiting, 1)}
    return tried


def digest(chunk: Chunk) -> str:
    """What stands for everything made of a chunk's inputs."""
    whole = hashlib.sha256()
    for number in range(chunk.start, chunk.stop):
        whole.update(repr(normalize(report_on(text_of(chunk.name, chunk.seed, number)))).encode())
    return whole.hexdigest()


def digest_elsewhere(chunk: Chunk, hash_seed: int) -> str:
    """The same, of another process in which sets have another order."""
    command = [sys.executable, "-m", "tests.normalizer.fuzz", "--digest", chunk.name, *map(str, chunk[1:])]
    environment = os.environ | {"PYTHONHASHSEED": str(hash_seed)}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()
