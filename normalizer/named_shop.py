"""A shop by the name people give it: a key to find it by, and whether two names can be one shop's.

The key is what every spelling has in common, so it finds too many; `may_be` then tells them apart. Knows no places.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from normalizer.shops import branches_in, proper_name
from normalizer.skeleton import skeleton
from normalizer.sounds import is_same_name
from normalizer.trades import TRADE_WORDS, trades_in
from normalizer.words import words_of

_LONGEST_KEY: Final = 60


@dataclass(frozen=True, slots=True)
class NamedShop:
    """A shop's proper name without spaces, its key, its kinds of trade and the branch it was said to be."""

    name: str
    key: str
    trades: frozenset[str]
    branches: frozenset[str]

    @property
    def trade(self) -> str | None:
        """The one kind of trade its name tells, if it tells one."""
        return next(iter(self.trades)) if len(self.trades) == 1 else None

    def may_be(self, other: NamedShop) -> bool:
        """False where names, kinds of trade or branches, each told of both, contradict each other."""
        if _are_apart(self.trades, other.trades) or _are_apart(self.branches, other.branches):
            return False
        shorter, longer = sorted((self.name, other.name), key=len)
        return is_same_name(shorter, longer)


def _are_apart(ones: frozenset[str], others: frozenset[str]) -> bool:
    return bool(ones) and bool(others) and ones.isdisjoint(others)


@lru_cache(maxsize=4096)
def named_shop(written: str) -> NamedShop | None:
    """The shop called so; None for a trade word alone («نانوایی»), which is no name."""
    called = words_of(written)
    name = "".join(proper_name(called))
    if not name:
        return None
    key = skeleton(name) or name  # «آوا» has no consonant that is left
    trades = trades_in([word for word in called if word in TRADE_WORDS])
    return NamedShop(name, key[:_LONGEST_KEY], trades, branches_in(called))
