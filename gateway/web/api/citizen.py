"""The API of citizens and their apps: report, track, answer, add, object, withdraw (CONTRACT §5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final, Protocol, TypeVar

from aiohttp import web

from channels.web import CHANNEL, CODE
from gateway.web import following
from gateway.web.body import Body, Reader, as_mapping
from gateway.web.filing import Filing, file_report, hash_of, idempotency_key, identity_of, refuse_known_key
from gateway.web.problems import Problem, invalid
from gateway.web.render import api_language
from gateway.web.schemas import AdditionIn, AnswerIn, ObjectionIn, TrackQuery, WithdrawalIn, checked
from gateway.web.services import SERVICES
from ticketing.accepted import Accepted
from ticketing.citizen_actions import OBJECT, WITHDRAW
from ticketing.ticket import Ticket

REPORT_PART = "report"
REPORT_PARTS: Final = (REPORT_PART, "body")
ADDITION_PART = "addition"
_ADDITION_PARTS: Final = (ADDITION_PART, *REPORT_PARTS)
_ADDITION_FIELDS: Final = ("text", "phone_last4")
_ACCOUNT: Final = "reports"


class Proving(Protocol):
    """A body that brings the second factor."""

    phone_last4: str | None


Said = TypeVar("Said", bound=Proving)
Refuse = Callable[[web.Request, Ticket, str], Awaitable[None]]
"""Raises KeyReused where the key came before."""
_KNOWN_ANSWER: Final = partial(following.refuse_known_key_of, endpoint=following.ANSWERS)
_KNOWN_ADDITION: Final = partial(following.refuse_known_key_of, endpoint=following.ADDITIONS)
_KNOWN_OBJECTION: Final = partial(following.refuse_known_key_of_action, action=OBJECT)
_KNOWN_WITHDRAWAL: Final = partial(following.refuse_known_key_of_action, action=WITHDRAW)


async def post_report(request: web.Request) -> web.Response:
    """A report: 201 with its code; 200 where it joined an open ticket, or is a replay."""
    services = request.app[SERVICES]
    if not services.settings.channels.web.enabled:
        raise Problem(404)
    key = idempotency_key(request)
    try:
        body = await read_body(request, *REPORT_PARTS)
        payload = as_mapping(body.value)
    except Problem:
        await refuse_known_key(services, (CODE,), _ACCOUNT, key)
        raise
    body_hash = hash_of(payload, body.files) if key is not None else None
    language = api_language(request)
    filing = Filing(_ACCOUNT, identity_of(key), payload, body.raw, body.files, body_hash, {"language": language})
    return accepted_response(await file_report(services, CHANNEL, filing))


async def get_ticket(request: web.Request) -> web.Response:
    """A ticket as its citizen may see it."""
    query = checked(TrackQuery, dict(request.query))
    ticket = await following.find(request, request.match_info["code"], query.phone_last4)
    return web.json_response(await following.see(request, ticket))


async def post_answer(request: web.Request) -> web.Response:
    """The answer to what the ticket asks."""
    key = idempotency_key(request)
    given = as_mapping((await Reader().read(request)).value)
    ticket, said = await _proved(request, given, _read_answer, key, _KNOWN_ANSWER)
    answer = said.model_dump(exclude={"phone_last4"}, exclude_none=True)
    return web.json_response(await following.answer(request, ticket, answer, key))


async def post_addition(request: web.Request) -> web.Response:
    """More words or files for a ticket."""
    key = idempotency_key(request)
    body = await read_body(request, *_ADDITION_PARTS, plain_parts=_ADDITION_FIELDS)
    given = as_mapping(body.value)
    ticket, said = await _proved(request, given, partial(checked, AdditionIn), key, _KNOWN_ADDITION)
    return web.json_response(await following.add(request, ticket, said.text, body.files, key))


async def post_objection(request: web.Request) -> web.Response:
    """An objection to how the ticket was closed."""
    key = idempotency_key(request)
    given = as_mapping((await Reader().read(request)).value)
    ticket, said = await _proved(request, given, partial(checked, ObjectionIn), key, _KNOWN_OBJECTION)
    return web.json_response(await following.object_to(request, ticket, said.text, key))


async def post_withdrawal(request: web.Request) -> web.Response:
    """The complaint taken back."""
    key = idempotency_key(request)
    given = as_mapping((await Reader().read(request)).value)
    ticket, _ = await _proved(request, given, partial(checked, WithdrawalIn), key, _KNOWN_WITHDRAWAL)
    return web.json_response(await following.withdraw(request, ticket, key))


async def read_body(
    request: web.Request, *parts: str, plain_parts: tuple[str, ...] = (), optional: bool = False
) -> Body:
    """JSON, or multipart with files and its JSON in one of these parts (see `Reader`). Raises Problem."""
    most = request.app[SERVICES].settings.storage.max_attachment_bytes
    reader = Reader(multipart=True, json_parts=parts, plain_parts=plain_parts, optional=optional, max_file_bytes=most)
    body = await reader.read(request)
    if body.refused:
        raise invalid(*(("files", refusal.code) for refusal in body.refused))
    return body


def _read_answer(given: Mapping[str, Any]) -> AnswerIn:
    said = checked(AnswerIn, given)
    given_ways = sum(each is not None for each in (said.satisfied, said.rating, said.choice))
    if given_ways != 1:
        raise invalid(("satisfied", "not_allowed" if given_ways else "required"))
    return said


async def _proved(
    request: web.Request,
    given: Mapping[str, Any],
    read: Callable[[Mapping[str, Any]], Said],
    key: str | None,
    refuse_known: Refuse,
) -> tuple[Ticket, Said]:
    """The ticket whose citizen this is, and what they say. Raises Problem, NotFound, TooMany.

    Where the fields are wrong, whether the key came before is for the ticket's citizen only to know: KeyReused.
    """
    code = request.match_info["code"]
    try:
        said = read(given)
    except Problem:
        last4 = given.get("phone_last4")
        if key is not None and isinstance(last4, str | None):
            await refuse_known(request, await following.find(request, code, last4), key)
        raise
    return await following.find(request, code, said.phone_last4), said


def accepted_response(accepted: Accepted, **more: Any) -> web.Response:
    """What intake said, as CONTRACT §5 answers, with `more` for staff."""
    answer = {
        "tracking_code": accepted.tracking_code,
        "step": accepted.step,
        "step_number": accepted.step_number,
        "created": accepted.created,
        "missing": list(accepted.missing),
        **more,
    }
    return web.json_response(answer, status=201 if accepted.created and not accepted.replayed else 200)
