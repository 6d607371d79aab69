"""Which complaints there were, and on which days each was registered, answered and closed, so that the figures hold.

The figures leave the days open; a seed draws them. Who answers, what is verified, what is late and what climbs is not
planned here: it follows from the days by the procedure and its clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from gateway.season.figures import Figures, OfOrganisation
from ticketing.body_register import body_register
from ticketing.measuring_period import jalali_day

BEGINS: Final = jalali_day(1398, 10, 27)
"""As many days before `FIRST` as there are from it to `LAST`: what the letter's period is held against."""
FIRST, LAST = jalali_day(1399, 3, 1), jalali_day(1399, 7, 1)
TABLE_FIRST, TABLE_LAST, TABLE_AS_OF = jalali_day(1399, 3, 14), jalali_day(1399, 6, 14), jalali_day(1399, 6, 19)
_LEGAL_DAYS: Final = 10
_VERIFYING_DAYS: Final = 2
_LATE_IN_TABLE: Final = 8
"""How much complaints gather towards the table's end: 1 is evenly. With fewer, most would have climbed to the top."""
_ONE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Case:
    """One complaint about a body of this kind. `answered` and `closed` are None where that did not happen.

    Between the two its answer is verified, where it is one that is.
    """

    organisation: str
    kind: str
    registered: date
    answered: date | None = None
    closed: date | None = None
    outcome: str = ""


def plan(figures: Figures, random: Random) -> list[Case]:
    """Every complaint, by the day it was registered."""
    cases: list[Case] = []
    for code, each in figures.organisations.items():
        cases += [replace(case, organisation=code) for case in _Days(each, random).all()]
    before = _with_kinds_drawn(figures, [case for case in cases if case.registered < FIRST], random)
    of_letter = _with_kinds(figures, [case for case in cases if case.registered >= FIRST], random)
    answered = _with_outcomes(figures, [case for case in of_letter if case.closed is not None], random)
    waiting = [_not_yet(case) for case in of_letter if case.closed is None]
    others = _with_outcomes(figures, [*waiting, *before], random)
    return sorted([*answered, *others], key=lambda case: case.registered)


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of one organisation's complaints."""

    figures: OfOrganisation
    random: Random

    def all(self) -> Iterator[Case]:
        of_table = self.figures.registered - self.figures.handled
        yield from (self._handled() for _ in range(self.figures.handled))
        yield from (self._answered_after_the_table() for _ in range(of_table - self.figures.delayed))
        yield from (Case("", "", self._late_in_table()) for _ in range(self.figures.delayed))
        answered = self.figures.elsewhere - self.figures.in_progress
        yield from (self._elsewhere(is_early=number % 3 != 2) for number in range(answered))
        yield from (self._in_progress(number) for number in range(self.figures.in_progress))
        yield from (self._before() for _ in range(self.figures.before_answered))
        yield from (self._before_and_late() for _ in range(self.figures.before - self.figures.before_answered))

    def _handled(self) -> Case:
        """Answered before the table was made up: most within the legal time, some after one rung or two."""
        late = self.random.random() < 0.2
        registered = self._between(TABLE_FIRST, TABLE_AS_OF - timedelta(days=36 if late else 13))
        return self._answered(registered, (11, 32) if late else (2, 9), TABLE_AS_OF)

    def _answered_after_the_table(self) -> Case:
        """Answered in the days after the letter that complained of it."""
        answered = self._between(TABLE_AS_OF + _ONE, LAST - _ONE)
        return self._closing(self._late_in_table(), answered, LAST)

    def _elsewhere(self, *, is_early: bool) -> Case:
        """Before the table's window or after it, and answered."""
        early, late = (FIRST, TABLE_FIRST - _ONE), (TABLE_LAST + _ONE, LAST - timedelta(days=12))
        return self._answered(self._between(*(early if is_early else late)), (2, 9), LAST)

    def _in_progress(self, number: int) -> Case:
        """So new that its legal time had not passed at the end; of some the answer was being verified."""
        registered = self._between(LAST - timedelta(days=_LEGAL_DAYS - 1), LAST)
        is_answered = number % 5 == 4 and registered <= LAST - timedelta(days=3)
        return Case("", "", registered, answered=LAST - _ONE if is_answered else None)

    def _before(self) -> Case:
        return self._answered(self._between(BEGINS, FIRST - timedelta(days=13)), (2, 9), FIRST - _ONE)

    def _before_and_late(self) -> Case:
        registered = self._between(FIRST - timedelta(days=25), FIRST - timedelta(days=12))
        return self._closing(registered, self._between(FIRST, FIRST + timedelta(days=8)), LAST)

    def _answered(self, registered: date, within: tuple[int, int], last: date) -> Case:
        return self._closing(registered, registered + timedelta(days=self.random.randint(*within)), last)

    def _closing(self, registered: date, answered: date, last: date) -> Case:
        closed = min(answered + timedelta(days=self.random.randint(0, _VERIFYING_DAYS)), last)
        return Case("", "", registered, answered, closed)

    def _late_in_table(self) -> date:
        share = self.random.random() ** (1 / _LATE_IN_TABLE)
        return TABLE_FIRST + timedelta(days=int(share * ((TABLE_LAST - TABLE_FIRST).days + 1)))

    def _between(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randint(0, (last - first).days))


def _not_yet(case: Case) -> Case:
    """Whose answer would close the complaint has not answered."""
    kinds = body_register().kinds
    answering = kinds[case.kind].answered_by
    return case if answering and kinds[answering].verified_above else replace(case, answered=None)


def _with_kinds(figures: Figures, cases: Sequence[Case], random: Random) -> list[Case]:
    """As many of each kind, answered and not, as the letter says."""
    answered = [code for code, each in figures.kinds.items() for _ in range(each.answered)]
    waiting = [code for code, each in figures.kinds.items() for _ in range(each.registered - each.answered)]
    random.shuffle(answered)
    random.shuffle(waiting)
    return [replace(case, kind=(waiting if case.closed is None else answered).pop()) for case in cases]


def _with_kinds_drawn(figures: Figures, cases: Sequence[Case], random: Random) -> list[Case]:
    weights = [each.registered for each in figures.kinds.values()]
    kinds = random.choices(list(figures.kinds), weights, k=len(cases))
    return [replace(case, kind=kind) for case, kind in zip(cases, kinds, strict=True)]


def _with_outcomes(figures: Figures, cases: Sequence[Case], random: Random) -> list[Case]:
    """Those that were answered get outcomes, spread by their weights."""
    answered = [case for case in cases if case.answered is not None]
    drawn = _spread(figures, len(answered))
    random.shuffle(drawn)
    return [replace(case, outcome=drawn.pop()) if case.answered is not None else case for case in cases]


def _spread(figures: Figures, count: int) -> list[str]:
    """So many outcomes by their weights, each to the nearest whole number."""
    total, spread, weights = sum(figures.outcomes.values()), list[str](), 0
    for code, weight in figures.outcomes.items():
        weights += weight
        spread += [code] * (round(count * weights / total) - len(spread))
    return spread
