"""What the operator sees beside the form: the caller's open tickets and the shop's last month, as a piece of page.

It comes by POST, because a number stands in no address or log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from gateway.web.body import Reader
from gateway.web.desk.call_form import typed_in
from gateway.web.desk.layout import desk_page
from gateway.web.render import page_language
from gateway.web.services import SERVICES, STAFF
from normalizer.identity import guild_id_ok
from normalizer.phone import Phone, parse_phone
from ticketing.callers import open_tickets_of, recent_tickets_of_shop
from ticketing.logged_calls import logged_calls_of
from ticketing.rules import Rules
from ticketing.title import titled

_READER = Reader(json=False, form=True)


async def post_history(request: web.Request) -> web.Response:
    """The piece of page for what has been typed so far."""
    typed = typed_in((await _READER.read(request)).value)
    return desk_page(request, "desk/calls_history.html", history=await history_of(request, typed))


async def history_of(request: web.Request, typed: Mapping[str, str]) -> dict[str, Any]:
    """Lines for `calls_history.html`: `caller` and `shop`; `is_known` says that a whole number has been typed."""
    services, member, at = request.app[SERVICES], request[STAFF], request.app[SERVICES].now()
    database, rules = services.database, services.rules
    phone, where = typed.get("phone", ""), typed.get("where", "")
    caller = await open_tickets_of(database, rules, member, phone, at)
    shop = await recent_tickets_of_shop(
        database,
        rules,
        member,
        name=typed.get("business.name", ""),
        guild_id=where if guild_id_ok(where) else "",
        province=typed.get("place.province", ""),
        at=at,
    )
    language = page_language(request)
    codes = [line["tracking_code"] for line in caller]
    wanted = typed.get("ticket", "")
    return {
        "is_known": isinstance(parse_phone(phone), Phone),
        "caller": [_line(rules, each, language) for each in caller],
        "shop": [_line(rules, each, language) for each in shop if each["tracking_code"] not in codes],
        "logged": await logged_calls_of(database, rules.vault, member, phone, at),
        "chosen": wanted if wanted in codes else next(iter(codes), ""),
    }


def _line(rules: Rules, line: Mapping[str, Any], language: str) -> dict[str, Any]:
    procedure = rules.procedures[line["procedure"]]
    category = rules.categories.get(line["category"] or "")
    outcome = procedure.outcomes.get(line["outcome"] or "")
    return {
        **line,
        "category_title": titled(category.title, language) if category else "",
        "step_title": titled(outcome or procedure.step(line["step_number"]).title, language),
    }
