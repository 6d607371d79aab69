"""Amounts of money said in a text, in rial: toman times ten, digits or words, with the unit or clearly meant.

Owns what counts as an amount. Weights, counts and years are none; nothing is added up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.numeral import PHRASES, SCALES, number_of, number_start, parse_number
from normalizer.reading import Reading, read

_MOST_RIAL: Final = 10**15
_TOMAN: Final = 10


def find_amounts_rial(text: str) -> tuple[int, ...]:
    """Gives every amount a text says, in rial, in order, each once; above 10^15 is no amount."""
    return find_amounts_in(read(text))


def find_amounts_in(reading: Reading) -> tuple[int, ...]:
    """As `find_amounts_rial`, for a text already read."""
    amounts = [round(amount) for amount in _amounts(reading)]
    return tuple(dict.fromkeys(amount for amount in amounts if 0 < amount <= _MOST_RIAL))


def _amounts(reading: Reading) -> Iterator[float]:
    words = reading.words
    for mark in reading.of("money"):
        if mark.value == "unit":
            yield from _ending_at(words, mark.start, int(mark.weight))
        elif mark.end < len(words) and words[mark.end] in PHRASES["paid"]:
            yield from _ending_at(words, mark.end, _TOMAN)


def _ending_at(words: list[str], end: int, rial: int) -> Iterator[float]:
    """The amount whose unit is word `end`, preceded by one that shares its unit: «از ۵۰ به ۸۰ هزار تومان»."""
    start = number_start(words, end)
    if start > 0 and words[start - 1] in PHRASES["vague"]:
        return
    number = number_of(words[start:end]) if start < end else None
    if number is None:
        return
    if start > 1 and words[start - 1] in PHRASES["range"]:
        first = parse_number(words[start - 2])
        if first is not None:
            yield first * _scale(words[start:end]) * rial
        elif words[start - 2] in SCALES:
            yield (number_of(words[number_start(words, start - 1) : start - 1]) or 0) * rial
    yield number * rial


def _scale(words: list[str]) -> int:
    return SCALES.get(words[-1], 1)
