"""What happened to a ticket while its page lay open, in one sentence. It says so; it shows and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from gateway.web.desk.ticket_page import words_for
from gateway.web.desk.ticket_timeline import title_of
from gateway.web.services import SERVICES, STAFF
from sms.digits import is_ascii_number
from ticketing.changes import newest_event

_LONGEST_NUMBER: Final = 9


async def get_news(request: web.Request) -> web.Response:
    """`{"said"}` about what last happened after event `seen` of the query; null where nothing has. Raises NotFound."""
    services, code = request.app[SERVICES], request.match_info["code"]
    seen = _number(request.query.get("seen", ""))
    event = await newest_event(services.database, services.rules, request[STAFF], code, seen)
    return web.json_response({"said": _said(request, event)} if event is not None else None)


def _said(request: web.Request, event: Mapping[str, Any]) -> str:
    words = words_for(request, event)
    said = {
        "who": f"\u2068{words.actor(event['actor'])}\u2069",  # as it is written: digits of a username are no number
        "at": words.when(event["at"].isoformat(), request.app[SERVICES].now()),
        "what": title_of(words, event["kind"], event["data"]),
    }
    return words.catalogue.say(words.language, "ticket_desk.changed", **said)


def _number(written: str) -> int:
    is_number = is_ascii_number(written) and len(written) <= _LONGEST_NUMBER
    return int(written) if is_number else 0
