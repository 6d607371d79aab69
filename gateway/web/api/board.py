"""The API of the message board (`ticketing.board` decides). Asking for a conversation does not mark it read."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from pydantic import BaseModel

from gateway.web.asked import asked_of, read_said
from gateway.web.board_schemas import (
    BegunAllOut,
    BoardQuery,
    ConversationOut,
    ConversationQuery,
    ConversationsOut,
    MessageIn,
    NewConversationIn,
    ReadingIn,
    StandingIn,
    StandingOut,
    WrittenOut,
)
from gateway.web.filing import idempotency_key
from gateway.web.route import Handler, Route
from gateway.web.schemas import checked
from gateway.web.services import SERVICES, STAFF
from ticketing import board
from ticketing.board_view import Wanted, get_conversation, list_conversations

_BOARD: Final = "/api/v1/staff/board"
_ONE: Final = f"{_BOARD}/{{conversation}}"


async def get_list(request: web.Request) -> web.Response:
    """The conversations in sight."""
    services, asked = request.app[SERVICES], checked(BoardQuery, dict(request.query))
    wanted = Wanted(asked.status, asked.organisation, asked.cursor, asked.limit)
    found = await list_conversations(services.database.read, services.rules, request[STAFF], wanted)
    return web.json_response(found)


async def get_one(request: web.Request) -> web.Response:
    """One of them."""
    services, wanted = request.app[SERVICES], request.match_info["conversation"]
    before = checked(ConversationQuery, dict(request.query)).before
    found = await get_conversation(services.database.read, services.rules, request[STAFF], wanted, before)
    return web.json_response(found)


async def post_new(request: web.Request) -> web.Response:
    """A first message, to one organisation, several or all; or to the centre."""
    services = request.app[SERVICES]
    said, given = await read_said(request, NewConversationIn)
    to = board.ADDRESSEES if given.everywhere else given.organisations
    asked = asked_of(services, request[STAFF], "board", idempotency_key(request), said)
    return web.json_response(
        await board.open_conversations(services.database, asked, to, given.subject, given.text), status=201
    )


async def post_message(request: web.Request) -> web.Response:
    """One more message."""
    services, wanted = request.app[SERVICES], request.match_info["conversation"]
    said, given = await read_said(request, MessageIn)
    asked = asked_of(services, request[STAFF], f"board/{wanted}", idempotency_key(request), said)
    return web.json_response(await board.write_message(services.database, asked, wanted, given.text), status=201)


async def post_reading(request: web.Request) -> web.Response:
    """The asker was shown so much."""
    services, wanted = request.app[SERVICES], request.match_info["conversation"]
    _, given = await read_said(request, ReadingIn)
    await board.mark_read(services.database, request[STAFF], wanted, given.number, services.now())
    return web.Response(status=204)


async def post_standing(request: web.Request) -> web.Response:
    """The conversation is closed, or opened again."""
    services, wanted = request.app[SERVICES], request.match_info["conversation"]
    said, given = await read_said(request, StandingIn)
    asked = asked_of(services, request[STAFF], f"board/{wanted}/status", idempotency_key(request), said)
    is_open = given.status == "open"
    return web.json_response(await board.set_open(services.database, asked, wanted, is_open=is_open))


def _deed(
    path: str, handler: Handler, summary: str, body: type[BaseModel], answer: type[BaseModel] | None, *statuses: int
) -> Route:
    keyed = handler is not post_reading  # which is the same however often it is said
    return Route(
        "POST", path, handler, board.MEMBERS, summary, body=body, answer=answer, statuses=statuses, keyed=keyed
    )


ROUTES: Final = (
    Route(
        "GET",
        _BOARD,
        get_list,
        board.MEMBERS,
        "Conversations of the centre and the organisations",
        query=BoardQuery,
        answer=ConversationsOut,
    ),
    _deed(_BOARD, post_new, "Begin a conversation with each of these", NewConversationIn, BegunAllOut, 201),
    Route(
        "GET",
        _ONE,
        get_one,
        board.MEMBERS,
        "One conversation, without marking it read",
        query=ConversationQuery,
        answer=ConversationOut,
        statuses=(200, 404),
    ),
    _deed(f"{_ONE}/messages", post_message, "Write a message", MessageIn, WrittenOut, 201, 404, 409),
    _deed(f"{_ONE}/readings", post_reading, "Say that one was shown the messages", ReadingIn, None, 204, 404),
    _deed(f"{_ONE}/status", post_standing, "Close a conversation or open it again", StandingIn, StandingOut, 200, 404),
)
