"""A ticket's deadline in words: when it is, how near, what its passing does, and why it is that day and no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from gateway.web.desk.ticket_lasting import lasting_of
from gateway.web.desk.ticket_words import Words
from gateway.web.render import short_date
from ticketing.title import titled

_SOON: Final = timedelta(hours=24)
_SATURDAY: Final = 5  # as `date.weekday` counts


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in words: when, how urgent (`late`, `soon` or ""), what runs and follows, and why it is that day."""

    when: str
    tone: str
    why: tuple[str, ...]
    because: str


def due_of(words: Words, ticket: Mapping[str, Any], at: datetime) -> Due | None:
    """The deadline of an open ticket as `view` pictures it, or None."""
    if not ticket["due_at"] or ticket["status"] != "open":
        return None
    due_at, clock = datetime.fromisoformat(ticket["due_at"]), ticket["clock"]
    tone = "late" if due_at < at else "soon" if due_at - at < _SOON else ""
    when = words.say("due_late" if tone == "late" else "due", moment=words.moment(ticket["due_at"]))
    return Due(when, tone, tuple(_why(words, clock, at)) if clock else (), due_because(words, clock))


def due_because(words: Words, clock: Mapping[str, Any] | None) -> str:
    """Why a ticket is due when it is: how long from when, which days off lie between, by what law.

    Nothing where no clock runs, or one from before clocks were kept.
    """
    if clock is None or clock["since"] is None or clock["lasting"] is None:
        return ""
    written, is_rest = clock["lasting"], clock["is_rest"]
    since = words.day(clock["since"]) if written.endswith("d") else words.moment(clock["since"])
    lasting = lasting_of(words, written)
    said = [words.say("because_rest" if is_rest else "because_from", lasting=lasting, since=since)]
    if clock["off"]:
        days = words.say("comma").join(_day_off(words, each) for each in clock["off"])
        count = len(clock["off"])
        said.append(words.say("because_one_off" if count == 1 else "because_off", count=count, days=days))
    said.append(titled(clock["law"], words.language) if clock["law"] else words.say("because_settings"))
    return words.say("semicolon").join(said)


def _day_off(words: Words, each: Mapping[str, Any]) -> str:
    """«جمعه ۲۲ آبان», with the holiday's name where it is one."""
    day = date.fromisoformat(each["day"])
    named = words.catalogue.say(words.language, f"dashboard.weekday.{(day.weekday() - _SATURDAY) % 7}")
    shown = words.say("day_off", weekday=named, day=short_date(day, words.language))
    return words.say("holiday", day=shown, name=titled(each["name"], words.language)) if each["name"] else shown


def _why(words: Words, clock: Mapping[str, Any], at: datetime) -> list[str]:
    name = words.clock(clock["name"])
    since = clock["since"]
    runs = "clock_since" if not since or datetime.fromisoformat(since) <= at else "clock_from"
    said = [words.say(runs, clock=name, since=words.moment(since)) if since else name]
    passing = clock["passing"]
    if passing["reminds"]:
        said.append(words.say("passing_reminds"))
    if passing["tells_apart"]:
        said.append(words.say("passing_tells_apart"))
    said += [words.say(f"passing_{name}") for name in ("hands_up", "presses") if passing[name]]
    if passing["waits_for"] and not (passing["hands_up"] or passing["presses"]):
        said.append(words.say("passing_waits", role=words.role(passing["waits_for"])))
    if passing["closes"]:
        said.append(words.say("passing_closes", outcome=words.outcome(passing["closes"])))
    return said if len(said) > 1 else [*said, words.say("passing_overdue")]
