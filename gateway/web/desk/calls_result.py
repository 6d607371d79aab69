"""What came of a form an operator filed: the code to read out, and what the citizen is told and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal

from aiohttp import web

from gateway.web.desk.layout import desk_page
from gateway.web.render import page_language
from gateway.web.services import SERVICES, STAFF
from normalizer.phone import Phone, parse_phone
from normalizer.tracking_code import is_code
from ticketing.accepted import Accepted
from ticketing.candidate import Candidate, find_candidate
from ticketing.vocabulary import NEEDS

Kind = Literal["opened", "joined", "added"]
Told = Literal["texted", "say", "say_only", "none"]
_KINDS: Final[tuple[Kind, ...]] = ("opened", "joined", "added")
_TOLD: Final[tuple[Told, ...]] = ("texted", "say", "say_only", "none")
_COOKIE_AGE_S: Final = 300


@dataclass(frozen=True, slots=True)
class Result:
    """`told`: texted to a mobile; to be said (a landline, which takes no texts); only to be said now (anonymous)."""

    COOKIE: ClassVar[str] = "filed"

    code: str
    kind: Kind
    told: Told
    missing: tuple[str, ...] = ()
    candidate: Candidate | None = None
    because: tuple[str, ...] = ()


async def with_candidate(request: web.Request, result: Result) -> Result:
    """The result with the caller's earlier ticket that may be the same matter, where the form opened a new one."""
    if result.kind != "opened":
        return result
    services = request.app[SERVICES]
    found = await find_candidate(services.database.read, services.rules, request[STAFF], result.code)
    return replace(result, candidate=found, because=_because(request, found)) if found is not None else result


def _because(request: web.Request, found: Candidate) -> tuple[str, ...]:
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    known = {reason: f"ticket_desk.joined.{reason}" for reason in found.reasons}
    return tuple(catalogue.say(language, code) if catalogue.has(code) else reason for reason, code in known.items())


def result_of(accepted: Accepted, typed: Mapping[str, str], *, is_addition: bool) -> Result:
    """What to show of what intake accepted."""
    missing = tuple(fact for fact in NEEDS if fact in accepted.missing)
    if is_addition:
        return Result(accepted.tracking_code or "", "added", "none", missing)
    return Result(accepted.tracking_code or "", "opened" if accepted.created else "joined", _told(typed), missing)


def result_json(request: web.Request, result: Result) -> web.Response:
    """For the page's script: the receipt, and the piece of page that shows it."""
    panel = desk_page(request, "desk/calls_result.html", result=result).text
    receipt = {"tracking_code": result.code, "created": result.kind == "opened", "missing": result.missing}
    return web.json_response({**receipt, "panel": panel})


def keep_result(request: web.Request, response: web.Response, result: Result, path: str) -> None:
    """Let the browser carry it to the next page: a code stands in no address or log."""
    response.set_cookie(
        Result.COOKIE,
        ".".join((result.code, result.kind, result.told, *result.missing)),
        path=path,
        max_age=_COOKIE_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=request.app[SERVICES].settings.http.public_url.startswith("https://"),
    )


def kept_result(request: web.Request) -> Result | None:
    """What `keep_result` left, or None."""
    code, *rest = request.cookies.get(Result.COOKIE, "").split(".")
    kind = next((each for each in _KINDS if each in rest), None)
    told = next((each for each in _TOLD if each in rest), None)
    if not is_code(code) or kind is None or told is None:
        return None
    return Result(code, kind, told, tuple(fact for fact in NEEDS if fact in rest))


def _told(typed: Mapping[str, str]) -> Told:
    if typed.get("anonymous"):
        return "say_only"
    phone = parse_phone(typed.get("phone", ""))
    return "texted" if isinstance(phone, Phone) and phone.kind == "mobile" else "say"
