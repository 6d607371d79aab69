"""Days as people write them, and which day it is in Tehran: Jalali and Gregorian dates of digits.

Owns the calendars' arithmetic. Which of the days in a message is the event's is told in `happened`.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from normalizer.text import fold

TEHRAN: Final = ZoneInfo("Asia/Tehran")
_WHOLE: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_JALALI_YEARS: Final = range(1300, 1500)
_GREGORIAN_YEARS: Final = range(1900, 2200)
_CENTURY, _LATEST_SHORT_YEAR = 100, 50


def tehran_day(moment: datetime) -> date:
    """Gives the day it is in Tehran at an aware moment."""
    return moment.astimezone(TEHRAN).date()


def parse_day(text: str) -> date | None:
    """Reads a text that is one date, "1405-08-20" or "2026-11-11", in any script, with - / or . between."""
    match = _WHOLE.fullmatch(fold(text))
    return make_day(int(match[1]), int(match[3]), int(match[4])) if match else None


def make_day(year: int, month: int, day: int) -> date | None:
    """Gives the Gregorian day of a Jalali (13xx, 14xx) or Gregorian year, month and day; None if there is none."""
    try:
        if year in _JALALI_YEARS:
            found: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
            return found
        return date(year, month, day) if year in _GREGORIAN_YEARS else None
    except ValueError:
        return None


def jalali_year(day: date) -> int:
    """Gives the Jalali year a Gregorian day lies in."""
    year: int = JalaliDate.to_jalali(day).year  # type: ignore[no-untyped-call]
    return year


def whole_year(year: int) -> int:
    """Gives the year a Jalali one of two or three digits stands for: 99 is 1399, 04 and 404 are 1404."""
    if year >= 10 * _CENTURY:
        return year
    if year >= _CENTURY:
        return year + 10 * _CENTURY
    return year + (14 if year < _LATEST_SHORT_YEAR else 13) * _CENTURY
