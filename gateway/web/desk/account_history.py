"""An account's history in words, for its owner and administrators: who came and went, and who changed what of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from gateway.web.render import digits_of, page_language
from gateway.web.services import SERVICES
from ticketing.accounts import COMMAND_LINE
from ticketing.body_register import body_register
from ticketing.organisations import ORGANISATIONS
from ticketing.sign_ins import SignIn, list_sign_ins
from ticketing.title import titled

_BAD: Final = frozenset({"refused", "throttled"})
_WENT: Final = ("returned", "freed")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `changes` are sentences, `went` are (label, tracking codes) of what went back with the change."""

    outcome: str
    at: datetime
    client: str
    is_bad: bool
    by: str
    changes: tuple[str, ...]
    went: tuple[tuple[str, list[str]], ...]


async def history_of(request: web.Request, staff_id: int, limit: int) -> list[Line]:
    """The last `limit` lines of an account, newest first, in the page's language."""
    services = request.app[SERVICES]
    found = await list_sign_ins(services.database, services.rules.vault, staff_id, limit)
    return [_line(request, each) for each in found]


def said_of(request: web.Request, name: str, value: str | None) -> str:
    """A value of a profile in words, "" for none; numbers and codes stand left to right within any sentence."""
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    if name == "role":
        return catalogue.say(language, f"role.{value}")
    if name == "organisation":
        return titled(ORGANISATIONS[value or ""], language)
    if name == "body":
        return _said_of_body(value, language)
    return f"\u2066{digits_of(value, language)}\u2069" if value else ""


def _said_of_body(code: str | None, language: str) -> str:
    """Its name where the register has one, and its code as it is typed."""
    body = body_register().body(code) if code else None
    isolated = f"\u2066{code}\u2069" if code else ""
    return f"{titled(body.title, language)} {isolated}" if body else isolated


def _line(request: web.Request, each: SignIn) -> Line:
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    by = catalogue.say(language, "account.by_command") if each.by == COMMAND_LINE else each.by
    went = tuple(
        (catalogue.say(language, f"admin.{name}"), each.changes[name]) for name in _WENT if name in each.changes
    )
    changes = tuple(_changes(request, each.changes))
    return Line(each.outcome, each.at, each.client, each.outcome in _BAD, by, changes, went)


def _changes(request: web.Request, changes: Mapping[str, Any]) -> Iterator[str]:
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    for name, pair in changes.items():
        if name in _WENT:
            continue
        before, after = (said_of(request, name, value) for value in pair)
        kind = "from_to" if before and after else "set" if after else "unset"
        label = catalogue.say(language, f"label.{name}")
        yield catalogue.say(language, f"account.{kind}", label=label, before=before, after=after)
