"""Hooks: what providers, messengers and the telephone exchange send us, taken in before it is acknowledged.

The secret is part of the path. A wrong one, or none set, looks like a path that does not exist. Payloads are read in
their providers' and channels' own files; this module knows none of their names.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from aiohttp import web

from channels.channel import Malformed
from gateway.web.body import Reader, as_mapping
from gateway.web.calls import MOMENTS, CallEvent
from gateway.web.desk import call_news
from gateway.web.problems import Problem
from gateway.web.services import SERVICES, Services
from normalizer.phone import Phone, parse_phone
from normalizer.text import digits
from sms.providers.provider import MalformedPayloadError
from sms.providers.registry import PROVIDERS
from sms.receipts import record_receipts
from ticketing.errors import FieldError
from ticketing.transaction import UnitTransaction

_READER: Final = Reader(json=True, form=True)
_BOT_READER: Final = Reader(json=True)
_LONGEST: Final = 64
_AS_SENT: Final = {"sender": "from", "line": "to", "message_id": "messageid", "text": "message"}
"""The fields of a text by the names they came under (CONTRACT §7)."""


async def inbound(request: web.Request) -> web.Response:
    """A text from an SMS provider."""
    services, parse = _provider_hook(request, "parse_inbound")
    text = _read(parse, await _payload(request))
    _refuse(await services.reception.receive_text(request.match_info["provider"], text), _AS_SENT)
    return _taken()


async def receipt(request: web.Request) -> web.Response:
    """What became of a text, from an SMS provider."""
    services, parse = _provider_hook(request, "parse_receipt")
    report = _read(parse, await _payload(request))
    provider, at = request.match_info["provider"], services.now()

    async def work(tx: UnitTransaction) -> int:
        return await record_receipts(tx, provider, [report], at)

    await services.database.write(work)
    return _taken()


async def update(request: web.Request) -> web.Response:
    """An update from a messenger, for one of our bots."""
    services = request.app[SERVICES]
    bot = services.bots.get(request.match_info["bot"])
    if bot is None or not bot.account.admits(request.headers, request.match_info["secret"]):
        raise Problem(404)
    said = as_mapping((await _BOT_READER.read(request)).value)
    _refuse(await services.reception.receive(bot.channel, services.reception.arrival(bot.account.account, said)))
    bot.account.acknowledge(said)
    return _taken()


async def call(request: web.Request) -> web.Response:
    """A call ringing, answered or ended, from the telephone exchange."""
    services = _let_in(request, "phone", "pbx_secret")
    moment = next((each for each in MOMENTS if each == request.match_info["moment"]), None)
    if moment is None:
        raise Problem(404)
    said = await _payload(request)
    wrong = [FieldError(name, code) for name in ("caller", "extension", "call_id") if (code := _wrong(said, name))]
    if wrong:
        raise Problem(400, "malformed_payload", wrong)
    phone = parse_phone(_text(said, "caller"))
    caller = phone.e164 if isinstance(phone, Phone) else None
    extension = digits(_text(said, "extension"))
    news = services.calls.take(CallEvent(_text(said, "call_id"), moment, extension, caller, services.now()))
    await call_news.tell(services, news)
    return _taken()


def _provider_hook(request: web.Request, reads: str) -> tuple[Services, Any]:
    """The services and the provider's parser `reads`. Raises Problem 404 where there is no such hook."""
    services = _let_in(request, "sms", "secret")
    entry = PROVIDERS.get(request.match_info["provider"])
    parse = getattr(entry, reads, None)
    if parse is None:
        raise Problem(404)
    return services, parse


def _let_in(request: web.Request, channel: str, key: str) -> Services:
    """The services, if the path holds this channel's secret and the channel is on. Raises Problem 404."""
    services = request.app[SERVICES]
    settings = getattr(services.settings.channels, channel)
    secret = getattr(settings, key).get_secret_value()
    if not _same(request.match_info["secret"], secret) or not secret or not settings.enabled:
        raise Problem(404)
    return services


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode())


async def _payload(request: web.Request) -> dict[str, Any]:
    """What was sent, of the query and the body together; the body wins."""
    query = dict(request.query)
    if request.method != "POST" or not request.body_exists:
        return query
    return {**query, **as_mapping((await _READER.read(request)).value)}


def _read(parse: Any, payload: Mapping[str, Any]) -> Any:
    try:
        return parse(payload)
    except MalformedPayloadError as error:
        code = "wrong_value" if payload.get(error.field) else "required"
        raise Problem(400, "malformed_payload", [FieldError(error.field, code)]) from None


def _refuse(taken: object, as_sent: Mapping[str, str] = MappingProxyType({})) -> None:
    if isinstance(taken, Malformed):
        errors = [FieldError(as_sent.get(name, name), code) for name, code in taken.errors]
        raise Problem(400, "malformed_payload", errors)


def _wrong(said: Mapping[str, Any], name: str) -> str | None:
    value = said.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        return "wrong_type"
    text = _text(said, name)
    if not text:
        return None if name == "caller" else "required"  # a hidden number rings too
    return "too_long" if len(text) > _LONGEST else None


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return "" if value is None else str(value).strip()


def _taken() -> web.Response:
    return web.Response(text="ok", content_type="text/plain")
