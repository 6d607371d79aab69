"""What two tellings have in common in their words and numbers, the shop and the place left out.

Owns the counting. Whether it is enough to be one matter is for `likeness` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from normalizer.numeral import VALUES
from normalizer.shops import COMMON_WORDS, SHOP_WORDS
from normalizer.sounds import skeleton, stem
from normalizer.told import Telling
from normalizer.trades import goods_in
from normalizer.words import words_of

_COMMON_STEMS: Final = frozenset(stem(word) for word in COMMON_WORDS if len(word) > 3)
_SHORTEST_WORD: Final = 3
_SMALLEST_NUMBER: Final = 10
_LONGEST_NUMBER: Final = 7
_RUN: Final = 3
_FEWEST_RUNS: Final = 4
_CLOSE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Shared:
    """What of the texts is shared: telling words, numbers, nearly all.

    `untold` are those of the shared words that the shop's trade does not tell anyway, as «نان» does of a bakery.
    """

    words: int
    untold: int
    numbers: int
    is_near: bool


def shared_by(earlier: Telling, later: Telling) -> Shared:
    """What the two texts have in common, the shop and the place left out."""
    words, untold = _shared_words(earlier, later)
    numbers = len(_numbers(earlier.words) & _numbers(later.words))
    return Shared(words, untold, numbers, _is_near(earlier.words, later.words))


def _shared_words(earlier: Telling, later: Telling) -> tuple[int, int]:
    """How many telling words of the later text stand in the earlier one, and how many of these no trade tells."""
    named = {word for word in (*earlier.shop.name, *later.shop.name) if not goods_in([word])}
    known = {*named, *words_of(earlier.county or "")}
    one, other = _telling_words(earlier.words, known), _telling_words(later.words, known)
    stems, heard = set(one), {skeleton(word) for word in one.values()}
    crossed = any(word.isascii() for word in one.values()) != any(word.isascii() for word in other.values())
    shared = [
        word
        for each, word in other.items()
        if each in stems or (crossed and len(skeleton(word)) >= _SHORTEST_WORD and skeleton(word) in heard)
    ]
    trades = earlier.shop.trades | later.shop.trades
    untold = sum(not _is_told_by(trades, goods_in([word])) for word in shared)
    return len(shared), untold


def _is_told_by(trades: frozenset[str], goods: frozenset[str]) -> bool:
    return bool(goods) and goods <= trades


def _telling_words(words: Sequence[str], known: set[str]) -> dict[str, str]:
    """The words by their stems that not every complaint has; verbs of trading and telling are in all of them."""
    telling = {}
    for word in words:
        each = stem(word)
        is_word = word.isalpha() and len(word) >= _SHORTEST_WORD and not word.startswith(("می", "نمی"))
        is_common = word in COMMON_WORDS or word in SHOP_WORDS or each in _COMMON_STEMS
        if is_word and not is_common and not {word, each} & known:
            telling[each] = word
    return telling


def _numbers(words: Sequence[str]) -> set[int]:
    """The numbers said, in figures or words, but not phones and codes."""
    said = {int(word) for word in words if word.isdecimal() and len(word) <= _LONGEST_NUMBER}
    said |= {VALUES[word] for word in words if word in VALUES}
    return {number for number in said if number >= _SMALLEST_NUMBER}


def _is_near(earlier: Sequence[str], later: Sequence[str]) -> bool:
    """Says whether one text is nearly the other, or nearly all of it stands in the other."""
    one, other = _runs(earlier), _runs(later)
    fewest = min(len(one), len(other))
    return fewest >= _FEWEST_RUNS and len(one & other) >= _CLOSE * fewest


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)}
