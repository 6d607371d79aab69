"""Taking a ticket on, and giving it back, on its own page: forms, after which one is on the page again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web

from gateway.web.desk.ticket_page import GIVEN_BACK, TAKEN, see_ticket, ticket_page, way_of, words_for
from gateway.web.desk.ticket_words import Words
from gateway.web.render import page_language, page_url, see_other
from gateway.web.services import SERVICES, STAFF
from ticketing import assigning
from ticketing.assigning import Taken, TakenAlready
from ticketing.database import Database
from ticketing.errors import Conflict
from ticketing.rules import Rules
from ticketing.staff import Staff

Deed = Callable[[Database, Rules, Staff, str, datetime], Awaitable[Taken]]
"""Taking the ticket on, or giving it back."""


async def post_take(request: web.Request) -> web.Response:
    """Take the ticket on; where somebody was first, who and when."""
    return await _do(request, assigning.take, TAKEN)


async def post_give_back(request: web.Request) -> web.Response:
    """Let the ticket be nobody's again."""
    return await _do(request, assigning.give_back, GIVEN_BACK)


async def _do(request: web.Request, deed: Deed, done: str) -> web.Response:
    services, code = request.app[SERVICES], request.match_info["code"]
    try:
        taken = await deed(services.database, services.rules, request[STAFF], code, services.now())
    except Conflict as refusal:
        ticket = await see_ticket(request, code)
        complaint = why_not(words_for(request, ticket), refusal, services.now())
        return await ticket_page(request, ticket, status=409, complaint=complaint)
    path = f"/desk/tickets/{taken.tracking_code}"
    return see_other(page_url(path, page_language(request), **way_of(request), done=done))


def why_not(words: Words, refusal: Conflict, now: datetime) -> str:
    """Why a ticket is not taken on or given back: who has it, and since when, or that it moved on."""
    say, taken = words.catalogue.say, refusal.taken if isinstance(refusal, TakenAlready) else None
    if taken is None or taken.at is None:
        return say(words.language, "queue.moved_on")
    at = words.when(taken.at.isoformat(), now)
    return say(words.language, "queue.taken_by", who=f"\u2068{taken.assignee}\u2069", at=at)
