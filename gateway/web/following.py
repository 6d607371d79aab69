"""What a citizen does with a ticket that is provably theirs, by API or page: see it, answer, add, object, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from channels.web import CODE
from gateway.web.filing import canonical, hash_of, identity_of, refuse_known_key
from gateway.web.services import CLIENT, SERVICES
from normalizer.report import Attachment, Report
from normalizer.text import digits
from ticketing import survey_wishes, tracking
from ticketing.citizen_actions import OBJECT, WITHDRAW
from ticketing.ticket import Ticket

ANSWERS: Final = "answers"
ADDITIONS: Final = "additions"
_LONGEST_CODE = 64


async def find(request: web.Request, code: str, phone_last4: str | None) -> Ticket:
    """The ticket whose code and last four digits these are, in any script. Raises NotFound, TooMany."""
    services = request.app[SERVICES]
    last4 = digits(phone_last4 or "").strip()
    return await tracking.find_ticket(
        services.database,
        services.rules,
        services.guesses,
        code[:_LONGEST_CODE],
        last4 or None,
        request[CLIENT],
        services.now(),
    )


async def see(request: web.Request, ticket: Ticket) -> dict[str, Any]:
    """The ticket as its citizen may see it."""
    services = request.app[SERVICES]
    return await tracking.status_of(services.database.read, services.rules, ticket, services.now())


async def answer(request: web.Request, ticket: Ticket, said: Mapping[str, Any], key: str | None) -> dict[str, Any]:
    """Answer what the ticket asks, as CONTRACT §5 writes it. Raises Conflict where nothing of the kind is asked."""
    if "choice" in said:
        choice = said["choice"]
    elif "satisfied" in said:
        choice = "satisfied:1" if said["satisfied"] else "satisfied:2"
    else:
        choice = f"rating:{said['rating']}"
    return await _follow(request, ticket, ANSWERS, said, key, text=said.get("comment", ""), choice=choice)


async def add(
    request: web.Request, ticket: Ticket, text: str, files: tuple[Attachment, ...], key: str | None
) -> dict[str, Any]:
    """Add words and files to the ticket."""
    return await _follow(request, ticket, ADDITIONS, {"text": text}, key, text=text, files=files)


async def object_to(request: web.Request, ticket: Ticket, text: str, key: str | None) -> dict[str, Any]:
    """Object to how the ticket was closed. Raises Conflict where its procedure has that not, or not any more."""
    return await _take(request, ticket, OBJECT, {"text": text}, key)


async def withdraw(request: web.Request, ticket: Ticket, key: str | None) -> dict[str, Any]:
    """Take the complaint back. Raises Conflict where its procedure has that not now."""
    return await _take(request, ticket, WITHDRAW, {}, key)


async def ask_again(request: web.Request, ticket: Ticket) -> dict[str, Any]:
    """Ask its citizen again how matters were handled, after they had refused that."""
    services = request.app[SERVICES]
    await survey_wishes.ask_again(services.database, services.rules, ticket)
    return await see(request, ticket)


async def refuse_known_key_of_action(request: web.Request, ticket: Ticket, key: str, action: str) -> None:
    """For a body nobody could read. Raises KeyReused where the key came before with this action on the ticket."""
    services = request.app[SERVICES]
    await tracking.refuse_known_key(services.database, services.rules, ticket, action, key)


async def refuse_known_key_of(request: web.Request, ticket: Ticket, key: str, endpoint: str) -> None:
    """For a body nobody could read. Raises KeyReused where the key came before to this ticket's endpoint."""
    await refuse_known_key(request.app[SERVICES], (CODE,), endpoint, _keyed_to(ticket, key))


def _keyed_to(ticket: Ticket, key: str) -> str:
    return f"{ticket.code} {key}"


async def _take(
    request: web.Request, ticket: Ticket, action: str, said: Mapping[str, Any], key: str | None
) -> dict[str, Any]:
    services = request.app[SERVICES]
    return await tracking.take_action(
        services.database, services.rules, ticket, action, said, services.now(), key=key, body_hash=hash_of(said)
    )


async def _follow(
    request: web.Request,
    ticket: Ticket,
    endpoint: str,
    said: Mapping[str, Any],
    key: str | None,
    *,
    text: str,
    choice: str | None = None,
    files: tuple[Attachment, ...] = (),
) -> dict[str, Any]:
    services = request.app[SERVICES]
    report = Report(
        channel=CODE,
        account=endpoint,
        external_id=identity_of(_keyed_to(ticket, key) if key is not None else None),
        received_at=services.now(),
        raw=canonical(said),
        text=text,
        attachments=files,
        choice=choice,
    )
    return await tracking.follow_up(
        services.database,
        services.rules,
        ticket,
        report,
        files=services.attachments,
        body_hash=hash_of(said, files) if key is not None else None,
    )
