"""How bodies dealt with the complaints about them: what is counted of a period, and what its measures mean.

Working definitions. *Registered*: opened within the period. All else is as it stood at one moment. *Answered*: closed
by then with an outcome the procedure calls an answer. *Delayed*: open, and a legal term of staff's had passed. *In
progress*: open and not delayed. *Closed otherwise*: the rest, such as withdrawn ones. *On time*: of all answered and
delayed, those answered before a term had passed: who never answers does not gain by it. *Days*: worked days from the
day of registration to that of the answer. *Satisfaction*: the mean of the ratings 1 … 5 given by then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from ticketing.measuring_period import Period
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.rules import Rules

REPORTED: Final = tuple(code for code in ORGANISATIONS if code != NATIONAL)
"""The organisations a review is about: the provinces, and the south of Kerman."""


class Group(NamedTuple):
    """Complaints about bodies of one kind in one organisation."""

    organisation: str
    kind: str


@dataclass(slots=True)
class Performance:
    """Counts that add up, of any set of groups; `days` holds how many were answered after so many worked days."""

    registered: int = 0
    otherwise: int = 0
    in_progress: int = 0
    delayed: int = 0
    on_time: int = 0
    ratings: int = 0
    rated: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)

    def add(self, other: Performance) -> None:
        """Count the other's too."""
        for name in ("registered", "otherwise", "in_progress", "delayed", "on_time", "ratings", "rated"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.outcomes.update(other.outcomes)
        self.days.update(other.days)

    @property
    def answered(self) -> int:
        """How many were answered, whatever the answer was."""
        return self.outcomes.total()

    @property
    def unanswered(self) -> int:
        """How many still wait for their answer."""
        return self.in_progress + self.delayed

    @property
    def answered_share(self) -> float | None:
        """The answered among the registered; None where there are none."""
        return self.answered / self.registered if self.registered else None

    @property
    def on_time_share(self) -> float | None:
        """Those answered on time among all answered or delayed; None where there are none."""
        decided = self.answered + self.delayed
        return self.on_time / decided if decided else None

    @property
    def median_days(self) -> float | None:
        """The median of worked days to the answer; the mean of the two in the middle where their number is even."""
        count = self.days.total()
        return (self._nth((count + 1) // 2) + self._nth(count // 2 + 1)) / 2 if count else None

    @property
    def ninetieth_days(self) -> int | None:
        """Within how many worked days nine of ten were answered (nearest rank)."""
        count = self.days.total()
        return self._nth((count * 9 + 9) // 10) if count else None

    @property
    def satisfaction(self) -> float | None:
        """The mean rating; None where there is none."""
        return self.rated / self.ratings if self.ratings else None

    def _nth(self, number: int) -> int:
        seen = 0
        for days in sorted(self.days):
            seen += self.days[days]
            if seen >= number:
                return days
        raise ValueError("there are not so many")


Groups = Mapping[Group, Performance]


@dataclass(frozen=True, slots=True)
class Review:
    """A procedure's complaints of a period, as they stood `at` a moment, beside those of the period before it then."""

    procedure: str
    period: Period
    at: datetime
    now: Groups
    before: Groups

    def total(self, groups: Groups | None = None) -> Performance:
        """Everything together."""
        return added((self.now if groups is None else groups).values())

    def of_kinds(self, groups: Groups | None = None) -> dict[str, Performance]:
        """By kind of body; only kinds with complaints."""
        return _by(self.now if groups is None else groups, lambda group: group.kind)

    def of_organisations(self, groups: Groups | None = None) -> dict[str, Performance]:
        """By organisation, in the register's order; one without complaints is there all the same."""
        found = _by(self.now if groups is None else groups, lambda group: group.organisation)
        return {code: found.get(code) or Performance() for code in REPORTED}

    def narrowed(self, organisation: str) -> Review:
        """The same of one organisation alone."""
        now, before = (
            {group: each for group, each in groups.items() if group.organisation == organisation}
            for groups in (self.now, self.before)
        )
        return Review(self.procedure, self.period, self.at, now, before)

    def ranks(self) -> dict[str, int]:
        """The place of each organisation with complaints: by the share answered, then by that on time, then by number.

        Equals share a place.
        """
        keys = {
            code: (-(each.answered_share or 0), -(each.on_time_share or 0), -each.registered)
            for code, each in self.of_organisations().items()
            if each.registered
        }
        ordered = sorted(keys.values())
        return {code: ordered.index(key) + 1 for code, key in keys.items()}

    def trends(self) -> dict[str, float]:
        """How the share answered changed against the period before, of organisations with complaints in both."""
        before = {code: each.answered_share for code, each in self.of_organisations(self.before).items()}
        changes: dict[str, float] = {}
        for code, each in self.of_organisations().items():
            share, earlier = each.answered_share, before[code]
            if share is not None and earlier is not None:
                changes[code] = share - earlier
        return changes


def reviewed(rules: Rules) -> list[str]:
    """The procedures whose complaints are reviewed by the bodies complained of."""
    return [code for code, procedure in rules.procedures.items() if procedure.answered]


def added(several: Iterable[Performance]) -> Performance:
    """All of them together."""
    total = Performance()
    for each in several:
        total.add(each)
    return total


def _by(groups: Groups, key: Callable[[Group], str]) -> dict[str, Performance]:
    found: dict[str, Performance] = {}
    for group, each in groups.items():
        found.setdefault(key(group), Performance()).add(each)
    return found
