"""Whether two texts speak of one shop: its proper name matched loosely, its trade by classes of words, its branch.

«سوپر بهار» and «نانوایی بهار» are two, so are two branches of one chain. Knows no register of businesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from normalizer.data import load_table
from normalizer.sounds import is_same_name
from normalizer.trades import (
    BESIDE,
    ONE_WORD_TRADES,
    TRADE_WORDS,
    goods_in,
    goods_said,
    kinds_in,
    named_in,
    trades_in,
    without_landmarks,
)
from normalizer.whereabouts import NAMED_SPOTS
from normalizer.words import folded_words, words_of

_WORDS: Final = load_table("likeness.toml")["words"]
_PLAIN: Final = load_table("plain.toml")
_BRANCH: Final = frozenset(_WORDS["branch"])
_SQUEEZED: Final = 4
"""From how many letters on a name is looked for without its spaces, too."""
_SHORTEST_PART: Final = 3
_WITHIN: Final = 6
_PERSONS: Final = frozenset(_WORDS["persons"])
_NAMED: Final = frozenset(_WORDS["named"])
_OF_ANY_SHOP: Final = folded_words([_WORDS["of_any_shop"]])
SHOP_WORDS: Final = ONE_WORD_TRADES | _OF_ANY_SHOP
COMMON_WORDS: Final = folded_words([*(_PLAIN[name] for name in ("talk", "title", "courtesy")), _WORDS["common"]])
_NO_NAMES: Final = TRADE_WORDS | _OF_ANY_SHOP | COMMON_WORDS


@dataclass(frozen=True, slots=True)
class Shop:
    """What a message says of the shop: the words of its proper name, its kinds of trade, the branch, all its words.

    `said` are those of the text without landmarks.

    `trades` are those of the shop's name or of trade words said; `fields` also those of the `goods` spoken of. `behind`
    is what stands behind a word of trade like a name, where nobody says what the name is.
    """

    name: tuple[str, ...]
    behind: frozenset[str]
    trades: frozenset[str]
    fields: frozenset[str]
    goods: frozenset[str]
    branches: frozenset[str]
    kinds: frozenset[str]
    words: tuple[str, ...]
    said: tuple[str, ...]

    @staticmethod
    def of(name: str | None, text_words: Sequence[str]) -> Shop:
        """The shop called `name` (None where nobody names it), in a message of these words."""
        called = words_of(name) if name else []
        if _is_of_another(called, text_words):
            called = []
        said = without_landmarks(text_words)
        words = (*text_words, *called)
        return Shop(
            name=proper_name(called),
            behind=named_in(said) | named_in(called),
            trades=trades_in(called) | trades_in(said) | _goods_leading(called),
            fields=trades_in(said) | goods_in(said) | trades_in(called) | goods_in(called),
            goods=goods_said([*said, *called]),
            branches=branches_in(words),
            kinds=kinds_in([*said, *called]),
            words=words,
            said=tuple(said),
        )

    @property
    def is_named(self) -> bool:
        """True where a name is told, or something stands where one would."""
        return bool(self.name or self.behind)

    @property
    def names_nobody(self) -> bool:
        """True where neither a name nor a word of trade is told."""
        return not self.name and not self.trades

    def is_named_in(self, other: Shop) -> float:
        """How much of this shop's name stands in the other message, 0 to 1."""
        squeezed = "".join(self.name)
        if len(squeezed) >= _SQUEEZED and squeezed in "".join(other.words):
            return 1.0
        met = sum(len(part) for part in self.name if any(is_same_name(part, word) for word in other.words))
        return met / len(squeezed) if squeezed else 0.0

    def has_another_name(self, other: Shop) -> bool:
        """True where each of the two names has a word that the other message knows nothing of."""
        return self._is_strange_to(self.name, other) and other._is_strange_to(other.name, self)

    def is_called_differently(self, other: Shop) -> bool:
        """True where words of trade are followed by other names, as far as that can be told without knowing names."""
        both = bool(self.behind and other.behind)
        return (
            both
            and not any(is_same_name(*sorted((a, b))) for a in self.behind for b in other.words)
            and (not any(is_same_name(*sorted((a, b))) for a in other.behind for b in self.words))
        )

    @staticmethod
    def _is_strange_to(name: Iterable[str], other: Shop) -> bool:
        squeezed = "".join(other.words)
        return any(
            len(part) >= _SHORTEST_PART
            and part not in squeezed
            and not any(is_same_name(part, word) for word in other.words)
            for part in name
        )


def _goods_leading(called: Sequence[str]) -> frozenset[str]:
    """«فرش کاشانه», «لباس عروس پریسا»: a shop called by what it sells."""
    return goods_in(called[:2]) if goods_in(called[:1]) else frozenset()


def _is_of_another(called: Sequence[str], words: Sequence[str]) -> bool:
    """True where what is called so is a landmark («جنب بانک ملی») or who sold it («فروشنده … به نام صادقی»)."""
    at = next((place for place in range(len(words)) if called and [*words[place : place + len(called)]] == called), 0)
    before = words[max(0, at - _WITHIN) : at]
    is_person = len(called) == 1 and not trades_in(called) and not _PERSONS.isdisjoint(before)
    return bool(before) and (before[-1] in BESIDE or (is_person and not _NAMED.isdisjoint(before)))


def proper_name(called: Sequence[str]) -> tuple[str, ...]:
    """Gives those of a name's words that are no words of trade and no branch's: «بهار» of «سوپر بهار شعبه ونک»."""
    end = next((place for place, word in enumerate(called) if word in _BRANCH or word in BESIDE), len(called))
    before = called[:end]
    return tuple(word for word in before if word.isalpha() and word not in _NO_NAMES)


def branches_in(words: Sequence[str]) -> frozenset[str]:
    """Gives the branches that are told."""
    plain = [word for word in words if word not in NAMED_SPOTS]
    told = (following for word, following in pairwise(plain) if word in _BRANCH)
    return frozenset(branch for branch in told if branch not in COMMON_WORDS)
