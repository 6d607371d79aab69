"""What an address says of a queue: tab, filters, words, place. What it says wrongly is left out and named.

The same words are written back into every link of the page. A phone is searched for, and never written into one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from channels.registry import CHANNELS
from gateway.web.services import SERVICES, STAFF
from normalizer.phone import Phone, parse_phone
from normalizer.tracking_code import parse_code
from ticketing.errors import FieldError
from ticketing.filters import FILTERS, criteria
from ticketing.places import read_place
from ticketing.tabs import Asked, first_tab, tabs_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A queue as its address asks for it. `q` are words to search by instead of a queue; `wrong` was left out."""

    asked: Asked
    q: str
    cursor: str
    wrong: tuple[FieldError, ...]

    @property
    def query(self) -> dict[str, str]:
        """The same queue again, in an address; without the words where they are somebody's number."""
        words = {"q": self.q} if self.q and not is_phone(self.q) else {}
        return {"tab": self.asked.tab, **self.asked.filters, **words}


def is_phone(words: str) -> bool:
    """True for what is a telephone number and nothing else."""
    return isinstance(parse_phone(words), Phone)


def wanted_of(request: web.Request, at: datetime) -> Wanted:
    """The queue the request's address asks for."""
    member, services = request[STAFF], request.app[SERVICES]
    given = {name: value.strip() for name, value in request.query.items() if value.strip()}
    wrong: list[FieldError] = []
    tab = given.get("tab", first_tab(member.role))
    if tab not in tabs_of(services.rules, member.role):
        tab = first_tab(member.role)
        wrong.append(FieldError("tab", "not_allowed"))
    filters = {name: value for name, value in given.items() if name in FILTERS}
    if filters.get("channel", "") not in ("", *CHANNELS):
        wrong.append(FieldError("channel", "not_allowed"))
    criteria(filters, services.rules, member, at, wrong)
    bad = {error.field for error in wrong}
    filters = {name: value for name, value in filters.items() if name not in bad}
    return Wanted(Asked(member, tab, filters, at), given.get("q", ""), _cursor(given, wrong), tuple(wrong))


def acted_on(request: web.Request) -> str:
    """The code of the ticket acted on before one came to this page, as its address has it; "" where there is none."""
    return parse_code(request.query.get("acted", "")) or ""


def _cursor(given: Mapping[str, str], wrong: list[FieldError]) -> str:
    """A page's cursor. A list of what was found has another kind, which its use case reads."""
    cursor = given.get("cursor", "")
    if cursor and "q" not in given:
        try:
            read_place(cursor)
        except ValueError:
            wrong.append(FieldError("cursor", "wrong_value"))
            return ""
    return cursor
