"""`make fuzz`: two million texts nobody wrote, and what the normalizer made of them; exit code 1 if anything is wrong.

`--seed`, `--kind`, `--inputs`, `--seconds` and `--jobs` say which, how many, how long and on how many processes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from typing import Final

from tests.normalizer.fuzz.campaign import Chunk, Tried, chunks, digest, digest_elsewhere, run
from tests.normalizer.fuzz.generators import SHARES

_SAME_IN: Final = ("mutated", "spelled", "noise")
_SAMPLE: Final = 2_000


def main() -> int:
    """Run a campaign and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=124)
    parser.add_argument("--kind", choices=SHARES, help="of this kind only")
    parser.add_argument("--inputs", type=int, default=2_000_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--digest", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.digest:
        name, *numbers = given.digest
        print(digest(Chunk(name, *map(int, numbers))))
        return 0
    print(f"seed {given.seed}", flush=True)
    began = time.monotonic()
    kinds = {given.kind: SHARES[given.kind]} if given.kind else SHARES
    waiting = chunks(given.seed, given.inputs, kinds)
    tried = run(waiting, given.seconds, given.jobs, lambda line: print(line, flush=True))
    differing = [name for name in _SAME_IN if _differs(Chunk(name, given.seed, 0, min(_SAMPLE, given.inputs)))]
    print("\n".join(_table(tried, time.monotonic() - began)))
    print(f"in another process: {'different for ' + ', '.join(differing) if differing else 'the same'}")
    return 1 if tried.findings or differing else 0


def _differs(chunk: Chunk) -> bool:
    return digest_elsewhere(chunk, 1) != digest_elsewhere(chunk, 2)


def _table(tried: Tried, seconds: float) -> list[str]:
    found = Counter(finding.name for finding in tried.findings)
    lines = [f"{'inputs of':10} {'tried':>9} {'wrong':>6} {'slowest ms':>11} {'of length':>10} {'number':>9}"]
    for name, count in tried.inputs.items():
        slowest = max(slow for slow in tried.slowest if slow.name == name)
        lines.append(
            f"{name:10} {count:>9,} {found[name]:>6} {slowest.ms:>11.1f} {slowest.length:>10,} {slowest.number:>9}"
        )
    lines.append(f"{'all':10} {sum(tried.inputs.values()):>9,} {len(tried.findings):>6}   in {seconds:,.0f} s")
    lines += [
        f"slow: {slow.ms:6.1f} ms, {slow.length:>6,} characters, {slow.name} {slow.number}"
        for slow in sorted(tried.slowest)[:-11:-1]
    ]
    return lines


if __name__ == "__main__":
    sys.exit(main())
