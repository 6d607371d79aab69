"""What speaks of the shop in two tellings of a person: the same, another, or nothing that tells.

Owns the signs made of names, trades, goods, branches and streets, each present to a degree; weights are data.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from normalizer.data import load_table
from normalizer.going_on import begins_anew
from normalizer.shops import Shop
from normalizer.sounds import is_same_name
from normalizer.told import Telling
from normalizer.trades import ASIDES, says_which, trades_in
from normalizer.whereabouts import are_other_spots

_MARKS: Final = {mark: frozenset(words) for mark, words in load_table("likeness.toml")["marks"].items()}
_LIKE_NAME: Final = 0.45
"""How much of a shop's name must be met to take it for the same."""
_HALF: Final = 0.5
_NAME_WITHIN: Final = 3


def shop_signs(earlier: Telling, later: Telling) -> dict[str, float]:
    """Every sign of the shop by its name in likeness.toml with its degree, 0 to 1."""
    one, other = earlier.shop, later.shop
    names = _name_signs(one, other)
    is_of_it = bool(one.trades & other.trades) and not other.is_named
    is_another = is_of_it and says_which(other.said, one.words)
    is_new = any(names[sign] for sign in ("other_trade", "other_shop", "behind_differs")) or is_another
    return {
        **names,
        "unnamed": float(other.names_nobody),
        "denied": float(_follows(one.name, other.said, _MARKS["denies"])),
        "same_trade": float(bool(one.trades & other.trades)),
        "same_field": float(bool(one.fields & other.fields)),
        "other_field": float(differ(one.fields, other.fields if other.trades else other.fields - ASIDES)),
        "the_shop": float(is_of_it and not is_another),
        "another_of_it": float(is_another),
        "also_there": float(is_new and not _MARKS["also"].isdisjoint(later.words)),
        "other_branch": float(differ(one.branches, other.branches)),
        "other_kind": float(differ(one.kinds, other.kinds)),
        "introduces": float(_introduces(other.said)),
        "begins_anew": float(begins_anew(other.said, one.words)),
        "another_shop": float(_says_other_shop(later.words)),
        "other_spot": float(are_other_spots(earlier.spots, later.spots)),
    }


def _name_signs(one: Shop, other: Shop) -> dict[str, float]:
    named = max(one.is_named_in(other), other.is_named_in(one))
    others = other.trades - ASIDES if named >= _LIKE_NAME else other.trades
    is_other_trade = differ(one.trades, others) and not one.trades & other.trades
    is_other_shop = bool(one.name and other.name) and named < _LIKE_NAME
    name_differs = not is_other_shop and one.has_another_name(other)
    return {
        "same_shop": named * (_HALF if name_differs else 1) if named >= _LIKE_NAME else 0.0,
        "other_shop": float(is_other_shop),
        "name_differs": float(name_differs),
        "behind_differs": float(one.is_called_differently(other)),
        "other_trade": float(is_other_trade),
    }


def differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """True where both are told and have nothing in common."""
    return bool(one and other) and not one & other


def _introduces(words: Sequence[str]) -> bool:
    """«یک مغازه», «یه نونوایی»: somebody who was not spoken of before."""
    starts = [place + 1 for place, word in enumerate(words) if word in _MARKS["indefinite"]]
    return any(
        (words[start] in _MARKS["somebody"] and not _MARKS["sent"] & set(words[start + 1 : start + 2]))
        or _is_trade_at(words, start)
        for start in starts
        if start < len(words)
    )


def _follows(name: Sequence[str], words: Sequence[str], marks: frozenset[str]) -> bool:
    """«گندم طلایی نه»: a word of the name, and behind it one of these."""
    return any(after in marks and any(is_same_name(part, word) for part in name) for word, after in pairwise(words))


def is_beside(name: Sequence[str], words: Sequence[str]) -> bool:
    """«بغل سنگکی برکت یه …»: somebody's neighbour is spoken of."""
    places = [place + 1 for place, word in enumerate(words) if word in _MARKS["beside"]]
    return any(
        any(is_same_name(part, word) for part in name for word in words[place : place + _NAME_WITHIN])
        and not _MARKS["indefinite"].isdisjoint(words[place:])
        for place in places
    )


def _is_trade_at(words: Sequence[str], start: int) -> bool:
    return any(trades_in(words[start : start + length]) for length in (1, 2))


def _says_other_shop(words: Sequence[str]) -> bool:
    """«یه نونوایی دیگه»: another one of a trade."""
    others = [place for place, word in enumerate(words) if word in _MARKS["other"]]
    return any(words[place - 1] == "مغازه" or trades_in(words[max(0, place - 2) : place]) for place in others if place)
