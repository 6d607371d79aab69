"""The trader as written: trade word with proper name («سوپرمارکت رضا»), and the street fragments of an address.

A bare trade word («سوپرمارکت محل») names nobody. Owns where a name begins and ends; knows no register of businesses.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from normalizer.data import load_table
from normalizer.lexicon import Mark
from normalizer.reading import Reading, read
from normalizer.text import fold

_PLAIN: Final = load_table("plain.toml")
_TALK: Final = frozenset(fold(word) for word in _PLAIN["talk"])
_TITLES: Final = frozenset(fold(word) for word in _PLAIN["title"])
_QUOTES: Final = {"«": "»", '"': '"', "“": "”", "(": ")"}
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


def find_trader(text: str) -> Trader:
    """Gives the business a text names and the address it gives."""
    return find_trader_in(read(text))


def find_trader_in(reading: Reading) -> Trader:
    """As `find_trader`, for a text already read."""
    return Trader(_name(reading), _address(reading))


def _name(reading: Reading) -> str | None:
    trades = reading.of("trade")
    kinds = {mark.start: mark.end for mark in trades if mark.value == "kind"}
    stops = {mark.start for kind in ("place", "category", "address") for mark in reading.of(kind)}
    places = {mark.start: mark.end for mark in trades if mark.value == "place"}
    for start, end in sorted(places.items()):
        if start and start - 1 in places and places[start - 1] >= end:
            continue
        name = _name_after(reading, start, end, kinds | places, stops)
        if name:
            return name
    return None


def _name_after(reading: Reading, start: int, end: int, kinds: dict[int, int], stops: set[int]) -> str | None:
    """Goes on from a trade word over words of its kind to the proper name; None if there is none."""
    bare = end
    for _ in range(_MOST_KINDS):
        if bare >= len(reading.words) or reading.sentence_ends_after(bare - 1):
            return None
        quoted = _quoted_after(reading, bare - 1)
        if quoted:
            return reading.text[reading.spans[start][0] : quoted]
        if bare not in kinds:
            break
        bare = kinds[bare]
    last = _proper_end(reading, bare, stops)
    return reading.written(start, last) if last > bare else None


def _quoted_after(reading: Reading, word: int) -> int:
    """Says where the text quoted right after a word ends, 0 if none is."""
    place = reading.spans[word][1]
    text = reading.text
    opening = text[place : place + 2].strip()
    if opening not in _QUOTES:
        return 0
    closing = text.find(_QUOTES[opening], place + 2, place + _MOST_QUOTED)
    return closing + 1 if closing > 0 else 0


def _proper_end(reading: Reading, start: int, stops: set[int]) -> int:
    words, place, taken = reading.words, start, 0
    while place < len(words) and taken < _MOST_NAME_WORDS:
        word = words[place]
        titled = word in _TITLES
        if not titled and (word in _TALK or word[0] in "0123456789" or (place in stops and taken) or len(word) < 2):
            break
        place += 1
        taken += not titled
        if reading.sentence_ends_after(place - 1) or "،" in _between(reading, place):
            break
    return place if taken else start


def _between(reading: Reading, word: int) -> str:
    return reading.text[reading.spans[word - 1][1] : reading.spans[word][0]] if word < len(reading.words) else ""


def _address(reading: Reading) -> str | None:
    """Gives the first run of street fragments as written: «خیابان آزادی، کوچه گل، پلاک ۱۲»."""
    marks = reading.of("address")
    if not marks:
        return None
    start, end = marks[0].start, marks[0].end
    tail = _tail(reading, marks[0])
    for mark in marks[1:]:
        if mark.start > tail + _ADDRESS_GAP or _breaks(reading, tail, mark.start):
            break
        tail = max(tail, _tail(reading, mark))
        end = mark.end
    if tail == end and end - start == 1:
        return None
    return reading.written(start, tail)[:_MOST_ADDRESS]


def _breaks(reading: Reading, start: int, end: int) -> bool:
    return any(reading.sentence_ends_after(word) for word in range(start - 1, end - 1))


def _tail(reading: Reading, mark: Mark) -> int:
    """Says after which word a fragment ends that begins with a street word: a name or number, three words at most."""
    place = mark.end
    while place < min(len(reading.words), mark.end + _ADDRESS_TAIL):
        if reading.sentence_ends_after(place - 1) or reading.words[place] in _TALK:
            break
        place += 1
        if "،" in _between(reading, place):
            break
    return place
