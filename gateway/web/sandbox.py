"""The sandbox's phone: any number's texts, and a box to text in. It exists only where texts really go nowhere.

Answers 404 unless the provider in use is the sandbox, the program listens on a loopback address, and the browser asked
for one by name: a page of some website that points its own name at us (DNS rebinding) sees nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import select

from channels.channel import Malformed
from gateway.loopback import is_loopback
from gateway.web.body import Reader, as_mapping
from gateway.web.csrf import require_same_origin
from gateway.web.pages.forms import FilledForm, refused
from gateway.web.problems import Problem, invalid
from gateway.web.render import page, page_language, page_url, see_other
from gateway.web.services import SERVICES, Services
from normalizer.phone import Phone, parse_phone
from sms.providers.provider import Inbound
from sms.providers.sandbox import Sandbox, sandbox_messages
from ticketing.errors import FieldError
from ticketing.tables import reports
from ticketing.vault import address_index

_READER: Final = Reader(json=True, form=True)
_LONGEST_TEXT: Final = 2000
_MOST_MESSAGES: Final = 200
_MOST_PHONES: Final = 20


async def get_page(request: web.Request) -> web.Response:
    """The phone of `?phone=`, or the choice of one."""
    services = _require_sandbox(request)
    written = request.query.get("phone", "")
    phone = parse_phone(written)
    form = FilledForm()
    if written and not isinstance(phone, Phone):
        form = refused({}, [FieldError("phone", phone.code)], services.catalogue, page_language(request))
    number = phone.e164 if isinstance(phone, Phone) else ""
    messages = await _conversation(services, number) if number else []
    phones = await _phones(services)
    local = _local(number)
    return page(request, "sandbox.html", form=form, phone=local, phones=phones, messages=messages)


async def get_messages(request: web.Request) -> web.Response:
    """The texts a number received, or (`all=1`) sent too; of every number where none is named."""
    services = _require_sandbox(request)
    written = request.query.get("phone")
    if written is None:
        return web.json_response([_received(each) for each in await _texts(services, None)])
    phone = parse_phone(written)
    if not isinstance(phone, Phone):
        raise invalid(("phone", phone.code))
    if request.query.get("all"):
        return web.json_response(await _conversation(services, phone.e164))
    return web.json_response([_received(each) for each in await _texts(services, phone.e164)])


async def post_message(request: web.Request) -> web.Response:
    """A text from a number to 124; a form comes back to the phone, JSON gets 200."""
    services = _require_sandbox(request)
    is_form = request.content_type != "application/json"
    if is_form:
        require_same_origin(request, services.settings.http.public_url)
    said = as_mapping((await _READER.read(request)).value)
    wrong = [(name, code) for name in ("from", "text") if (code := _wrong(said.get(name)))]
    phone = parse_phone(str(said.get("from", "")))
    if not wrong and not isinstance(phone, Phone):
        wrong = [("from", phone.code)]
    if wrong:
        raise invalid(*wrong)
    number = phone.e164 if isinstance(phone, Phone) else ""
    line = services.settings.channels.sms.line
    inbound = Inbound(number, line, secrets.token_hex(8), said["text"])
    taken = await services.reception.receive_text(services.provider.code, inbound)
    if isinstance(taken, Malformed):
        raise invalid(*taken.errors)
    if is_form:
        return see_other(page_url("/sandbox", page_language(request), phone=_local(number)))
    return web.json_response({"taken": True})


def _require_sandbox(request: web.Request) -> Services:
    services = request.app[SERVICES]
    is_ours = isinstance(services.provider, Sandbox)
    if not (is_ours and is_loopback(services.settings.http.host) and is_loopback(_asked_host(request))):
        raise Problem(404)
    return services


def _asked_host(request: web.Request) -> str:
    try:
        return urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        return ""


def _wrong(value: object) -> str | None:
    if not isinstance(value, str):
        return "required" if value is None else "wrong_type"
    if not value.strip():
        return "required"
    return "too_long" if len(value) > _LONGEST_TEXT else None


async def _texts(services: Services, number: str | None) -> list[Any]:
    vault = services.rules.vault
    index = address_index(vault, "sms", "", number) if number else None
    return await sandbox_messages(services.database, vault.unseal, index, _MOST_MESSAGES)


async def _conversation(services: Services, number: str) -> list[dict[str, Any]]:
    """What the number received and sent, oldest first."""
    came = [{**_received(each), "direction": "in"} for each in await _texts(services, number)]
    index = address_index(services.rules.vault, "sms", "", number)
    sent = select(reports.c.id, reports.c.text, reports.c.received_at).where(
        reports.c.channel == "sms", reports.c.sender_index == index
    )
    rows = await services.database.read(sent.order_by(reports.c.id.desc()).limit(_MOST_MESSAGES))
    went = [_message(number, row["text"], row["received_at"], row["id"], "out") for row in rows]
    return sorted((*came, *went), key=lambda each: (each["at"], each["localid"]))


def _received(each: Any) -> dict[str, Any]:
    return _message(each.to, each.text, each.at, each.localid, "in")


def _message(number: str, text: str, at: datetime, row_id: int, direction: str) -> dict[str, Any]:
    said = {"to": number, "text": text, "at": at.isoformat(), "direction": direction}
    return {**said, "localid": row_id, "id": str(row_id)}  # a script cannot hold the number exactly


async def _phones(services: Services) -> list[str]:
    """The numbers that received something lately, newest first."""
    numbers: Mapping[str, None] = dict.fromkeys(each.to for each in reversed(await _texts(services, None)))
    return [_local(number) for number in list(numbers)[:_MOST_PHONES]]


def _local(number: str) -> str:
    return f"0{number[3:]}" if number.startswith("+98") else number
