"""Drafts of the operator's form: autosaved while they type, parked when another call comes, given back on a reload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from gateway.web.body import Reader
from gateway.web.desk.call_filing import filed_as
from gateway.web.desk.call_form import is_empty, kept_fields, typed_in
from gateway.web.desk.layout import desk_page
from gateway.web.pages.forms import form_id_of
from gateway.web.render import page_language, page_url, see_other
from gateway.web.services import SERVICES, STAFF, Services
from ticketing.drafts import Draft, drafts_of, forget, keep
from ticketing.logged_calls import logged_as
from ticketing.staff import Staff

KIND: Final = "call"
_READER: Final = Reader(json=False, form=True)


@dataclass(frozen=True, slots=True)
class Desktop:
    """An operator's drafts: the one that lies open, if any, and those put aside."""

    open: Draft | None
    parked: Sequence[Draft]


async def post_draft(request: web.Request) -> web.Response:
    """Keep what has been typed so far; answers with the list of what is put aside."""
    services, member = request.app[SERVICES], request[STAFF]
    typed = typed_in((await _READER.read(request)).value)
    form_id = form_id_of(typed)
    if is_empty(typed):
        await forget(services.database, member.id, KIND, form_id)
    else:
        await keep_draft(services, member, form_id, kept_fields(typed, "parked"))
    desktop = await desktop_of(services, member)
    return desk_page(request, "desk/calls_parked.html", parked=desktop.parked)


async def post_discard(request: web.Request) -> web.Response:
    """Throw a draft away."""
    typed = typed_in((await _READER.read(request)).value)
    await drop(request.app[SERVICES], request[STAFF], form_id_of(typed))
    return see_other(page_url("/desk/calls", page_language(request)))


async def desktop_of(services: Services, member: Staff, wanted: str = "") -> Desktop:
    """The draft `wanted` lies open, else the newest that was not put aside."""
    drafts = await drafts_of(services.database, services.rules.vault, member.id, KIND, services.now())
    chosen = next((each for each in drafts if each.form_id == wanted), None)
    lying_open = chosen or next((each for each in drafts if not _is_parked(each.body)), None)
    return Desktop(lying_open, [each for each in drafts if each is not lying_open])


async def keep_draft(services: Services, member: Staff, form_id: str, body: Mapping[str, str]) -> None:
    """Keep a form's fields as its draft, unless it has been filed or logged meanwhile."""
    done = [*filed_as(member, form_id), logged_as(member.id, form_id)]
    vault, at = services.rules.vault, services.now()
    await keep(services.database, vault, member.id, KIND, form_id, body, at, filed_as=done)


async def drop(services: Services, member: Staff, form_id: str) -> None:
    """Forget the draft of a form that was filed or thrown away."""
    await forget(services.database, member.id, KIND, form_id)


def _is_parked(body: Mapping[str, str]) -> bool:
    return bool(body.get("parked"))
