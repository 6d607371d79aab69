"""The kind of violation: by what the words say outright, else by what they say together; how sure, and the next guess.

Scores of words come from the lexicon's weights (3 says it outright, 1 hints). Where they leave doubt the classifier is
asked. It never pretends: below `SURE` there is no category, only guesses.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from normalizer.complaint import CATEGORIES
from normalizer.guessing import Guessing
from normalizer.lexicon import Mark
from normalizer.reading import Reading

# 3 against nothing gives 0.75, 3 against 3 said later 0.55, a lone hint 0.5.
SURE: Final = 0.3
"""Of guesses less sure than this two of three are wrong (messages of writers nothing was learned of)."""
OUTRIGHT: Final = 0.78
"""What words alone reach where two of them say it and none says anything else: then no guess counts."""
PLAIN: Final = 0.75
SURER: Final = 0.5
"""One word that says it outright holds against a guess that is less sure than this."""
SURE_OF_LITTLE, SURE_OF_ANYTHING = 0.6, 0.75
"""Who says no more than that there is a complaint sounds like the rest of the categories: such are asked."""
_LITTLE, _FEW_FAMILIES = 12, 3
_ANYTHING: Final = "other"
_SAID_LATER, _SAID_EARLIER = 0.5, 0.8
_SAID_FIRST: Final = 0.5
_REPEATED: Final = 0.5
_STRONG: Final = 2.0
_ALSO_WEIGHT: Final = 0.5


class Category(NamedTuple):
    """A recognised category or None, the confidence in [0, 1) of the best guess, and the next best guess.

    Where nothing was sure enough, `second` is the best guess itself (that is not `other`).
    """

    name: str | None
    confidence: float
    second: str | None


NOTHING: Final = Category(None, 0.0, None)


def category_of(reading: Reading, guessing: Guessing) -> Category:
    """Gives the main grievance of a text that tells of one."""
    said = said_outright(reading)
    best, rival = guessing.categories()[:2]
    if said.confidence >= OUTRIGHT or (said.confidence >= PLAIN and best.share < SURER):
        return said._replace(second=said.second or (rival if best.label == said.name else best).label)
    if best.share < _bound(best.label, reading):
        return Category(None, round(best.share, 2), (rival if best.label == _ANYTHING else best).label)
    return Category(best.label, round(best.share, 2), rival.label)


def _bound(label: str, reading: Reading) -> float:
    """How sure a guess of this label must be."""
    if not _says_little(reading):
        return SURE
    return SURE_OF_ANYTHING if label == _ANYTHING else SURE_OF_LITTLE


def _says_little(reading: Reading) -> bool:
    """True for a few words, none of grievance and hardly any of the families that tell grievances apart."""
    if len(reading.words) >= _LITTLE or reading.of("category"):
        return False
    return len({mark.value for mark in reading.of("concept")}) < _FEW_FAMILIES


def said_outright(reading: Reading) -> Category:
    """Gives the grievance by the lexicon's words alone."""
    marks = reading.of("category")
    if not marks:
        return NOTHING
    also = {mark.start for mark in reading.of("also")}
    tallies: dict[str, _Tally] = {}
    for mark in marks:
        if mark.value not in tallies:
            tallies[mark.value] = _Tally(mark.value)
        tallies[mark.value].add(mark, _weight(mark, also))
    return _verdict(list(tallies.values()))


def _verdict(tallies: list[_Tally]) -> Category:
    first = min(tallies, key=lambda tally: tally.first)
    for tally in tallies:
        tally.rank = tally.score + (_SAID_FIRST if tally is first else 0.0)
    tallies.sort(key=lambda tally: (-tally.rank, CATEGORIES.index(tally.name)))
    best, rival = tallies[0], tallies[1] if len(tallies) > 1 else None
    share = best.score + 1.0
    if rival:
        share += rival.score * (_SAID_LATER if best.first < rival.first else _SAID_EARLIER)
    confidence = round(best.score / share, 2)
    return Category(best.name, confidence, rival.name if rival else None)


class _Tally:
    """What speaks for one category: its strongest mark, half of all others, and where it was first said outright.

    Of marks that begin within one another only the heavier counts.
    """

    __slots__ = ("_counted_to", "_last", "_strongest", "_total", "first", "name", "rank")

    def __init__(self, name: str) -> None:
        self.name = name
        self.first: float = math.inf
        self.rank = 0.0
        self._strongest = self._total = self._last = 0.0
        self._counted_to = 0

    @property
    def score(self) -> float:
        """Gives the weight of all that was said for it."""
        return self._strongest + (self._total - self._strongest) * _REPEATED

    def add(self, mark: Mark, weight: float) -> None:
        """Counts a mark; they come in the order of the text."""
        if mark.start < self._counted_to:
            if weight <= self._last:
                return
            self._total -= self._last
        self._total += weight
        self._last, self._counted_to = weight, mark.end
        if weight > self._strongest:
            self._strongest = weight
        if mark.weight >= _STRONG and mark.start < self.first:
            self.first = mark.start


def _weight(mark: Mark, also: set[int]) -> float:
    """«فاکتور هم نداد» is said beside the main grievance."""
    beside = also and mark.start and not also.isdisjoint(range(mark.start - 1, mark.end))
    return mark.weight * _ALSO_WEIGHT if beside else mark.weight
