"""How alike two matters of one person are: a score from 0 to 1, and every sign it is made of.

Owns the signs; words, weights and bounds are data (likeness.toml). Who the person is, and what follows from a score, is
for others to say: two citizens with the same words are two matters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from normalizer.data import load_table
from normalizer.numeral import VALUES
from normalizer.shops import COMMON_WORDS, TRADE_WORDS, Shop, trades_in, words_of
from normalizer.sounds import skeleton, stem

_TABLE: Final = load_table("likeness.toml")
_WEIGHTS: Final[Mapping[str, float]] = _TABLE["weights"]
_BOUNDS: Final[Mapping[str, int]] = _TABLE["bounds"]
_SIGNS: Final = {
    sign: frozenset(tuple(words_of(phrase)) for phrase in phrases) for sign, phrases in _TABLE["signs"].items()
}
_LONGEST_SIGN: Final = max(len(phrase) for phrases in _SIGNS.values() for phrase in phrases)
_COMMON_STEMS: Final = frozenset(stem(word) for word in COMMON_WORDS if len(word) > 3)
_SHORTEST_WORD: Final = 3
_LIKE_NAME: Final = 0.45
"""How much of a shop's name must be met to take it for the same."""
_ENOUGH_WORDS: Final = 4
_ENOUGH_NUMBERS: Final = 2
_SMALLEST_NUMBER: Final = 10
_LONGEST_NUMBER: Final = 6
_RUN: Final = 3
_FEWEST_RUNS: Final = 4
_CLOSE: Final = 0.6
_CLOSE_SIGNS: Final = 2
_UNLIKELY: Final = 0.3
_OUTRIGHT: Final = -2.0


@dataclass(frozen=True)
class Telling:
    """What is known of a matter: its words, and the facts made of them. `told_at` is aware, the rest as in a ticket."""

    text: str
    told_at: datetime
    shop_name: str | None = None
    guild_id: str | None = None
    province: str | None = None
    county: str | None = None
    category: str | None = None

    @cached_property
    def words(self) -> list[str]:
        """The folded words of its text."""
        return words_of(self.text)

    @cached_property
    def shop(self) -> Shop:
        """What it says of the shop."""
        return Shop.of(self.shop_name, self.words)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` is how sure it is that it is one matter; `reasons` are the signs with what each adds, weightiest first.

    `is_close` says that the texts share more than shop and place: what a stranger who knows both would not say.
    """

    score: float
    reasons: tuple[tuple[str, float], ...]
    is_close: bool

    @property
    def contradicts(self) -> bool:
        """True where something says outright that it is another matter, and nothing outweighs it."""
        return self.score < _UNLIKELY and any(weight <= _OUTRIGHT for _, weight in self.reasons)


def likeness(earlier: Telling, later: Telling) -> Likeness:
    """How alike a later telling of a person is to an earlier one of theirs. Never raises."""
    shared = _shared_words(earlier, later)
    numbers = _numbers(earlier.words) & _numbers(later.words)
    is_near = _is_near(earlier.words, later.words)
    signs = {
        **_shop_signs(earlier, later),
        **_fact_signs(earlier, later),
        **_spoken_signs(later),
        **_time_signs(later.told_at - earlier.told_at),
        "same_words": min(shared, _ENOUGH_WORDS) / _ENOUGH_WORDS,
        "same_numbers": min(len(numbers), _ENOUGH_NUMBERS) / _ENOUGH_NUMBERS,
        "close_text": float(is_near),
    }
    reasons = [(sign, round(_WEIGHTS[sign] * degree, 2)) for sign, degree in signs.items() if degree]
    score = 1 / (1 + math.exp(-_WEIGHTS["start"] - sum(weight for _, weight in reasons)))
    known = shared + bool(numbers)
    is_close = is_near or (known > 0 and known + signs["told_before"] >= _CLOSE_SIGNS)
    return Likeness(round(score, 3), tuple(sorted(reasons, key=lambda reason: -abs(reason[1]))), is_close)


def _shop_signs(earlier: Telling, later: Telling) -> dict[str, float]:
    one, other = earlier.shop, later.shop
    named = max(one.is_named_in(other), other.is_named_in(one))
    trades_differ = bool(one.trades and other.trades) and not one.trades & other.trades
    is_short = len(later.words) <= _BOUNDS["short_words"] and not other.trades and not other.name
    return {
        "same_shop": named if named >= _LIKE_NAME else 0.0,
        "other_shop": float(bool(one.name and other.name) and named < _LIKE_NAME),
        "same_trade": float(bool(one.trades & other.trades)),
        "other_trade": float(trades_differ),
        "other_branch": float(bool(one.branches and other.branches) and not one.branches & other.branches),
        "another_shop": float(_says_other_shop(later.words)),
        "short_addition": float(is_short),
    }


def _says_other_shop(words: Sequence[str]) -> bool:
    """«یه نونوایی دیگه»: another one of a trade."""
    others = [place for place, word in enumerate(words) if (word,) in _SIGNS["other"]]
    return any(words[place - 1] == "مغازه" or trades_in(words[max(0, place - 2) : place]) for place in others if place)


def _fact_signs(earlier: Telling, later: Telling) -> dict[str, float]:
    def differ(one: str | None, other: str | None) -> bool:
        return bool(one and other) and one != other

    guild = bool(earlier.guild_id and later.guild_id)
    named = {earlier.category, later.category}.isdisjoint((None, "other"))
    return {
        "same_guild_id": float(guild and earlier.guild_id == later.guild_id),
        "other_guild_id": float(guild and earlier.guild_id != later.guild_id),
        "same_place": float(bool(earlier.county) and earlier.county == later.county),
        "other_place": float(differ(earlier.province, later.province) or differ(earlier.county, later.county)),
        "same_category": float(named and earlier.category == later.category),
        "other_category": float(named and earlier.category != later.category),
    }


def _spoken_signs(later: Telling) -> dict[str, float]:
    words, met = later.words, set()
    for place in range(len(words)):
        for length in range(1, _LONGEST_SIGN + 1):
            said = tuple(words[place : place + length])
            met |= {sign for sign, phrases in _SIGNS.items() if said in phrases}
    return {sign: float(sign in met) for sign in _SIGNS if sign != "other"}


def _time_signs(between: timedelta) -> dict[str, float]:
    return {
        "weeks_later": float(between > timedelta(days=_BOUNDS["weeks_days"])),
        "months_later": float(between > timedelta(days=_BOUNDS["months_days"])),
    }


def _shared_words(earlier: Telling, later: Telling) -> int:
    """How many telling words of the later text stand in the earlier one, the shop and the place left out."""
    known = {*earlier.shop.name, *later.shop.name, *words_of(earlier.county or "")}
    one, other = _telling_words(earlier.words, known), _telling_words(later.words, known)
    if not one or not other:
        return 0
    stems, heard = set(one), {skeleton(word) for word in one.values()}
    crossed = any(word.isascii() for word in one.values()) != any(word.isascii() for word in other.values())
    return sum(
        1
        for each, word in other.items()
        if each in stems or (crossed and len(skeleton(word)) >= _SHORTEST_WORD and skeleton(word) in heard)
    )


def _telling_words(words: Sequence[str], known: set[str]) -> dict[str, str]:
    """The words by their stems that not every complaint has; verbs of trading and telling are in all of them."""
    telling = {}
    for word in words:
        each = stem(word)
        is_word = word.isalpha() and len(word) >= _SHORTEST_WORD and not word.startswith(("می", "نمی"))
        is_common = word in COMMON_WORDS or word in TRADE_WORDS or each in _COMMON_STEMS
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
