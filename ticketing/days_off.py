"""Which days are off in Iran beside the weekend: official holidays, and the corrections somebody wrote down.

Holidays come from a package that knows the solar ones by rule and the lunar ones by what was announced; years ahead of
the announcements are its estimate, and their names say so. Lunar days move by one with the sighting, and the government
adds days of its own: those are the corrections' to tell, each with its reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from holidays import country_holidays
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from normalizer.day import parse_day
from ticketing.title import Title
from ticketing.wrong_key import WrongKey, first_wrong

FIRST_YEAR: Final = 2001
LAST_YEAR: Final = 2100
"""Gregorian: from the first whose lunar days are known as announced to the last the package computes."""
_ESTIMATED: Final = "(estimated)"
"""What the package puts to the English name of a lunar holiday that nobody has announced yet."""
_LANGUAGES: Final = {"fa": "fa_IR", "en": "en_US"}


def _day(written: object) -> object:
    return parse_day(written) or written if isinstance(written, str) else written


Day = Annotated[date, BeforeValidator(_day)]
"""A day as people write it in a data file, Jalali or not."""


class UnknownYearError(ValueError):
    """A day of a year no calendar of holidays is known for."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """Days off that are no holiday, and holidays that are worked, each with its reason."""

    off: Mapping[date, Title] = field(default_factory=dict)
    worked: Mapping[date, Title] = field(default_factory=dict)


def official_holidays(year: int) -> Mapping[date, Title]:
    """The official holidays of a Gregorian year, by day, with their names. Raises `UnknownYearError`."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnknownYearError(f"holidays are known from {FIRST_YEAR} to {LAST_YEAR}, not in {year}")
    named = {ours: country_holidays("IR", years=year, language=own, expand=False) for ours, own in _LANGUAGES.items()}
    return {day: Title(fa=name, en=named["en"][day]) for day, name in named["fa"].items()}


def days_off(year: int, corrections: Corrections) -> Mapping[date, Title]:
    """Official holidays as corrected. Raises `UnknownYearError`."""
    found = {day: name for day, name in official_holidays(year).items() if day not in corrections.worked}
    return found | {day: reason for day, reason in corrections.off.items() if day.year == year}


def estimated(since: date, until: date, corrections: Corrections) -> list[date]:
    """The holidays from `since` up to `until` that the package only estimates and no correction speaks of.

    Raises `UnknownYearError`.
    """
    years = (official_holidays(year) for year in range(since.year, until.year + 1))
    guessed = {day for year in years for day, name in year.items() if _ESTIMATED in name["en"]}
    spoken_of = corrections.off.keys() | corrections.worked.keys()
    return sorted(day for day in guessed - spoken_of if since <= day < until)


def load_corrections(path: Path) -> Corrections:
    """Read a file of corrections: `[[off]]` and `[[worked]]`, each `day` and `reason`. Raises `WrongKey`."""
    try:
        stored = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise first_wrong(error, file=path.name) from error
    except (OSError, ValueError) as error:
        raise WrongKey("file", str(error), path.name) from error
    for key, problem in _problems(stored):
        raise WrongKey(key, problem, path.name)
    off, worked = ({each.day: each.reason for each in days} for days in (stored.off, stored.worked))
    return Corrections(off, worked)


class _Corrected(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    day: Day
    reason: Title


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    off: list[_Corrected] = Field(default_factory=list)
    worked: list[_Corrected] = Field(default_factory=list)


def _problems(stored: _File) -> Iterator[tuple[str, str]]:
    seen: set[date] = set()
    for name, days in (("off", stored.off), ("worked", stored.worked)):
        for place, each in enumerate(days):
            key = f"{name}.{place}.day"
            if each.day in seen:
                yield key, "is said twice"
            elif not FIRST_YEAR <= each.day.year <= LAST_YEAR:
                yield key, f"lies outside {FIRST_YEAR} to {LAST_YEAR}"
            elif name == "worked" and each.day not in official_holidays(each.day.year):
                yield key, "is no holiday that could be worked"
            seen.add(each.day)
