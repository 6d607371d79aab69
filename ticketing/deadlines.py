"""How long things may take: named terms, their lengths from the procedures' data, overruled by settings.

Terms run in plain time; a calendar of working hours would go behind `due` and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from ticketing.wrong_key import WrongKey

TEHRAN: Final = ZoneInfo("Asia/Tehran")
_WRITTEN: Final = re.compile(r"([0-9]{1,4})([smhd])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(written: object) -> timedelta:
    """Read `"36h"`, `"10d"`, `"90m"` or `"30s"`. Raises ValueError for anything else, nothing at all (`"0h"`) too."""
    if isinstance(written, timedelta):
        return written
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None or int(found[1]) == 0:
        raise ValueError("a time is written as a number above 0 and s, m, h or d: 90m, 36h, 10d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The length of every term, by name."""

    terms: Mapping[str, timedelta] = field(default_factory=dict)

    @classmethod
    def from_settings(cls, settings: Mapping[str, object], defaults: Mapping[str, timedelta]) -> Deadlines:
        """Terms of the procedures (`defaults`), overruled by `[deadlines]`. Raises `WrongKey`."""
        terms = dict(defaults)
        for name, written in settings.items():
            if name not in defaults:
                raise WrongKey(f"deadlines.{name}", f"no procedure has this term; there are {', '.join(defaults)}")
            try:
                terms[name] = parse_duration(written)
            except ValueError as error:
                raise WrongKey(f"deadlines.{name}", str(error)) from error
        return cls(terms)

    def due(self, term: str, at: datetime, shorter: Mapping[str, timedelta] | None = None) -> datetime:
        """When a term that starts at `at` ends; `shorter` holds the terms the ticket's category has of its own."""
        length = (shorter or {}).get(term) or self.terms[term]
        return (at + length).astimezone(UTC)


def due_on(due_at: datetime | None) -> date | None:
    """The day a due moment falls on in Tehran."""
    return due_at.astimezone(TEHRAN).date() if due_at else None
