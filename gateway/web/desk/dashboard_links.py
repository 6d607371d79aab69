"""Where numbers lead: the queue, filtered to the very tickets that were counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final

from gateway.web.render import TEHRAN, page_url
from ticketing.filters import NOBODY
from ticketing.measuring import Span

_QUEUE: Final = "/desk/queue"
OPEN: Final[Mapping[str, str]] = {"status": "open"}
OVERDUE: Final[Mapping[str, str]] = {"status": "open", "overdue": "true"}
_UNKNOWN: Final = {"organisation": "place", "category": "category"}


@dataclass(frozen=True, slots=True)
class Links:
    """Links in one language, under the filters the page has."""

    language: str
    filters: Mapping[str, str]

    def queue(self, *parts: Mapping[str, str]) -> str:
        """The queue with the page's filters and these: closed tickets too, unless one of them says otherwise."""
        asked = {"tab": "all", "status": "any", **self.filters}
        for part in parts:
            asked |= part
        return page_url(_QUEUE, self.language, **asked)

    def ticket(self, code: str) -> str:
        """A ticket's page."""
        return page_url(f"/desk/tickets/{code}", self.language)


def opened(span: Span) -> dict[str, str]:
    """Opened within the span."""
    since, until = edges(span)
    return {"opened_from": since, "opened_to": until}


def closed(span: Span) -> dict[str, str]:
    """Closed within the span."""
    since, until = edges(span)
    return {"closed_from": since, "closed_to": until}


def closed_themselves(span: Span) -> dict[str, str]:
    """Closed within the span, and not merged into others."""
    return {**closed(span), "merged": "false"}


def behind_share(span: Span, late: int) -> dict[str, str]:
    """What a share on time leads to: the late ones, or, where there are none, all that it is a share of."""
    return {**closed(span), "closed_late": "true"} if late else closed_themselves(span)


def waiting(for_whom: str | None) -> dict[str, str]:
    """Open now, and waiting for a role, the citizen or nobody."""
    return {"status": "open", "waiting_for": for_whom or NOBODY}


def open_at(span: Span) -> dict[str, str]:
    """Open as the span began."""
    return {"open_at": edges(span)[0]}


def overdue_since(span: Span) -> dict[str, str]:
    """Overdue now, and only since the span began."""
    return {**OVERDUE, "due_from": edges(span)[0]}


def happened(kind: str, span: Span) -> dict[str, str]:
    """Rated or reopened within the span."""
    return {kind: "..".join(edges(span))}


def valued(name: str, code: str | None) -> dict[str, str]:
    """Having this value of a dimension, or none."""
    return {name: code} if code else {"unknown": _UNKNOWN.get(name, name)}


def edges(span: Span) -> tuple[str, str]:
    """The first day and the last one, or the moment it is cut at, as the queue's filters take them."""
    since, until = span.since.astimezone(TEHRAN), span.until.astimezone(TEHRAN)
    if until.time() != time.min:
        return since.date().isoformat(), until.strftime("%Y-%m-%dT%H:%M")
    return since.date().isoformat(), (until - timedelta(days=1)).date().isoformat()
