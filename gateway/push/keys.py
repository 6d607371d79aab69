"""The key by which push services know this gateway (RFC 8292, VAPID): a P-256 key, kept as PEM in a file of its own.

A browser's subscription holds for one key only: whoever loses the file loses every device that asked to be told.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02, VapidException

from gateway.config import ConfigError, Settings
from gateway.push.services import PushServices

_GOOD_FOR: Final = timedelta(hours=12)
"""RFC 8292 §2 allows a day; half of it leaves room for clocks that are off."""
_ANY_ORIGIN: Final = "https://push.example"


@dataclass(frozen=True, slots=True)
class Push:
    """Web Push as the settings have it: our key, who answers for it, and the services that may be sent to.

    `public_key` is what a page gives its browser as `applicationServerKey`.
    """

    key: ec.EllipticCurvePrivateKey
    public_key: str
    contact: str
    services: PushServices

    def authorization(self, origin: str, now: datetime) -> str:
        """The Authorization header for a service at `origin`, good for half a day."""
        claims = {"aud": origin, "exp": int((now + _GOOD_FOR).timestamp()), "sub": self.contact}
        return str(Vapid02(private_key=self.key).sign(claims)["Authorization"])


def push_of(settings: Settings, now: datetime) -> Push | None:
    """Web Push of these settings, None where no key is given. Raises `ConfigError` naming the wrong key."""
    table = settings.push
    pem = table.keys.get_secret_value()
    if not pem:
        return None
    key = _read(pem)
    push = Push(key, _public(key), table.contact, PushServices(table.services))
    try:
        push.authorization(_ANY_ORIGIN, now)
    except VapidException:
        raise ConfigError("push.contact: should be mailto:somebody@a.host or https://a.host") from None
    return push


def new_key() -> bytes:
    """A fresh key as PEM (PKCS #8)."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).decode().rstrip("=")


def _read(pem: str) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ConfigError("push.keys: should be a P-256 key; `gateway push-keys FILE` makes one")
    return key
