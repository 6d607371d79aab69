"""The trader as written: trade word with proper name («سوپرمارکت رضا»), and the street fragments of an address.

A bare trade word («سوپرمارکت محل») names nobody. Owns where a name begins and ends; knows no register of businesses.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from normalizer.data import load_table
from normalizer.gazetteer import sites_of
from normalizer.lexicon import Mark
from normalizer.numeral import SCALES, VALUES
from normalizer.reading import Reading, read
from normalizer.text import fold

_PLAIN: Final = load_table("plain.toml")
_TALK: Final = frozenset(fold(word) for word in _PLAIN["talk"])
_TITLES: Final = frozenset(fold(word) for word in _PLAIN["title"])
_QUOTES: Final = {"«": "»", '"': '"', "“": "”", "(": ")"}
_GENERIC: Final = frozenset(("مغازه", "maghaze", "maghazeye"))
_APART: Final = frozenset("،,.!?؟؛\n")
# «این مغازه …» points at a shop, it does not name one.
_POINTING: Final = frozenset(
    ("این", "اون", "ان", "همین", "همون", "یه", "یک", "یکی", "هر", "چند", "همه", "in", "un", "ye", "a", "the")
)
_VERB_ENDINGS: Final = ("یدم", "ودم", "ردم", "فتم", "شتم", "یدند", "ردند", "ودند", "فتند", "یدیم", "ردیم", "فتیم")
_TELLING: Final = 2.0
_MOST_NAME_WORDS: Final = 2
_MOST_QUOTED: Final = 40
_MOST_KINDS: Final = 4
_ADDRESS_TAIL: Final = 3
_ADDRESS_GAP: Final = 2
_MOST_ADDRESS: Final = 200


class Trader(NamedTuple):
    """What a text says of the business: name and address as written, None where not said."""

    name: str | None
    address: str | None


class _Ends(NamedTuple):
    """Words at which a name or address is over: talk of a grievance or street always, a known place unless first."""

    always: set[int]
    places: set[int]

    def at(self, word: int, first: int) -> bool:
        return word in self.always or (word in self.places and word != first)


_NOBODY: Final = Trader(None, None)


def find_trader(text: str) -> Trader:
    """Gives the business a text names and the address it gives."""
    return find_trader_in(read(text))


def find_trader_in(reading: Reading) -> Trader:
    """As `find_trader`, for a text already read."""
    trades, streets = reading.of("trade"), reading.of("address")
    if not trades and not streets:
        return _NOBODY
    said = [mark for mark in reading.of("category") if mark.weight >= _TELLING]
    talk, places = {mark.start for mark in said}, _place_starts(reading)
    name = _name(reading, trades, _Ends(talk | {mark.start for mark in streets}, places)) if trades else None
    return Trader(name, _address(reading, streets, said, _Ends(talk, places)) if streets else None)


def _name(reading: Reading, trades: list[Mark], ends: _Ends) -> str | None:
    places = {mark.start: mark.end for mark in trades if mark.value == "place"}
    if not places:
        return None
    go_on = {mark.start: mark.end for mark in trades if mark.value == "kind"} | places
    for start in sorted(places):
        if not _belongs_to_neighbour(reading.words, start, places[start], places):
            name = _name_after(reading, start, places[start], go_on, ends)
            if name:
                return name
    return None


def _place_starts(reading: Reading) -> set[int]:
    """Says where a known place is named: «سوپری آفتاب نیشابور» is called آفتاب. Half the surnames are some hamlet."""
    return {
        mark.start for mark in reading.of("place") if any(site.level != "doubtful" for site in sites_of(mark.value))
    }


def _belongs_to_neighbour(words: list[str], start: int, end: int, places: dict[int, int]) -> bool:
    """«مغازه سوپر گلستان» is a سوپر; «میوه فروشی» is one trade word, not a فروشی within it."""
    if words[start] in _GENERIC:
        return end in places
    return start - 1 in places and places[start - 1] >= end and words[start - 1] not in _GENERIC


def _name_after(reading: Reading, start: int, end: int, kinds: dict[int, int], ends: _Ends) -> str | None:
    """Goes on from a trade word over words of its kind to the proper name; None if there is none."""
    bare = end
    for _ in range(_MOST_KINDS):
        if bare >= len(reading.words) or _stands_apart(reading, bare):
            return None
        quoted = _quoted_after(reading, bare - 1)
        if quoted:
            return reading.text[reading.span(start)[0] : quoted]
        if bare not in kinds:
            break
        bare = kinds[bare]
    if start and reading.words[start - 1] in _POINTING:
        return None
    last = _proper_end(reading, bare, ends)
    return reading.written(start, last) if last > bare else None


def _stands_apart(reading: Reading, word: int) -> bool:
    """Says whether a comma, a sentence's end or a plural ending stands between a word and the one before."""
    between = reading.between(word)
    return between != " " and ("ها" in between or not _APART.isdisjoint(between))


def _quoted_after(reading: Reading, word: int) -> int:
    """Says where the text quoted right after a word ends, 0 if none is."""
    place = reading.span(word)[1]
    text = reading.text
    opening = text[place : place + 2].strip()
    if opening not in _QUOTES:
        return 0
    closing = text.find(_QUOTES[opening], place + 2, place + _MOST_QUOTED)
    return closing + 1 if closing > 0 else 0


def _proper_end(reading: Reading, start: int, ends: _Ends) -> int:
    words, place, taken = reading.words, start, 0
    while place < len(words) and taken < _MOST_NAME_WORDS and not (ends.at(place, start) or _is_talk(words[place])):
        taken += words[place] not in _TITLES
        place += 1
        if place < len(words) and _stands_apart(reading, place):
            break
    return place if taken else start


def _is_talk(word: str) -> bool:
    if word in _TITLES:
        return False
    if word in _TALK or word in VALUES or word in SCALES or word.endswith(_VERB_ENDINGS):
        return True
    return len(word) < 2 or "0" <= word[0] <= "9"


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
