"""The kind of violation, by what the words say: a category, how sure, and the next best guess.

Scores come from the lexicon's weights (3 says it outright, 1 hints). It never pretends: below `SURE` there is no
category, only guesses.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from normalizer.complaint import CATEGORIES
from normalizer.lexicon import Mark
from normalizer.reading import Reading, read

# 3 against nothing gives 0.75, 3 against 3 said later 0.55, a lone hint 0.5.
SURE: Final = 0.52
_SAID_LATER, _SAID_EARLIER = 0.5, 0.8
_REPEATED: Final = 0.5
_ALSO: Final = frozenset(("هم", "همچنین", "تازه", "ham", "also"))


class Category(NamedTuple):
    """A recognised category or None, the confidence in [0, 1) of the best guess, and the next best guess.

    Where nothing was sure enough, `second` is the best guess itself.
    """

    name: str | None
    confidence: float
    second: str | None


NOTHING: Final = Category(None, 0.0, None)


def recognise(text: str) -> Category:
    """Gives the main grievance of a text."""
    return recognise_in(read(text))


def recognise_in(reading: Reading) -> Category:
    """As `recognise`, for a text already read."""
    marks = reading.of("category")
    if not marks:
        return NOTHING
    scores, said_at = _scores(marks, reading.words)
    ranked = sorted(scores, key=lambda name: (-scores[name] - (said_at[name] == 0), CATEGORIES.index(name)))
    best, rival = ranked[0], ranked[1] if len(ranked) > 1 else None
    share = scores[best] + 1.0
    if rival:
        share += scores[rival] * (_SAID_LATER if said_at[best] < said_at[rival] else _SAID_EARLIER)
    confidence = round(scores[best] / share, 2)
    return Category(best, confidence, rival) if confidence >= SURE else Category(None, confidence, best)


def _scores(marks: list[Mark], words: list[str]) -> tuple[dict[str, float], dict[str, int]]:
    """Gives, for each category, its strongest mark plus half of the others, and in which order it was first said."""
    strongest: dict[str, float] = {}
    total: dict[str, float] = {}
    first_said: dict[str, int] = {}
    for value, weight, start in _one_per_word(marks, words):
        strongest[value] = max(strongest.get(value, 0.0), weight)
        total[value] = total.get(value, 0.0) + weight
        first_said.setdefault(value, start)
    scores = {name: strongest[name] + (total[name] - strongest[name]) * _REPEATED for name in total}
    serious = sorted((start, name) for name, start in first_said.items() if strongest[name] >= 2)
    order = {name: place for place, (_, name) in enumerate(serious)}
    return scores, {name: order.get(name, len(order)) for name in scores}


def _one_per_word(marks: list[Mark], words: list[str]) -> list[tuple[str, float, int]]:
    """Of several marks of a category that begin or lie within one another, keeps the heaviest; «هم» halves."""
    kept: dict[str, tuple[int, int]] = {}
    found: list[tuple[str, float, int]] = []
    for mark in sorted(marks, key=lambda mark: (-mark.weight, mark.start)):
        begin, end = kept.get(mark.value, (0, 0))
        if begin <= mark.start < end:
            continue
        kept[mark.value] = (mark.start, mark.end) if not end else (min(begin, mark.start), max(end, mark.end))
        also = not _ALSO.isdisjoint(words[max(0, mark.start - 1) : mark.end])
        found.append((mark.value, mark.weight * (0.5 if also and mark.start else 1.0), mark.start))
    return found
