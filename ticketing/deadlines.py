"""How long things may take: named terms, their lengths from the procedures' data, overruled by settings.

Terms run in plain time or in working time, as their lengths are written; `due` is the one door to both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from normalizer.day import tehran_day
from ticketing.lengths import Length, parse_length
from ticketing.working_time import WorkingTime
from ticketing.wrong_key import WrongKey


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The length of every term, by name, and the calendar working time is counted by."""

    terms: Mapping[str, Length] = field(default_factory=dict)
    calendar: WorkingTime = field(default_factory=WorkingTime)

    @classmethod
    def from_settings(
        cls, settings: Mapping[str, object], defaults: Mapping[str, Length], calendar: WorkingTime | None = None
    ) -> Deadlines:
        """Terms of the procedures (`defaults`), overruled by `[deadlines]`. Raises `WrongKey`."""
        terms = dict(defaults)
        for name, written in settings.items():
            if name not in defaults:
                raise WrongKey(f"deadlines.{name}", f"no procedure has this term; there are {', '.join(defaults)}")
            try:
                terms[name] = parse_length(written)
            except ValueError as error:
                raise WrongKey(f"deadlines.{name}", str(error)) from error
        return cls(terms, calendar or WorkingTime())

    def due(self, term: str, at: datetime, shorter: Mapping[str, Length] | None = None) -> datetime:
        """When a term that starts at `at` ends; `shorter` holds the terms the ticket's category has of its own."""
        length = (shorter or {}).get(term) or self.terms[term]
        return length.after(at, self.calendar)


def due_on(due_at: datetime | None) -> date | None:
    """The day a due moment falls on in Tehran."""
    return tehran_day(due_at) if due_at else None
