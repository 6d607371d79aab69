"""Whether two texts speak of one shop: its proper name matched loosely, its trade by classes of words, its branch.

«سوپر بهار» and «نانوایی بهار» are two, so are two branches of one chain. Knows no register of businesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from normalizer.data import load_table
from normalizer.sounds import is_same_name
from normalizer.text import fold

_WORD: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_MOST_WORDS: Final = 300
_TABLE: Final = load_table("likeness.toml")
_WORDS: Final = _TABLE["words"]
_PLAIN: Final = load_table("plain.toml")
_BRANCH: Final = "شعبه"
_TRADE_ENDINGS: Final = ("یه", "ی", "ه", "ها")
_SQUEEZED: Final = 4
"""From how many letters on a name is looked for without its spaces, too."""


def words_of(text: str) -> list[str]:
    """Gives the folded words and numbers of a text, the first 300 of them."""
    return _WORD.findall(fold(text))[:_MOST_WORDS]


def folded_words(lists: Iterable[Iterable[str]]) -> frozenset[str]:
    """Gives every single word of lists of words as they are compared."""
    return frozenset(word for each in lists for said in each for word in words_of(said))


_TRADES: Final = {tuple(words_of(said)): trade for trade, each in _TABLE["trades"].items() for said in each}
_LONGEST_TRADE: Final = max(map(len, _TRADES))
TRADE_WORDS: Final = frozenset(word for said in _TRADES for word in said) | folded_words([_WORDS["of_any_shop"]])
COMMON_WORDS: Final = folded_words([*(_PLAIN[name] for name in ("talk", "title", "courtesy")), _WORDS["common"]])


@dataclass(frozen=True, slots=True)
class Shop:
    """What a message says of the shop: the words of its proper name, its kinds of trade, the branch, all its words."""

    name: tuple[str, ...]
    trades: frozenset[str]
    branches: frozenset[str]
    words: tuple[str, ...]

    @staticmethod
    def of(name: str | None, text_words: Sequence[str]) -> Shop:
        """The shop called `name` (None where nobody names it), in a message of these words."""
        called = words_of(name) if name else []
        words = (*text_words, *called)
        proper = called[: called.index(_BRANCH)] if _BRANCH in called else called
        return Shop(
            name=tuple(word for word in proper if _is_proper(word)),
            trades=trades_in(called) or trades_in(text_words),
            branches=frozenset(_branches(words)),
            words=words,
        )

    def is_named_in(self, other: Shop) -> float:
        """How much of this shop's name stands in the other message, 0 to 1."""
        squeezed = "".join(self.name)
        if len(squeezed) >= _SQUEEZED and squeezed in "".join(other.words):
            return 1.0
        met = sum(len(part) for part in self.name if any(is_same_name(part, word) for word in other.words))
        return met / len(squeezed) if squeezed else 0.0


def _is_proper(word: str) -> bool:
    return word.isalpha() and word not in TRADE_WORDS and word not in COMMON_WORDS


def _branches(words: Sequence[str]) -> Iterable[str]:
    for word, following in pairwise(words):
        if word == _BRANCH and following not in COMMON_WORDS:
            yield following


def trades_in(words: Sequence[str]) -> frozenset[str]:
    """Gives the kinds of trade whose words are met, the longest first: «مرغ فروشی» before any word in it."""
    met, place = set(), 0
    while place < len(words):
        trade, length = _trade_at(words, place)
        if trade:
            met.add(trade)
        place += length
    return frozenset(met)


def _trade_at(words: Sequence[str], place: int) -> tuple[str, int]:
    for length in range(min(_LONGEST_TRADE, len(words) - place), 0, -1):
        said = tuple(words[place : place + length])
        for ending in ("", *_TRADE_ENDINGS):
            if said[-1].endswith(ending):
                trade = _TRADES.get((*said[:-1], said[-1].removesuffix(ending)))
                if trade:
                    return trade, length
    return "", 1
