"""How long things may take: the terms of procedures, their lengths from the dated file, overruled by settings.

A clock has the length that is valid when it starts, for its ticket's category where that has one of its own. Terms run
in plain time or in working time, as their lengths are written; `due` is the one door to both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from normalizer.day import tehran_day
from ticketing.lengths import Length, parse_length
from ticketing.title import Title
from ticketing.working_time import WorkingTime
from ticketing.wrong_key import WrongKey


class Term(NamedTuple):
    """A term of a procedure; with a category, that category's own length of it."""

    procedure: str
    name: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term's length. `since` when, and by which of the file's laws: both are None where the settings say it.

    So long before its end (`warn`) whoever has the ticket is warned.
    """

    length: Length
    since: date | None = None
    warn: Length | None = None
    law: str | None = None


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The lengths of every term, oldest first, those the settings say instead, and the calendar they are counted by."""

    dated: Mapping[Term, tuple[Deadline, ...]] = field(default_factory=dict)
    overruled: Mapping[str, Length] = field(default_factory=dict)
    calendar: WorkingTime = field(default_factory=WorkingTime)
    laws: Mapping[str, Title] = field(default_factory=dict)

    @property
    def names(self) -> Iterable[str]:
        """What the terms of all procedures are called, each once."""
        return dict.fromkeys(term.name for term in self.dated)

    def overrule(self, settings: Mapping[str, str]) -> Deadlines:
        """With what `[deadlines]` says; an empty length says nothing. Raises `WrongKey`."""
        lengths: dict[str, Length] = {}
        for name, written in settings.items():
            if name not in self.names:
                raise WrongKey(f"deadlines.{name}", f"no procedure has this term; there are {', '.join(self.names)}")
            try:
                lengths |= {name: parse_length(written)} if written else {}
            except ValueError as error:
                raise WrongKey(f"deadlines.{name}", str(error)) from error
        return replace(self, overruled=lengths)

    def of(self, procedure: str, name: str, at: datetime, category: str | None = None) -> Deadline:
        """The deadline of a clock that starts at `at`. Raises KeyError for a term no procedure has."""
        dated = self.dated[Term(procedure, name)]
        own = self.dated.get(Term(procedure, name, category)) if category else None
        valid = _valid(own or dated, tehran_day(at))
        if own is None and name in self.overruled:
            return Deadline(self.overruled[name], warn=valid.warn)
        return valid

    def due(self, procedure: str, name: str, at: datetime, category: str | None = None) -> datetime:
        """When a term that starts at `at` ends."""
        return self.of(procedure, name, at, category).length.after(at, self.calendar)


def due_on(due_at: datetime | None) -> date | None:
    """The day a due moment falls on in Tehran."""
    return tehran_day(due_at) if due_at else None


def _valid(dated: tuple[Deadline, ...], day: date) -> Deadline:
    """The last that is valid on `day`; before all of them, the first."""
    return next((each for each in reversed(dated) if each.since is not None and each.since <= day), dated[0])
