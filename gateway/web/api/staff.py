"""The API of staff: sign in, file for a caller, list, read, act (CONTRACT §6). Who may do what is ticketing's rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from channels import registry
from channels.phone import CHANNELS, CODES
from gateway.web.api.citizen import REPORT_PARTS, accepted_response, read_body
from gateway.web.body import Reader, as_mapping
from gateway.web.desk.ticket_due import due_because
from gateway.web.desk.ticket_words import Words
from gateway.web.filing import Filing, file_report, hash_of, idempotency_key, identity_of, refuse_known_key
from gateway.web.problems import Problem, invalid
from gateway.web.render import api_language
from gateway.web.route import token_of
from gateway.web.schemas import LoginIn, checked
from gateway.web.services import CLIENT, SERVICES, STAFF
from ticketing import desk, staff
from ticketing.accepted import Accepted
from ticketing.act import act, check_permitted
from ticketing.candidate import find_candidate

_SHOWN: Final = ("username", "role", "organisation", "body", "demonstration")
_ACTION_PARTS: Final = ("action", "body", "report")
_ACCOUNT: Final = "staff/reports"


async def login(request: web.Request) -> web.Response:
    """A session's token."""
    services = request.app[SERVICES]
    said = checked(LoginIn, as_mapping((await Reader().read(request)).value))
    token, member = await staff.login(
        services.database,
        services.rules.vault,
        said.username,
        said.password,
        said.totp,
        services.now(),
        services.settings.security.require_totp,
        client=request[CLIENT],
    )
    return web.json_response({"token": token, **{name: getattr(member, name) for name in _SHOWN}})


async def logout(request: web.Request) -> web.Response:
    """The end of the session."""
    services = request.app[SERVICES]
    vault = services.rules.vault
    await staff.logout(services.database, vault, token_of(request), services.now(), client=request[CLIENT])
    return web.Response(status=204)


async def post_report(request: web.Request) -> web.Response:
    """A report an operator files for a citizen."""
    services, member = request.app[SERVICES], request[STAFF]
    key = idempotency_key(request)
    try:
        body = await read_body(request, *REPORT_PARTS)
        payload = as_mapping(body.value)
    except Problem:
        await refuse_known_key(services, CODES, _ACCOUNT, key)
        raise
    body_hash = hash_of(payload, body.files) if key is not None else None
    context = {"filed_by": member.id}
    filing = Filing(_ACCOUNT, identity_of(key), payload, body.raw, body.files, body_hash, context, CODES)
    channel = CHANNELS.get(str(payload.get("channel")), CHANNELS[CODES[0]])  # whose check refuses an unknown one
    accepted = await file_report(services, channel, filing)
    return accepted_response(accepted, candidate=await _candidate(request, accepted))


async def _candidate(request: web.Request, accepted: Accepted) -> dict[str, Any] | None:
    if accepted.candidate is None or accepted.tracking_code is None:
        return None
    services = request.app[SERVICES]
    found = await find_candidate(services.database.read, services.rules, request[STAFF], accepted.tracking_code)
    return {"tracking_code": found.code, "score": found.score, "reasons": list(found.reasons)} if found else None


async def list_tickets(request: web.Request) -> web.Response:
    """The tickets this member may see, filtered."""
    services = request.app[SERVICES]
    filters = dict(request.query)
    if filters.get("channel", "") not in ("", *registry.CHANNELS):
        raise invalid(("channel", "not_allowed"))
    found = await desk.list_tickets(services.database, services.rules, request[STAFF], filters, services.now())
    return web.json_response(found)


async def get_ticket(request: web.Request) -> web.Response:
    """One ticket, whole."""
    services = request.app[SERVICES]
    code = request.match_info["code"]
    found = await desk.get_ticket(services.database, services.rules, request[STAFF], code, services.now())
    return web.json_response(_explained(request, found))


async def post_action(request: web.Request) -> web.Response:
    """Do something to a ticket; the answer is the ticket as it is now."""
    services, member = request.app[SERVICES], request[STAFF]
    code, action = request.match_info["code"], request.match_info["action"]
    key = None
    try:
        key = idempotency_key(request)
        body = await read_body(request, *_ACTION_PARTS, optional=True)
        said = dict(as_mapping(body.value))
    except Problem:  # told only to whoever may do this to this ticket
        await check_permitted(services.database, services.rules, member, code, action, key=key)
        raise
    stored = [await services.attachments.save(file.content or b"", file.name, file.media_type) for file in body.files]
    body_hash = hash_of(said, body.files)
    seen = await act(
        services.database,
        services.rules,
        member,
        code,
        action,
        said,
        services.now(),
        key=key,
        body_hash=body_hash,
        files=stored,
    )
    return web.json_response(_explained(request, seen))


def _explained(request: web.Request, ticket: Mapping[str, Any]) -> dict[str, Any]:
    """A ticket with its due date in words of the language asked for."""
    services = request.app[SERVICES]
    procedure = services.rules.procedures[ticket["procedure"]]
    words = Words(api_language(request), services.catalogue, services.rules, procedure)
    return {**ticket, "due_because": due_because(words, ticket["clock"]) or None}
