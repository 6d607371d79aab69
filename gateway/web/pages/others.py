"""Which procedures have a page of their own to be filed on, where it is, and what leads there from the first page."""

from __future__ import annotations

from aiohttp import web

from channels.web import CHANNEL
from gateway.forms import PATH
from gateway.web.render import page_language, page_url
from gateway.web.services import SERVICES
from ticketing.filing import others_by
from ticketing.title import titled


def links(request: web.Request) -> list[tuple[str, str]]:
    """Address and words of each such page."""
    language = page_language(request)
    return [
        (page_url(PATH.format(procedure=each.code), language), titled(each.filing.link or each.title, language))
        for each in others_by(request.app[SERVICES].rules.procedures, CHANNEL.code)
    ]
