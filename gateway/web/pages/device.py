"""`/track/device`: a browser asks to be told of a ticket, or no more. push.js asks; without a key nobody is there.

It takes the same proof as every page of a ticket, code and last four digits, or the confirmation's own.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import Annotated, Final, Literal

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gateway.web import following
from gateway.web.body import Reader, as_mapping
from gateway.web.pages.proof import is_proven
from gateway.web.problems import Problem, invalid
from gateway.web.route import PUBLIC, Route
from gateway.web.schemas import Code, Last4, Line, Request, checked
from gateway.web.services import SERVICES, Services
from ticketing.devices import Subscription, drop_device, is_told, keep_device
from ticketing.errors import NotFound
from ticketing.ticket import Ticket, by_code, ticket_from

_AUTH_BYTES: Final = 16
_LONGEST_KEY: Final = 128


def _point(key: str) -> str:
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(key))
    return key


def _secret(key: str) -> str:
    if len(_decoded(key)) != _AUTH_BYTES:
        raise ValueError("an authentication secret has sixteen bytes (RFC 8291 §3.2)")
    return key


def _decoded(key: str) -> bytes:
    return urlsafe_b64decode(key + "=" * (-len(key) % 4))


class _Given(BaseModel):
    """What a browser made: it may hold more than we need."""

    model_config = ConfigDict(extra="ignore", strict=True)


class KeysIn(_Given):
    """The browser's side of the encryption."""

    p256dh: Annotated[str, Field(max_length=_LONGEST_KEY), AfterValidator(_point)]
    auth: Annotated[str, Field(max_length=_LONGEST_KEY), AfterValidator(_secret)]


class SubscriptionIn(_Given):
    """A PushSubscription as `toJSON` writes it."""

    endpoint: str
    keys: KeysIn


class DeviceIn(Request):
    """What this browser wishes: to hear of the ticket (`on`), not to (`off`), or how it stands (`ask`)."""

    code: Code
    phone_last4: Last4 | None = None
    proof: Line | None = None
    wish: Literal["on", "off", "ask"]
    subscription: SubscriptionIn


async def post_device(request: web.Request) -> web.Response:
    """Do as the browser wishes; the answer says whether it is told now."""
    services = request.app[SERVICES]
    if services.push is None:
        raise Problem(404)
    given = checked(DeviceIn, as_mapping((await Reader().read(request)).value))
    service = services.push.services.entry_of(given.subscription.endpoint)
    if service is None:
        raise invalid(("subscription.endpoint", "not_allowed"))
    ticket = await _find(request, services, given)
    return web.json_response({"on": await _done(services, ticket, given, service)})


async def _find(request: web.Request, services: Services, given: DeviceIn) -> Ticket:
    if given.proof is None:
        ticket = await following.find(request, given.code, given.phone_last4)
    elif not is_proven(services, given.code, given.proof):  # its hour is over: that is no guess at anybody's digits
        raise NotFound
    else:
        rows = await services.database.read(by_code(services.rules.vault, given.code).statement())
        if not rows:
            raise NotFound
        ticket = ticket_from(services.rules.vault, rows[0])
    if ticket.anonymous:  # a push service would know a device of somebody who said nothing of themselves
        raise NotFound
    return ticket


async def _done(services: Services, ticket: Ticket, given: DeviceIn, service: str) -> bool:
    database, vault, its = services.database, services.rules.vault, given.subscription
    if given.wish == "ask":
        return await is_told(database.read, vault, ticket, its.endpoint)
    if given.wish == "off":
        await drop_device(database, vault, ticket, its.endpoint)
        return False
    subscription = Subscription(its.endpoint, its.keys.p256dh, its.keys.auth, service)
    await keep_device(database, vault, ticket, subscription, services.now())
    return True


ROUTES: Final = (Route("POST", "/track/device", post_device, PUBLIC, same_origin=True),)
