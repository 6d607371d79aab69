"""Every day a message names: written out, of a month, counted from today, a weekday, now. As seen from Tehran.

Only days that are exact or exactly computable count; «هفته پیش» is none. A day that has not come yet is none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Final, NamedTuple

from normalizer.data import load_table
from normalizer.day import jalali_year, make_day, whole_year
from normalizer.lexicon import Mark
from normalizer.numeral import ORDINALS, VALUES, number_of, number_start, parse_number
from normalizer.reading import Reading

_IN_TEXT: Final = re.compile(r"([0-9][0-9]{1,3})([-/.])([0-9]{1,2})\2([0-9]{1,4})(?![./-]?[0-9])")
_WEEK_DAYS: Final = 7
_SATURDAY: Final = 5
_MOST_DATES: Final = 20
_MOST_DAYS_AGO: Final = 60
_UNDER_WAY_WITHIN: Final = 16
# Around New Year people still name the days of last Esfand.
_TURN_OF_THE_YEAR: Final = timedelta(days=90)
_WORDS: Final = {kind: frozenset(words) for kind, words in load_table("day_words.toml").items()}


class Named(NamedTuple):
    """A day and where its words stand, `start`..`end` (exclusive), and the rule it was read by."""

    day: date
    start: int
    end: int
    rule: str


def days_named(reading: Reading, today: date) -> Iterator[Named]:
    """Gives the days in the order of how exactly they are said: dates, counted days, weekdays, now."""
    yield from _written(reading)
    yield from _of_month(reading, today)
    yield from _of_gregorian_month(reading, today)
    yield from _counted(reading, today)
    yield from _weekdays(reading, today)


def _written(reading: Reading) -> Iterator[Named]:
    """«1405/8/20», «20-8-1405», «99.8.20»."""
    key = reading.key
    if not reading.has_digits or ("/" not in key and "-" not in key and key.count(".") < 2):
        return
    for match in islice(_IN_TEXT.finditer(key, 0, reading.end), _MOST_DATES):
        if match.start() and key[match.start() - 1] in "0123456789./-":
            continue
        first, month, last = int(match[1]), int(match[3]), int(match[4])
        backwards = len(match[4]) == 4
        if len(match[1]) == 3 or (len(match[4]) == 3):
            continue
        day = make_day(last, month, first) if backwards else make_day(whole_year(first), month, last)
        if day:
            start = reading.word_at(match.start())
            yield Named(day, start, reading.word_at(match.end() - 1) + 1, "written")


def _of_month(reading: Reading, today: date) -> Iterator[Named]:
    """«۲۰ آبان», «بیستم آبان ماه ۱۴۰۵»; without a year it is of this one."""
    words = reading.words
    for mark in reading.of("month"):
        number, start = _day_number(words, mark.start)
        if (
            not number
            or (start and words[start - 1] in _WORDS["street"])
            or _parted(reading, mark.start)
            or _word(words, mark.end) in _WORDS["thing"]
        ):
            continue
        year, end = _year_after(words, mark.end)
        found = make_day(year or jalali_year(today), int(mark.value), number)
        if found and not year and found > today:
            found = make_day(jalali_year(today) - 1, int(mark.value), number)
            found = found if found and today - found <= _TURN_OF_THE_YEAR else None
        if found:
            yield Named(found, start, end, "month")


def _of_gregorian_month(reading: Reading, today: date) -> Iterator[Named]:
    """«8 January», «January 8th, 2026»; without a year the latest one that is not to come."""
    words = reading.words
    for mark in reading.of("gregorian_month"):
        number, start = _day_number(words, mark.start)
        end = mark.end
        if not number:
            number, start = _ordinal_figure(_word(words, mark.end)), mark.start
            end += 1
        if number:
            year, end = _year_after(words, end, range(1990, 2100))
            for candidate in (year,) if year else (today.year, today.year - 1):
                found = make_day(candidate, int(mark.value), number)
                if found and found <= today:
                    yield Named(found, start, end, "month")
                    break


def _day_number(words: list[str], month: int) -> tuple[int, int]:
    """Gives the day of the month said just before word `month`, and where it begins; 0 for none."""
    place = month - 1
    while place > 0 and words[place] in _WORDS["before_month"]:
        place -= 1
    before = words[place]
    if place < 0 or (place < month - 1 and not _ordinal_figure(before)):
        return 0, month  # «۱۲ ام آبان», but not «نه ام‌دی‌اف»
    number = _ordinal_figure(before) or ORDINALS.get(before) or VALUES.get(before) or 0
    tens = words[place - 2] if place > 1 and words[place - 1] in ("و", "o") else ""
    if tens in ("بیست", "سی", "bist", "si") and number < 10:
        number, place = number + VALUES[tens], place - 2
    return (int(number), place) if 0 < number <= 31 and number == int(number) else (0, month)


def _parted(reading: Reading, month: int) -> bool:
    """«نه ام‌دی‌اف» is no ninth of Dey; after a figure «۱۲ ام آبان» is usual."""
    before = reading.words[month - 1]
    return before in VALUES and not reading.between(month).isspace()


def _ordinal_figure(word: str) -> int:
    number = parse_number(word)
    return int(number) if number and number == int(number) and number <= 31 else 0


def _year_after(words: list[str], place: int, years: range = range(1300, 1500)) -> tuple[int | None, int]:
    """Gives the year said within three words from `place`, and where the date ends."""
    for off, word in enumerate(words[place : place + 3]):
        if word not in _WORDS["after_month"]:
            number = parse_number(word)
            if number and len(word) in (2, 3) and years.start == 1300 and off == 0 and int(number) in range(390, 420):
                return whole_year(int(number)), place + 1
            return (int(number), place + off + 1) if number and int(number) in years else (None, place)
    return None, place


def _counted(reading: Reading, today: date) -> Iterator[Named]:
    """«دیروز», «پریروز», «۳ روز پیش», «همین الان»."""
    words, marks = reading.words, reading.of("day")
    for mark in marks:
        if _inside_longer(mark, marks) or mark.value == "none":
            continue
        if mark.value in ("now", "morning"):
            yield Named(today, mark.start, mark.end, mark.value)
        elif mark.value == "under_way":
            if _is_under_way(words[mark.end : _sentence_end(reading, mark.end)]):
                yield Named(today, mark.start, mark.end, "now")
        elif mark.value == "ago":
            start = number_start(words, mark.start)
            number = number_of(words[start : mark.start]) or 0
            exact = 0 < number <= _MOST_DAYS_AGO and number == int(number) and not _is_range(words[start : mark.start])
            if exact and _word(words, start - 1) not in _WORDS["roughly"]:
                yield Named(today - timedelta(days=int(number)), start, mark.end, "counted")
        elif not _takes_back(_word(words, mark.start - 1), mark):
            yield Named(today - timedelta(days=int(mark.value)), mark.start, mark.end, "counted")


def _takes_back(before: str, mark: Mark) -> bool:
    """«تا امروز» is no day, «پنجاه روز گذشته» no yesterday."""
    counts_on = mark.end - mark.start > 1 and (before in VALUES or parse_number(before) is not None)
    return counts_on or before in _WORDS["not_counted_before"]


def _is_range(number: list[str]) -> bool:
    """«ده دوازده روز پیش», «دو سه روز پیش»: between the one and the other."""
    return any(word in VALUES and after in VALUES for word, after in pairwise(number))


def _is_under_way(words: list[str]) -> bool:
    """«دارند بار می‌زنند»: the helping verb with its verb after it; «خطر دارد» is none."""
    helping = next((place for place, word in enumerate(words) if word in _WORDS["under_way"]), len(words))
    return any(word.startswith(("می", "mi")) for word in words[helping + 1 :])


def _sentence_end(reading: Reading, word: int) -> int:
    """Says before which word the sentence ends that word `word` stands in, or how far it is looked for."""
    last = min(word + _UNDER_WAY_WITHIN, len(reading.words))
    return next((end + 1 for end in range(word, last) if reading.sentence_ends_after(end)), last)


def _weekdays(reading: Reading, today: date) -> Iterator[Named]:
    """The latest such weekday before today; «از شنبه تا چهارشنبه» and «هر شنبه» name no day."""
    marks = reading.of("weekday")
    for mark in marks:
        if not _inside_longer(mark, marks) and _names_a_day(reading, mark):
            back = (today.weekday() - _SATURDAY - int(mark.value)) % _WEEK_DAYS
            yield Named(today - timedelta(days=back or _WEEK_DAYS), mark.start, mark.end, "weekday")


def _inside_longer(mark: Mark, marks: list[Mark]) -> bool:
    return any(
        other.start <= mark.start and mark.end <= other.end and other.end - other.start > mark.end - mark.start
        for other in marks
    )


def _names_a_day(reading: Reading, mark: Mark) -> bool:
    words = reading.words
    before, after = _word(words, mark.start - 1), _word(words, mark.end)
    if before in _WORDS["no_day_before"] or after in _WORDS["no_day_after"]:
        return False
    around = (mark.start, mark.end) if mark.start else (mark.end,)
    return not any("ها" in reading.between(word) for word in around if word < len(words))


def _word(words: list[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""
