"""What is counted when understanding is compared with gold: hits and misses by field, with the interval they allow."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

_Z: Final = 1.96


@dataclass
class Counts:
    """Facts found that are in the gold, found that are not, and those of the gold that were not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, gold: Collection[object], found: Collection[object]) -> bool:
        """Count one message's values of a field; True where nothing was wrong or missed."""
        said, seen = Counter(gold), Counter(found)
        right = (said & seen).total()
        self.right += right
        self.wrong += seen.total() - right
        self.missed += said.total() - right
        return said == seen

    @property
    def precision(self) -> Share:
        """Of what was found, how much is in the gold."""
        return Share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> Share:
        """Of what is in the gold, how much was found."""
        return Share(self.right, self.right + self.missed)


@dataclass(frozen=True)
class Share:
    """`hits` of `of`, with Wilson's 95 % interval (E. B. Wilson, 1927)."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share itself; 1 of nothing."""
        return self.hits / self.of if self.of else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of everything there is lies, in 95 of 100 such counts."""
        if not self.of:
            return 0.0, 1.0
        share, squared = self.value, _Z * _Z / self.of
        middle = (share + squared / 2) / (1 + squared)
        reach = _Z * math.sqrt(share * (1 - share) / self.of + squared / self.of / 4) / (1 + squared)
        return max(0.0, middle - reach), min(1.0, middle + reach)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{100 * self.value:6.1f} % [{100 * low:5.1f}–{100 * high:5.1f}] {self.hits:>5}/{self.of:<5}"


@dataclass
class Confusion:
    """How often each thing was taken for each other."""

    cells: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, gold: str | None, found: str | None) -> None:
        """Count one message."""
        self.cells[gold or "-", found or "-"] += 1

    def lines(self) -> list[str]:
        """A table: gold down, found across."""
        names = sorted({name for cell in self.cells for name in cell})
        wide = max(map(len, names)) + 1
        head = " " * wide + "".join(f"{name[:7]:>8}" for name in names)
        rows = ("".join(f"{self.cells[gold, found] or '·':>8}" for found in names) for gold in names)
        return [head, *(f"{gold:<{wide}}{row}" for gold, row in zip(names, rows, strict=True))]
