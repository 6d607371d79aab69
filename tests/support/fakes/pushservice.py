"""A push service (RFC 8030) and the browsers behind it: it checks who sends (RFC 8292) and opens what is sent with the
keys that only the browser has (RFC 8291)."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self

import http_ece
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_AUTH_BYTES = 16


@dataclass(frozen=True, slots=True)
class FakeBrowser:
    """A subscribed browser: its endpoint at the service, and the keys it keeps to itself."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(_AUTH_BYTES))

    @property
    def token(self) -> str:
        """The last part of its endpoint."""
        return self.endpoint.rpartition("/")[2]

    def to_json(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON` gives a page."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": base64url(point), "auth": base64url(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def opened(self, body: bytes) -> Any:
        """The JSON of an encrypted message."""
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return json.loads(plain)


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was let in: which browser, what it says, its headers, the claims it was signed with."""

    browser: FakeBrowser
    message: dict[str, Any]
    headers: dict[str, str]
    claims: dict[str, Any]
    size: int


class FakePushService:
    """Keeps what it let in. `fail_next` says how it treats the following messages: a status, with headers, or `drop`
    for a line that breaks after it took the message."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.asked = 0
        self._browsers: dict[str, FakeBrowser] = {}
        self._faults: deque[tuple[int | str, dict[str, str]]] = deque()
        self._runner = web.AppRunner(self._app(), shutdown_timeout=0.1)
        self.host = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.host = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://{self.host}"

    def browser(self) -> FakeBrowser:
        """A browser that subscribes here."""
        made = FakeBrowser(f"{self.url}/push/{secrets.token_urlsafe(16)}")
        self._browsers[made.token] = made
        return made

    def forget(self, browser: FakeBrowser) -> None:
        """Its owner took the permission back: from now on it is gone."""
        del self._browsers[browser.token]

    def fail_next(self, fault: int | str, **headers: str) -> None:
        """Treat the next message so; underscores in names of headers are hyphens."""
        self._faults.append((fault, {name.replace("_", "-"): value for name, value in headers.items()}))

    def messages_to(self, browser: FakeBrowser) -> list[dict[str, Any]]:
        """What this browser would show."""
        return [each.message for each in self.received if each.browser == browser]

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/push/{token}", self._push)
        app.router.add_post("/elsewhere", self._elsewhere)
        return app

    async def _elsewhere(self, _request: web.Request) -> web.Response:
        raise AssertionError("a redirect was followed")

    async def _push(self, request: web.Request) -> web.Response:
        self.asked += 1
        body = await request.read()
        fault, headers = self._faults.popleft() if self._faults else (201, {})
        browser = self._browsers.get(request.match_info["token"])
        if browser is None:
            return web.Response(status=410)
        if isinstance(fault, int) and fault != 201:
            return web.Response(status=fault, headers=headers)
        try:
            claims = claims_of(request.headers.get("Authorization", ""))
        except (ValueError, InvalidSignature):
            return web.Response(status=403)
        if claims["aud"] != self.url:
            return web.Response(status=403)
        message = browser.opened(body)
        self.received.append(Received(browser, message, dict(request.headers), claims, len(body)))
        if fault == "drop":
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=201, headers={"Location": f"{self.url}/message/1"})


def claims_of(authorization: str) -> dict[str, Any]:
    """The claims of `vapid t=…,k=…`, with the key they were signed by as `k`. Raises ValueError, InvalidSignature."""
    scheme, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    if scheme != "vapid" or parts.keys() != {"t", "k"}:
        raise ValueError("not the scheme of RFC 8292")
    signed, _, signature = parts["t"].rpartition(".")
    raw = from_base64url(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(parts["k"]))
    key.verify(utils.encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims: dict[str, Any] = json.loads(from_base64url(signed.partition(".")[2]))
    return {**claims, "k": parts["k"]}


def base64url(raw: bytes) -> str:
    """Without padding, as the web writes it."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """And back."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
