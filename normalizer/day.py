"""The day something happened: Jalali and Gregorian dates, and days named from today, as seen from Tehran.

Only days that are exact or exactly computable count; «هفته پیش» is none. A day that has not come yet is none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from normalizer.lexicon import Mark
from normalizer.numeral import ORDINALS, VALUES, parse_number
from normalizer.reading import Reading
from normalizer.text import fold

TEHRAN: Final = ZoneInfo("Asia/Tehran")
_WHOLE: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_IN_TEXT: Final = re.compile(r"([0-9][0-9]{1,3})([-/.])([0-9]{1,2})\2([0-9]{1,4})(?![./-]?[0-9])")
_JALALI_YEARS: Final = range(1300, 1500)
_GREGORIAN_YEARS: Final = range(1900, 2200)
_WEEK_DAYS: Final = 7
_SATURDAY: Final = 5
_MOST_DATES: Final = 20
_NAMED: Final = frozenset(("day", "month", "weekday"))
_RANGE_BEFORE, _RANGE_AFTER = frozenset(("هر", "تا")), frozenset(("تا", "اینده", "بعد", "بعدی"))
_MONTH_FILLERS: Final = frozenset(("ماه", "سال", "ام", "م"))


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
            return _gregorian(year, month, day)
        return date(year, month, day) if year in _GREGORIAN_YEARS else None
    except ValueError:
        return None


def _gregorian(year: int, month: int, day: int) -> date:
    found: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    return found


def _jalali_year(day: date) -> int:
    year: int = JalaliDate.to_jalali(day).year  # type: ignore[no-untyped-call]
    return year


def find_day_in(reading: Reading, received_at: datetime) -> date | None:
    """Gives the first day named, written dates before counted ones, counted ones before weekdays."""
    written = _written(reading.key)
    if not written and _NAMED.isdisjoint(reading.marks):
        return None
    today = tehran_day(received_at)
    for day in (*written, *_of_month(reading, today), *_counted(reading, today), *_weekdays(reading, today)):
        if day <= today:
            return day
    return None


def _written(key: str) -> list[date]:
    """«1405/8/20», «20-8-1405», «99.8.20»."""
    if "/" not in key and "-" not in key and key.count(".") < 2:
        return []
    days = []
    for match in islice(_IN_TEXT.finditer(key), _MOST_DATES):
        if match.start() and key[match.start() - 1] in "0123456789./-":
            continue
        first, month, last = int(match[1]), int(match[3]), int(match[4])
        year, day = (last, first) if len(match[4]) == 4 else (first, last)
        if len(match[1]) == 2 and len(match[4]) <= 2:
            year += 1400 if first < 50 else 1300
        days.append(make_day(year, month, day) if len(match[1]) != 3 else None)
    return [day for day in days if day]


def _of_month(reading: Reading, today: date) -> Iterator[date]:
    """«۲۰ آبان», «بیستم آبان ماه ۱۴۰۵»; without a year the latest one that is not to come."""
    words = reading.words
    for mark in reading.of("month"):
        number = _day_number(words, mark.start)
        if not number:
            continue
        year = _year_after(words, mark.end)
        this_year = _jalali_year(today)
        for candidate in (year,) if year else (this_year, this_year - 1):
            found = make_day(candidate, int(mark.value), number)
            if found and found <= today:
                yield found
                break


def _day_number(words: list[str], month: int) -> int:
    before = words[month - 1] if month else ""
    if before in ("م", "ام") and month > 1:
        before = words[month - 2]
    tens = words[month - 3] if month > 2 and words[month - 2] == "و" else ""
    number = parse_number(before) or ORDINALS.get(before) or VALUES.get(before) or 0
    if tens in ("بیست", "سی") and number < 10:
        number += VALUES[tens]
    return int(number) if number == int(number) and number <= 31 else 0


def _year_after(words: list[str], place: int) -> int | None:
    for word in words[place : place + 3]:
        if word not in _MONTH_FILLERS:
            number = parse_number(word)
            return int(number) if number and int(number) in _JALALI_YEARS else None
    return None


def _counted(reading: Reading, today: date) -> Iterator[date]:
    """«دیروز», «پریروز», «۳ روز پیش»."""
    for mark in reading.of("day"):
        if mark.value != "ago":
            yield today - timedelta(days=int(mark.value))
            continue
        before = reading.words[mark.start - 1] if mark.start else ""
        number = parse_number(before) or VALUES.get(before) or 0
        if 0 < number <= 60 and number == int(number):
            yield today - timedelta(days=int(number))


def _weekdays(reading: Reading, today: date) -> Iterator[date]:
    """The latest such weekday before today; «از شنبه تا چهارشنبه» and «هر شنبه» name no day."""
    marks = reading.of("weekday")
    for mark in marks:
        if not _inside_longer(mark, marks) and _names_a_day(reading.words, mark):
            back = (today.weekday() - _SATURDAY - int(mark.value)) % _WEEK_DAYS
            yield today - timedelta(days=back or _WEEK_DAYS)


def _inside_longer(mark: Mark, marks: list[Mark]) -> bool:
    return any(other.start < mark.start < other.end for other in marks)


def _names_a_day(words: list[str], mark: Mark) -> bool:
    before = words[mark.start - 1] if mark.start else ""
    after = words[mark.end] if mark.end < len(words) else ""
    return before not in _RANGE_BEFORE and after not in _RANGE_AFTER
