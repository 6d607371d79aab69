"""The message board's two pages, laid out for their templates: the conversations, and one with its messages.

Showing a conversation notes that it was read, once it has been made up of what was new until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast, get_args
from uuid import uuid4

from aiohttp import web

from gateway.catalogue import sort_key
from gateway.web.desk.layout import desk_page
from gateway.web.desk.titles import Titles
from gateway.web.pages.forms import FilledForm, whole_number
from gateway.web.render import page_language, page_url
from gateway.web.services import SERVICES, STAFF, UNREAD
from ticketing.board import ADDRESSEES, LONGEST_SUBJECT, LONGEST_TEXT, is_centre, mark_read
from ticketing.board_view import Wanted, count_unread, get_conversation, list_conversations
from ticketing.mentions import pieces_of

_DONE: Final = ("opened", "written", "closed", "reopened")
Tab = Literal["open", "closed", "any"]
TABS: Final[tuple[Tab, ...]] = get_args(Tab)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came back: what was typed and is wrong with it; its id, a fresh one where it was used up."""

    form: FilledForm = field(default_factory=FilledForm)
    form_id: str = field(default_factory=lambda: uuid4().hex)


async def list_page(request: web.Request, sent: Sent | None = None, *, status: int = 200) -> web.Response:
    """The conversations of a tab (`?status=`), of one organisation where the centre asks for one."""
    services, member, query = request.app[SERVICES], request[STAFF], request.query
    tab = cast("Tab", query.get("status")) if query.get("status") in TABS else "open"
    organisation = query.get("organisation", "") if is_centre(member) else ""
    wanted = Wanted(tab, organisation if organisation in ADDRESSEES else "", query.get("after", ""))
    found = await list_conversations(services.database.read, services.rules, member, wanted)
    here = {"status": tab, "organisation": wanted.organisation}
    return desk_page(
        request,
        "desk/board.html",
        status=status,
        **_shared(request, sent),
        items=found["items"],
        tabs=[(each, _list_url(request, {**here, "status": each})) for each in TABS],
        tab=tab,
        organisation=wanted.organisation,
        organisations=_organisations(request),
        older=_list_url(request, {**here, "after": found["next_cursor"]}) if found["next_cursor"] else "",
        longest_subject=LONGEST_SUBJECT,
        is_sent_back=sent is not None,
    )


async def conversation_page(request: web.Request, sent: Sent | None = None, *, status: int = 200) -> web.Response:
    """One conversation, its newest messages or those before `?before=`. Raises `NotFound`."""
    services, member, wanted = request.app[SERVICES], request[STAFF], request.match_info["conversation"]
    before = _number(request.query.get("before", ""))
    found = await get_conversation(services.database.read, services.rules, member, wanted, before)
    if found["unread"] and before is None:
        await mark_read(services.database, member, wanted, found["count"], services.now())
        request[UNREAD] = await count_unread(services.database.read, member)
    return desk_page(
        request,
        "desk/conversation.html",
        status=status,
        **_shared(request, sent),
        conversation=found,
        messages=[{**each, "pieces": _pieces(each)} for each in found["messages"]],
        before=before,
    )


def _shared(request: web.Request, sent: Sent | None) -> dict[str, Any]:
    services, done = request.app[SERVICES], request.query.get("done", "")
    sent = sent or Sent()
    return {
        "titles": Titles(page_language(request), services.catalogue, services.rules),
        "is_centre": is_centre(request[STAFF]),
        "form": sent.form,
        "form_id": sent.form_id,
        "done": done if done in _DONE else "",
        "longest_text": LONGEST_TEXT,
    }


def _pieces(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The text of a message in pieces; `is_seen` where one is the code of a ticket in sight."""
    seen = set(message["tickets"])
    found = pieces_of(message["text"])
    return [{"words": each.words, "code": each.code, "is_seen": each.code in seen} for each in found]


def _organisations(request: web.Request) -> list[tuple[str, str]]:
    """Every organisation's code and title, in the order of the alphabet."""
    services = request.app[SERVICES]
    titles = Titles(page_language(request), services.catalogue, services.rules)
    named = [(code, titles.of("organisation", code)) for code in ADDRESSEES]
    return sorted(named, key=lambda each: sort_key(each[1]))


def _list_url(request: web.Request, query: Mapping[str, str]) -> str:
    return page_url("/desk/board", page_language(request), **{name: value for name, value in query.items() if value})


def _number(written: str) -> int | None:
    """The number of a message as it stands in an address; None for what is none."""
    try:
        return min(whole_number(written), 2**31 - 1)
    except ValueError:
        return None
