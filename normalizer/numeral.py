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
UNITS: Final[dict[str, int]] = _TABLE["units"]
ORDINALS: Final[dict[str, int]] = _TABLE["ordinals"]
HALVES: Final[dict[str, float]] = _TABLE["halves"]
PHRASES: Final = {kind: frozenset(words) for kind, words in _TABLE["words"].items()}
_NUMBER_WORDS: Final = VALUES.keys() | SCALES.keys() | HALVES.keys()
_MOST_WORDS: Final = 16
_AND: Final = frozenset(("و", "o", "va"))
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[.,/][0-9]{3})+")
_DECIMAL: Final = re.compile(r"[0-9]{1,6}[.,/][0-9]{1,2}")
_LONGEST: Final = 16


def money_entries() -> Iterator[Entry]:
    """Gives units and scales as lexicon entries of kind `money`, for the value `unit` or `scale`."""
    yield from (Entry(word, "money", "unit", rial) for word, rial in UNITS.items())
    yield from (Entry(word, "money", "scale", scale) for word, scale in SCALES.items())


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
        return 1 < start < end and (words[start - 2] in _NUMBER_WORDS or parse_number(words[start - 2]) is not None)
    # A figure before a word that begins a number of its own belongs to something else.
    return parse_number(word) is not None and not (start < end and _opens(words[start]))


def _opens(word: str) -> bool:
    return word in VALUES or parse_number(word) is not None


def number_of(words: Sequence[str]) -> float | None:
    """Adds up a number's words: «یک میلیون و دویست هزار», «2.5 میلیون», «یک میلیون و نیم»; None for no number."""
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
            value = VALUES.get(word)
            current += parse_number(word) or 0 if value is None else value
    return total + current if met else None
