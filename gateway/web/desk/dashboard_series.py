"""Days as a row of numbers: every day of the period that has come, in weeks where there are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from gateway.web.desk.dashboard_measures import Measured
from normalizer.day import tehran_day

_EPOCH: Final = date(1970, 1, 1)
_MOST_DAYS: Final = 62
_WEEK: Final = 7


def parts_of(measured: Measured) -> list[tuple[date, date]]:
    """The days of the period up to today, each as (first, last); of a long one weeks, from its first day on."""
    first = measured.period.first
    days = (min(measured.period.last, tehran_day(measured.scope.at)) - first).days + 1
    long = _WEEK if days > _MOST_DAYS else 1
    starts = [first + timedelta(days=place) for place in range(0, days, long)]
    end = first + timedelta(days=days - 1)
    return [(start, min(start + timedelta(days=long - 1), end)) for start in starts]


def filled(measured: Measured, by_day: Mapping[int, int]) -> tuple[int, ...]:
    """A number for each of the parts, 0 where nothing happened. Days count from 1970."""
    numbers = []
    for first, last in parts_of(measured):
        days = range((first - _EPOCH).days, (last - _EPOCH).days + 1)
        numbers.append(sum(by_day.get(day, 0) for day in days))
    return tuple(numbers)


def daily_arrivals(hours: Sequence[tuple[int, int, int]]) -> Mapping[int, int]:
    """Arrivals by day."""
    days: Counter[int] = Counter()
    for day, _, count in hours:
        days[day] += count
    return days
