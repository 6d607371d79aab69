"""A ticket's deadline in words: when it is, how near, and why: which clock runs, and what its passing does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from gateway.web.desk.ticket_words import Words

_SOON: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in words: when, how urgent (`late`, `soon` or ""), and why it is so."""

    when: str
    tone: str
    why: tuple[str, ...]


def due_of(words: Words, ticket: Mapping[str, Any], at: datetime) -> Due | None:
    """The deadline of an open ticket as `view` pictures it, or None."""
    if not ticket["due_at"] or ticket["status"] != "open":
        return None
    due_at, clock = datetime.fromisoformat(ticket["due_at"]), ticket["clock"]
    tone = "late" if due_at < at else "soon" if due_at - at < _SOON else ""
    when = words.say("due_late" if tone == "late" else "due", moment=words.moment(ticket["due_at"]))
    return Due(when, tone, tuple(_why(words, clock)) if clock else ())


def _why(words: Words, clock: Mapping[str, Any]) -> list[str]:
    name = words.clock(clock["name"])
    since = clock["since"]
    said = [words.say("clock_since", clock=name, since=words.moment(since)) if since else name]
    passing = clock["passing"]
    if passing["reminds"]:
        said.append(words.say("passing_reminds"))
    if passing["tells_apart"]:
        said.append(words.say("passing_tells_apart"))
    if passing["waits_for"]:
        said.append(words.say("passing_waits", role=words.role(passing["waits_for"])))
    if passing["closes"]:
        said.append(words.say("passing_closes", outcome=words.outcome(passing["closes"])))
    return said if len(said) > 1 else [*said, words.say("passing_overdue")]
