"""The days a period begins and ends with, as the form asks for them: day, month by its name, and year, one field each.

The months are those of the page's calendar, so a year of the other calendar makes no day. In addresses a day is one
word, and stays readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from persiantools.jdatetime import JalaliDate

from normalizer.day import parse_day
from normalizer.text import digits

BOUNDS: Final = ("from", "to")
PARTS: Final = ("day", "month", "year")
FIELDS: Final = tuple(f"{bound}.{part}" for bound in BOUNDS for part in PARTS)
_LEAST_GREGORIAN: Final = "1500"


def months(language: str) -> list[tuple[str, str]]:
    """The months of the language's calendar: number and name."""
    firsts = {
        number: JalaliDate(1400, number, 1, locale="fa") if language == "fa" else date(2000, number, 1)  # type: ignore[no-untyped-call]
        for number in range(1, 13)
    }
    return [(str(number), first.strftime("%B")) for number, first in firsts.items()]


def put_together(asked: Mapping[str, str], bound: str, language: str) -> str:
    """A bound as addresses have it: from its three fields where they were filled in, else as it was written.

    What is no day of the language's calendar stays as it was typed, for the period to refuse.
    """
    parts = [digits(asked.get(f"{bound}.{part}", "")).strip() for part in PARTS]
    if not any(parts):
        return asked.get(bound, "")
    day, month, year = parts
    is_of_calendar = (year < _LEAST_GREGORIAN) == (language == "fa")
    return f"{year}-{month:0>2}-{day:0>2}" if is_of_calendar else f"{day} {month} {year}"


def taken_apart(written: str, bound: str, language: str) -> dict[str, str]:
    """The three fields of a bound, in the language's calendar; nothing where it is no day."""
    found = parse_day(written)
    if found is None:
        return {}
    shown = JalaliDate(found) if language == "fa" else found  # type: ignore[no-untyped-call]
    return {f"{bound}.{part}": str(getattr(shown, part)) for part in PARTS}
