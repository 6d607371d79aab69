"""Which letter an address or a form asks about: the months or days, and the moment it is told as of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from gateway.letters.composing import Composer
from gateway.web.services import SERVICES
from normalizer.day import parse_day, tehran_day
from ticketing.errors import FieldError
from ticketing.measuring_period import Period, end_of, preset_period, read_range
from ticketing.performance import Review, reviewed
from ticketing.performance_counts import review

FIELDS: Final = ("first", "last", "as_of")
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class Question:
    """The period and the moment; `said` is what the address says of them, `typed` the form as it was filled in."""

    procedure: str
    period: Period
    at: datetime
    said: Mapping[str, str]
    typed: Mapping[str, str]
    errors: tuple[FieldError, ...]


def read_question(request: web.Request, given: Mapping[str, str]) -> Question:
    """What is asked; without a period, about last month. `at` is the moment a letter was shown as of, to issue it."""
    services = request.app[SERVICES]
    now, errors = services.now(), list[FieldError]()
    typed = {name: given.get(name, "").strip()[:_LONGEST] for name in (*FIELDS, "at", "procedure")}
    said = {name: typed[name] for name in FIELDS if typed[name]}
    period = _period(typed, now, errors)
    procedures = reviewed(services.rules)
    procedure = typed["procedure"] if typed["procedure"] in procedures else procedures[0]
    at = _moment(typed, now, errors)
    if not errors and period.span.since >= at:
        errors.append(FieldError("first", "in_future"))
    return Question(procedure, period, at, said, typed, tuple(errors))


async def review_of(request: web.Request, question: Question) -> Review:
    """The review that is asked about."""
    services = request.app[SERVICES]
    return await review(services.database.read, services.rules, question.procedure, question.period, question.at)


def composer_of(request: web.Request) -> Composer:
    """What composes letters here."""
    services = request.app[SERVICES]
    return Composer(services.settings.letter, services.rules, services.catalogue)


def _period(typed: Mapping[str, str], now: datetime, errors: list[FieldError]) -> Period:
    last_month = preset_period("last_month", tehran_day(now), errors)
    if not typed["first"] and not typed["last"]:
        return last_month
    for name in ("first", "last"):
        try:
            read_range(typed[name])
        except ValueError:
            errors.append(FieldError(name, "no_period"))
    if errors:
        return last_month
    try:
        return read_range(f"{typed['first']}..{typed['last']}")
    except ValueError:
        errors.append(FieldError("last", "out_of_range"))
        return last_month


def _moment(typed: Mapping[str, str], now: datetime, errors: list[FieldError]) -> datetime:
    """The end of the day that was named, the moment a letter was shown as of, or now."""
    if typed["as_of"]:
        day = parse_day(typed["as_of"])
        if day is None or end_of(day) > now:
            errors.append(FieldError("as_of", "in_future" if day else "invalid_date"))
            return now
        return end_of(day)
    try:
        shown = datetime.fromisoformat(typed["at"])
    except ValueError:
        return now
    return shown if shown.tzinfo is not None and shown <= now else now
