"""The API of citizens and their apps: report, track, answer, add (CONTRACT §5)."""

from __future__ import annotations

from aiohttp import web

from channels.web import CHANNEL
from gateway.web import following
from gateway.web.body import Body, Reader, as_mapping
from gateway.web.filing import Filing, file_report, hash_of, idempotency_key, identity_of
from gateway.web.problems import Problem, invalid
from gateway.web.render import api_language
from gateway.web.schemas import AdditionIn, AnswerIn, TrackQuery, checked
from gateway.web.services import SERVICES
from ticketing.accepted import Accepted

REPORT_PART = "report"
ADDITION_PART = "addition"


async def post_report(request: web.Request) -> web.Response:
    """A report: 201 with its code; 200 where it joined an open ticket, or is a replay."""
    services = request.app[SERVICES]
    if not services.settings.channels.web.enabled:
        raise Problem(404)
    key = idempotency_key(request)
    body = await read_body(request, REPORT_PART)
    payload = as_mapping(body.value)
    body_hash = hash_of(payload, body.files) if key is not None else None
    language = api_language(request)
    filing = Filing("reports", identity_of(key), payload, body.raw, body.files, body_hash, {"language": language})
    return accepted_response(await file_report(services, CHANNEL, filing))


async def get_ticket(request: web.Request) -> web.Response:
    """A ticket as its citizen may see it."""
    query = checked(TrackQuery, dict(request.query))
    ticket = await following.find(request, request.match_info["code"], query.phone_last4)
    return web.json_response(await following.see(request, ticket))


async def post_answer(request: web.Request) -> web.Response:
    """The answer to what the ticket asks."""
    key = idempotency_key(request)
    said = checked(AnswerIn, as_mapping((await Reader().read(request)).value))
    if (said.satisfied is None) == (said.rating is None):
        raise invalid(("satisfied", "required" if said.satisfied is None else "not_allowed"))
    ticket = await following.find(request, request.match_info["code"], said.phone_last4)
    answer = said.model_dump(exclude={"phone_last4"}, exclude_none=True)
    return web.json_response(await following.answer(request, ticket, answer, key))


async def post_addition(request: web.Request) -> web.Response:
    """More words or files for a ticket."""
    key = idempotency_key(request)
    body = await read_body(request, ADDITION_PART)
    said = checked(AdditionIn, as_mapping(body.value))
    ticket = await following.find(request, request.match_info["code"], said.phone_last4)
    return web.json_response(await following.add(request, ticket, said.text, body.files, key))


async def read_body(request: web.Request, *parts: str) -> Body:
    """JSON, or multipart with a JSON part of one of these names and files. Raises Problem."""
    most = request.app[SERVICES].settings.storage.max_attachment_mb * 1024 * 1024
    body = await Reader(multipart=True, json_parts=parts, max_file_bytes=most).read(request)
    if body.refused:
        raise invalid(*(("files", refusal.code) for refusal in body.refused))
    return body


def accepted_response(accepted: Accepted) -> web.Response:
    """What intake said, as CONTRACT §5 answers."""
    answer = {
        "tracking_code": accepted.tracking_code,
        "step": accepted.step,
        "step_number": accepted.step_number,
        "created": accepted.created,
        "missing": list(accepted.missing),
    }
    return web.json_response(answer, status=201 if accepted.created and not accepted.replayed else 200)
