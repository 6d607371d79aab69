"""One-time codes (RFC 6238, six digits, thirty seconds): secrets, their address for an app, a code's step.

It keeps nothing: that each code is good once is for whoever stores the step.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

import pyotp

from normalizer.text import digits

_STEP_S: Final = 30
_ISSUER: Final = "Gateway 124"


def new_secret() -> str:
    """A fresh secret, in base32 as apps take it."""
    return pyotp.random_base32()


def uri_of(secret: str, username: str) -> str:
    """The otpauth address an app reads, from a picture or a link."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=_ISSUER)


def step_of(secret: str, typed: str, at: datetime, last_step: int | None) -> int | None:
    """The time-step a right code belongs to, digits in any script; None for a wrong, old or used one.

    One step of clock difference either way is forgiven. Steps up to `last_step` are used up.
    """
    given = digits(typed).strip().encode("utf-8", "surrogatepass")
    code, now = pyotp.TOTP(secret), int(at.timestamp()) // _STEP_S
    for step in (now, now - 1, now + 1):
        if secrets.compare_digest(code.generate_otp(step).encode(), given):
            return step if last_step is None or step > last_step else None
    return None
