"""Errors as people and programs get them: RFC 9457 problem documents with stable codes, in the caller's language.

Turns refusals of the use cases, of this web face and of aiohttp into one shape. It decides no refusal itself, and
nothing an exception says reaches the client: codes go in, sentences of the catalogue come out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from gateway.catalogue import Catalogue
from ticketing.errors import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    KeyReused,
    NotFound,
    Refused,
    TooMany,
    Unauthenticated,
)
from ticketing.writer import Unavailable

MEDIA_TYPE: Final = "application/problem+json"
RETRY_WHEN_UNAVAILABLE_S: Final = 5
STATUS_CODES: Final = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    409: "not_at_this_step",
    413: "too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    417: "expectation_failed",
    422: "invalid_fields",
    429: "too_many_requests",
    431: "headers_too_large",
    500: "internal_error",
    503: "unavailable",
}
_STATUSES: Final[tuple[tuple[type[Refused], int], ...]] = (
    (NotFound, 404),
    (Unauthenticated, 401),
    (Forbidden, 403),
    (Conflict, 409),
    (Invalid, 422),
    (KeyReused, 422),
    (TooMany, 429),
)


@dataclass(eq=False)
class Problem(Exception):
    """A refusal on its way to the client: an HTTP status, a stable code, the wrong fields, and what else it carries."""

    status: int
    code: str = ""
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.code = self.code or STATUS_CODES[self.status]
        super().__init__(self.code)


def invalid(*errors: tuple[str, str]) -> Problem:
    """A 422 naming each wrong field with its code."""
    return Problem(422, "invalid_fields", [FieldError(name, code) for name, code in errors])


def problem_of(error: BaseException) -> Problem:
    """What to tell the client about an error; anything nobody foresaw is a plain 500."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        return _of_refusal(error)
    if isinstance(error, Unavailable):
        return Problem(503, headers={"Retry-After": str(RETRY_WHEN_UNAVAILABLE_S)})
    if isinstance(error, web.HTTPException):
        return _of_http(error)
    return Problem(500)


def document(problem: Problem, catalogue: Catalogue, language: str) -> dict[str, Any]:
    """The problem document (RFC 9457 §3) in `language`."""
    code = problem.code if catalogue.has(f"problem.{problem.code}") else STATUS_CODES.get(problem.status, "bad_request")
    written: dict[str, Any] = {
        "type": f"urn:gateway-124:problem:{problem.code}",
        "title": catalogue.say(language, f"problem.{code}"),
        "status": problem.status,
        "detail": catalogue.say(language, f"problem.{code}.detail"),
        "code": problem.code,
    }
    if problem.errors:
        written["errors"] = [field_error(error, catalogue, language) for error in problem.errors]
    return {**written, **problem.members}


def field_error(error: FieldError, catalogue: Catalogue, language: str) -> dict[str, str]:
    """One wrong field: its dotted name, the stable code and a sentence."""
    known = f"field.{error.code}"
    sentence = catalogue.say(language, known if catalogue.has(known) else "field.wrong_value")
    return {"field": error.field, "code": error.code, "message": sentence}


def problem_response(problem: Problem, catalogue: Catalogue, language: str) -> web.Response:
    """The problem as a response."""
    headers = {"Content-Language": language, "Cache-Control": "no-store", "Vary": "Accept-Language", **problem.headers}
    if problem.status == 401:
        headers.setdefault("WWW-Authenticate", 'Bearer realm="staff"')
    body = json.dumps(document(problem, catalogue, language), ensure_ascii=False).encode()
    return web.Response(body=body, status=problem.status, content_type=MEDIA_TYPE, headers=headers)


def _of_refusal(error: Refused) -> Problem:
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 400)
    if isinstance(error, Invalid):
        return Problem(status, error.code, error.errors)
    if isinstance(error, TooMany):
        return Problem(status, error.code, headers={"Retry-After": str(max(1, error.retry_after_s))})
    if isinstance(error, Conflict):
        members: dict[str, Any] = {"allowed_actions": error.allowed_actions}
        if error.ticket is not None:
            members["ticket"] = error.ticket
        return Problem(status, error.code, members=members)
    return Problem(status, error.code)


def _of_http(error: web.HTTPException) -> Problem:
    status = error.status if error.status in STATUS_CODES else 400 if error.status < 500 else 500
    allow = error.headers.get("Allow")
    return Problem(status, headers={"Allow": allow} if allow else {})
