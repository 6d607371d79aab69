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
_SAID_FIRST: Final = 0.5
_REPEATED: Final = 0.5
_STRONG: Final = 2.0
_ALSO_WEIGHT: Final = 0.5
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
    ranked = sorted(
        scores, key=lambda name: (-scores[name] - _SAID_FIRST * (said_at[name] == 0), CATEGORIES.index(name))
    )
    best, rival = ranked[0], ranked[1] if len(ranked) > 1 else None
    share = scores[best] + 1.0
    if rival:
        share += scores[rival] * (_SAID_LATER if said_at[best] < said_at[rival] else _SAID_EARLIER)
    confidence = round(scores[best] / share, 2)
    return Category(best, confidence, rival) if confidence >= SURE else Category(None, confidence, best)


def _scores(marks: list[Mark], words: list[str]) -> tuple[dict[str, float], dict[str, int]]:
    """Gives, for each category, its strongest mark plus half of the others, and in which order it was first said."""
    strongest: dict[str, float] = {}
    scores: dict[str, float] = {}
    serious: dict[str, int] = {}
    for mark in _apart(marks):
        name, weight = mark.value, mark.weight * _ALSO_WEIGHT if _said_also(words, mark) else mark.weight
        before = strongest.get(name, 0.0)
        strongest[name] = max(before, weight)
        scores[name] = scores.get(name, 0.0) + max(weight - before, 0.0) + min(weight, before) * _REPEATED
        if mark.weight >= _STRONG:
            serious[name] = min(serious.get(name, mark.start), mark.start)
    order = {name: place for place, name in enumerate(sorted(serious, key=serious.__getitem__))}
    return scores, {name: order.get(name, len(order)) for name in scores}


def _said_also(words: list[str], mark: Mark) -> bool:
    return mark.start > 0 and not _ALSO.isdisjoint(words[mark.start - 1 : mark.end])


def _apart(marks: list[Mark]) -> list[Mark]:
    """Of marks of one category that begin within one another, keeps the heavier."""
    kept: list[Mark] = []
    last: dict[str, int] = {}
    for mark in marks:
        place = last.get(mark.value)
        if place is not None and mark.start < kept[place].end:
            if mark.weight > kept[place].weight:
                kept[place] = mark
            continue
        last[mark.value] = len(kept)
        kept.append(mark)
    return kept
