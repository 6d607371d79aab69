"""Numbers as people write them: digits with any separators, words, and the two mixed («۱٫۵ میلیون», «دویست هزار»)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from normalizer.data import load_table
from normalizer.lexicon import Entry

_TABLE: Final = load_table("numerals.toml")
VALUES: Final[dict[str, int]] = _TABLE["values"]
SCALES: Final[dict[str, int]] = _TABLE["scales"]
SCALES_SAID: Final[dict[str, int]] = _TABLE["scales_said"]
UNITS: Final[dict[str, int]] = _TABLE["units"]
ORDINALS: Final[dict[str, int]] = _TABLE["ordinals"]
HALVES: Final[dict[str, float]] = _TABLE["halves"]
PHRASES: Final = {kind: frozenset(words) for kind, words in _TABLE["words"].items()}
# «سیصدهزار», as whoever leaves out the space writes it.
TOGETHER: Final = {value + scale: VALUES[value] * SCALES[scale] for value in VALUES for scale in ("هزار", "میلیون")}
_NUMBER_WORDS: Final = VALUES.keys() | SCALES.keys() | HALVES.keys() | TOGETHER.keys()
_MOST_WORDS: Final = 16
_AND: Final = frozenset(("و", "o", "va"))
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[.,/][0-9]{3})+")
_DECIMAL: Final = re.compile(r"[0-9]{1,6}[.,/][0-9]{1,2}")
_LONGEST: Final = 16
_THOUSAND, _MILLION, _LEAST_LEFT_OUT = 1_000, 1_000_000, 10


def money_entries() -> Iterator[Entry]:
    """Gives units and scales as lexicon entries of kind `money`, for the value `unit`, `scale` or `said`."""
    yield from (Entry(word, "money", "unit", rial) for word, rial in UNITS.items())
    yield from (Entry(word, "money", "scale", 1) for word in (*SCALES, *TOGETHER))
    yield from (Entry(word, "money", "said", scale) for word, scale in SCALES_SAID.items())


def parse_number(word: str) -> float | None:
    """Reads one word of ASCII digits; three digits after a separator are thousands, one or two are decimals."""
    if not "0" <= word[:1] <= "9":
        return None
    if len(word) <= _LONGEST and word.isascii() and word.isdecimal():
        return int(word)
    if _GROUPED.fullmatch(word):
        return int(re.sub(r"[.,/]", "", word)) if len(word) <= 20 else None
    if _DECIMAL.fullmatch(word):
        return float(word.replace("/", ".").replace(",", "."))
    return None


def number_start(words: Sequence[str], end: int) -> int:
    """Says at which word the number begins that ends before word `end`; `end` itself where there is none."""
    start = end
    while start > 0 and end - start < _MOST_WORDS and _goes_on(words, start, end):
        start -= 1
    return start


def _goes_on(words: Sequence[str], start: int, end: int) -> bool:
    """Says whether the word before `start` belongs to the number `start`..`end`."""
    word = words[start - 1]
    if word in _NUMBER_WORDS:
        return True
    if word in _AND:
        return 1 < start < end and (
            words[start - 2] in _NUMBER_WORDS or (words[start] in HALVES and parse_number(words[start - 2]) is not None)
        )
    # A figure before a word that begins a number of its own belongs to something else.
    return parse_number(word) is not None and not (start < end and _opens(words[start]))


def _opens(word: str) -> bool:
    return word in VALUES or word in TOGETHER or parse_number(word) is not None


def goes_on_after(words: Sequence[str], end: int) -> bool:
    """Says whether the number that ends before word `end` goes on there: «یک میلیون | و دویست هزار»."""
    place = end + 1 if end < len(words) and words[end] in _AND else end
    return place < len(words) and (words[place] in _NUMBER_WORDS or parse_number(words[place]) is not None)


def number_of(words: Sequence[str]) -> float | None:
    """Adds up a number's words: «یک میلیون و دویست هزار», «2.5 میلیون», «یک میلیون و نیم»; None for no number.

    Hundreds after millions are thousands, as they are when spoken: «یک میلیون و دویست» is 1,200,000.
    """
    total, current, last_scale, met = 0.0, 0.0, 0, False
    for word in words:
        if word in _AND:
            continue
        met = True
        if word in SCALES:
            last_scale = SCALES[word]
            total, current = total + (current or 1) * last_scale, 0.0
        elif word in HALVES:
            current, total = (current, total + last_scale / 2) if last_scale and not current else (current + 0.5, total)
        else:
            current += _value(word)
    if last_scale >= _MILLION and _LEAST_LEFT_OUT <= current < _THOUSAND:
        current *= last_scale // _THOUSAND
    return total + current if met else None


def _value(word: str) -> float:
    value = VALUES.get(word) or TOGETHER.get(word)
    return value if value is not None else parse_number(word) or 0
