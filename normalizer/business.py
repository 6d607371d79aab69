"""The trader as written: the name, which shop_name.py finds, and the street fragments of an address.

Owns where an address begins and ends; knows no register of businesses.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from normalizer.data import load_table
from normalizer.gazetteer import sites_of
from normalizer.lexicon import Mark
from normalizer.reading import Reading, read
from normalizer.shop_name import find_shop_name
from normalizer.text import fold

_PLAIN: Final = load_table("plain.toml")
_TALK: Final = frozenset(fold(word) for word in _PLAIN["talk"])
_APART: Final = frozenset("،,.!?؟؛\n")
_TELLING: Final = 2.0
_ADDRESS_TAIL: Final = 3
_ADDRESS_GAP: Final = 2
_MOST_ADDRESS: Final = 200


class Trader(NamedTuple):
    """What a text says of the business: name and address as written, None where not said."""

    name: str | None
    address: str | None


class _Ends(NamedTuple):
    """Words at which an address is over: talk of a grievance or street always, a known place unless first."""

    always: set[int]
    places: set[int]

    def at(self, word: int, first: int) -> bool:
        return word in self.always or (word in self.places and word != first)


def find_trader(text: str) -> Trader:
    """Gives the business a text names and the address it gives."""
    return find_trader_in(read(text))


def find_trader_in(reading: Reading) -> Trader:
    """As `find_trader`, for a text already read."""
    return Trader(find_shop_name(reading), _find_address(reading))


def _find_address(reading: Reading) -> str | None:
    streets = reading.of("address")
    if not streets:
        return None
    said = [mark for mark in reading.of("category") if mark.weight >= _TELLING]
    return _address(reading, streets, said, _Ends({mark.start for mark in said}, _place_starts(reading)))


def _place_starts(reading: Reading) -> set[int]:
    """Says where a known place is named: «سوپری آفتاب نیشابور» is called آفتاب. Half the surnames are some hamlet."""
    return {
        mark.start for mark in reading.of("place") if any(site.level != "doubtful" for site in sites_of(mark.value))
    }


def _stands_apart(reading: Reading, word: int) -> bool:
    """Says whether a comma, a sentence's end or a plural ending stands between a word and the one before."""
    between = reading.between(word)
    return between != " " and ("ها" in between or not _APART.isdisjoint(between))


def _address(reading: Reading, streets: list[Mark], said: list[Mark], ends: _Ends) -> str | None:
    """Gives the first run of street fragments as written: «خیابان آزادی، کوچه گل، پلاک ۱۲»."""
    start, tail = -1, -1
    for mark in streets:
        if mark.start < tail or any(other.start <= mark.start < other.end for other in said):
            continue  # «بازار سیاه» is no bazaar
        if start >= 0 and (mark.start > tail + _ADDRESS_GAP or _breaks(reading, tail, mark.start)):
            break
        mark_tail = _tail(reading, mark, ends)
        if mark_tail > mark.end or (start < 0 and mark.end - mark.start > 1):
            start, tail = mark.start if start < 0 else start, mark_tail
    return reading.written(start, tail)[:_MOST_ADDRESS] if start >= 0 else None


def _breaks(reading: Reading, start: int, end: int) -> bool:
    return any(reading.sentence_ends_after(word) for word in range(start - 1, end - 1))


def _tail(reading: Reading, mark: Mark, ends: _Ends) -> int:
    """Says after which word a fragment ends that begins with a street word: a name or number, three words at most."""
    words, place = reading.words, mark.end
    last = min(len(words), place + _ADDRESS_TAIL)
    while place < last and not (ends.at(place, mark.end) or words[place] in _TALK or _stands_apart(reading, place)):
        place += 1
    return place
