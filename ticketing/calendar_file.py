"""One event as an iCalendar file (RFC 5545), for programs that keep calendars.

It writes what people are told in words as well; it knows nothing of tickets, and sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_LONGEST_LINE: Final = 75
"""In bytes; RFC 5545 3.1 folds what is longer."""
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happens when and where. `uid` is the same for one event for ever; a higher `sequence` supersedes a lower."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    about: str


def calendar_file(event: Event, written_at: datetime) -> str:
    """The event to be put into a calendar, without asking for an answer (METHOD:PUBLISH); moments in UTC."""
    return "".join(f"{folded}\r\n" for line in _lines(event, written_at) for folded in _folded(line))


def _lines(event: Event, written_at: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//gateway-124//fa", "METHOD:PUBLISH", "BEGIN:VEVENT")
    yield f"UID:{event.uid}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_utc(written_at)}"
    yield f"DTSTART:{_utc(event.starts_at)}"
    yield f"DTEND:{_utc(event.ends_at)}"
    for name, words in (("SUMMARY", event.title), ("LOCATION", event.place), ("DESCRIPTION", event.about)):
        yield f"{name}:{words.translate(_ESCAPED)}"
    yield from ("STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR")


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of so many bytes, letters whole; all but the first begin with a space."""
    piece, size = "", 0
    for letter in line:
        length = len(letter.encode())
        if size + length > _LONGEST_LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + length
    yield piece
