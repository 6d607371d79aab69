"""Amounts of money said in a text, in rial: toman times ten, digits or words, with the unit or clearly meant.

Owns what counts as an amount. Weights, counts and years are none; nothing is added up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from normalizer.fact import Fact, fact
from normalizer.lexicon import Mark
from normalizer.numeral import PHRASES, SCALES, goes_on_after, number_of, number_start, parse_number
from normalizer.reading import Reading, read

_MOST_RIAL: Final = 10**15
_TOMAN: Final = 10
_SCALE_WORDS: Final = {scale: word for word, scale in SCALES.items()}
_DASHES: Final = frozenset("-–—−/")
_PRICED_WITHIN: Final = 3


class _Amount(NamedTuple):
    """So much said by words `start`..`end`, and the rule it was taken by."""

    rial: float
    start: int
    end: int
    rule: str


def find_amounts_rial(text: str) -> tuple[int, ...]:
    """Gives every amount a text says, in rial, in order, each once; above 10^15 is no amount."""
    return tuple(dict.fromkeys(int(found.value) for found in find_amounts_in(read(text))))


def find_amounts_in(reading: Reading) -> list[Fact]:
    """As `find_amounts_rial`, for a text already read: an amount for each time one is said."""
    marks = reading.of("money")
    if not marks:
        return []
    found = []
    for amount in _amounts(reading, marks):
        rial = round(amount.rial)
        if 0 < rial <= _MOST_RIAL:
            span = reading.span(amount.start)[0], reading.span(amount.end - 1)[1]
            found.append(fact("amount", str(rial), span, amount.rule))
    return found


def _amounts(reading: Reading, marks: list[Mark]) -> Iterator[_Amount]:
    units = {mark.start for mark in marks if mark.value == "unit"}
    taken = 0
    for mark in marks:
        if mark.end <= taken or (mark.value != "unit" and mark.end in units):
            continue
        for amount in _of_mark(reading, mark, units):
            taken = mark.end
            yield amount


def _of_mark(reading: Reading, mark: Mark, units: set[int]) -> Iterator[_Amount]:
    words = reading.words
    if mark.value == "unit":
        yield from _ending_at(reading, mark.start, mark.end, int(mark.weight))
    elif mark.value == "said":
        if number_start(words, mark.start) < mark.start:
            yield from _ending_at(reading, mark.start, mark.end, int(mark.weight) * _TOMAN, "meant")
    elif not goes_on_after(words, mark.end):
        rule = _unitless(reading, mark, has_units=bool(units))
        if rule:
            yield from _ending_at(reading, mark.end, mark.end, _TOMAN, rule)


def _unitless(reading: Reading, mark: Mark, *, has_units: bool) -> str | None:
    """A number with a scale but no unit is toman if paid, or if it stands where a price is told and counts nothing."""
    words = reading.words
    after = words[mark.end] if mark.end < len(words) else ""
    if after in PHRASES["paid"]:
        return "paid"
    start = number_start(words, mark.end)
    if start == mark.start and mark.value == "scale" and words[start] in SCALES:
        return None  # «هزار» alone is anything
    ends = not after or after in PHRASES["goes_on"] or not reading.between(mark.end).isspace()
    if not ends or after in PHRASES["counted"]:
        return None
    before = words[max(0, start - _PRICED_WITHIN) : start]
    return "meant" if has_units or not PHRASES["priced"].isdisjoint(before) else None


def _ending_at(reading: Reading, end: int, said_to: int, rial: int, rule: str = "unit") -> Iterator[_Amount]:
    """The amount that ends before word `end`, preceded by one that shares its unit: «از ۵۰ به ۸۰ هزار تومان».

    `rial` is what one of the unit is worth, its scale included where both are one word.
    """
    words = reading.words
    start = number_start(words, end)
    if start > 0 and words[start - 1] in PHRASES["vague"]:
        return
    unit = _TOMAN if rial % _TOMAN == 0 and (rial == _TOMAN or rial // _TOMAN in _SCALE_WORDS) else 1
    number_words = [*words[start:end], *([_SCALE_WORDS[rial // unit]] if rial > unit else [])]
    number = number_of(number_words) if number_words else None
    if number is None:
        return
    if start < end:
        yield from _before(reading, start, number_words, unit)
    yield _Amount(number * unit, start, said_to, rule)


def _before(reading: Reading, start: int, number_words: list[str], unit: int) -> Iterator[_Amount]:
    """The lower end of a range whose upper end begins at word `start`."""
    words = reading.words
    place = start - 1
    if place > 0 and (words[place] in PHRASES["range"] or (words[place] == "و" and "بین" in words[place - 2 : place])):
        place -= 1
    elif place < 0 or parse_number(words[start]) is None or reading.between(start).strip() not in _DASHES:
        return
    first = parse_number(words[place])
    if first is not None:
        yield _Amount(first * SCALES.get(number_words[-1], 1) * unit, place, place + 1, "shared")
    elif words[place] in SCALES:
        begun = number_start(words, place + 1)
        yield _Amount((number_of(words[begun : place + 1]) or 0) * unit, begun, place + 1, "shared")
