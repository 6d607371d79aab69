"""Values of filters as people and links write them: yes or no, a small number, a day or a moment, one day to another.

Digits may be of any script. What is no such value is refused with the code of what is wrong with it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from normalizer.day import TEHRAN, parse_day
from normalizer.text import digits
from sms.digits import is_ascii_number
from ticketing.measuring import Span
from ticketing.measuring_period import midnight

_TRUE: Final = ("true", "1", "yes")
_FALSE: Final = ("false", "0", "no")
_BETWEEN: Final = ".."


class WrongFilter(ValueError):
    """A value no filter takes; its text is the code of what is wrong with it."""


def truth(value: str) -> bool:
    """Yes or no, written in any of the usual ways. Raises WrongFilter."""
    said = digits(value).strip().lower()
    if said not in (*_TRUE, *_FALSE):
        raise WrongFilter("wrong_type")
    return said in _TRUE


def whole(value: str, most: int) -> int:
    """A whole number from 0 to `most`, which has two digits. Raises WrongFilter."""
    written = digits(value).strip()
    if not (is_ascii_number(written) and len(written) <= 2 and int(written) <= most):
        raise WrongFilter("out_of_range")
    return int(written)


def hours(value: str) -> tuple[int, int]:
    """The first and the last hour of "8-9"; the same twice of "8". Raises WrongFilter."""
    first, mark, last = value.partition("-")
    return whole(first, 23), whole(last if mark else first, 23)


def day_or_moment(value: str) -> date | datetime:
    """A day, Jalali or Gregorian, or a datetime, on Tehran's clock where it says no other. Raises WrongFilter."""
    day = parse_day(value)
    if day is not None:
        return day
    try:
        moment = datetime.fromisoformat(digits(value))
        return moment if moment.tzinfo else moment.replace(tzinfo=TEHRAN)
    except (ValueError, OverflowError) as error:
        raise WrongFilter("invalid_date") from error


def bound(value: str, *, ends: bool) -> datetime:
    """The moment a day begins, or, where it `ends` something, is over; or the moment written. Raises WrongFilter."""
    written = day_or_moment(value)
    if isinstance(written, datetime):
        return written
    return midnight(written + timedelta(days=1) if ends else written)


def sides(value: str) -> tuple[str, str]:
    """What stands on either side of `first..last`. Raises WrongFilter."""
    first, mark, last = value.partition(_BETWEEN)
    if not mark:
        raise WrongFilter("wrong_value")
    return first, last


def span(value: str) -> Span:
    """From the beginning of the first day, or a moment, to the end of the last: `first..last`. Raises WrongFilter."""
    first, last = sides(value)
    return Span(bound(first, ends=False), bound(last, ends=True))
