"""Sends a composed mail to one recipient through one relay, and says what became of it in the closed set of outcomes.

A mail whose content was handed over without an answer coming back is `ambiguous`: it may well have been delivered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import aiosmtplib
from aiosmtplib import SMTP

from channels.address import is_address
from channels.channel import Delivery


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail goes out. `security` is starttls, tls or none; the password never shows."""

    host: str
    port: int = 587
    username: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"
    timeout_s: float = 20
    helo: str = "gateway-124"


class MailSender:
    """One connection per mail: replies are few, and a kept connection is one more thing to go stale."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def send(self, raw: bytes, from_: str, to: str) -> Delivery:
        """Hand `raw` over for `to`. Never raises for anything the relay or the network does."""
        if not (is_address(from_) and is_address(to)):
            return Delivery("refused", reason="bad_address")
        relay = self._relay
        client = SMTP(
            hostname=relay.host,
            port=relay.port,
            timeout=relay.timeout_s,
            use_tls=relay.security == "tls",
            start_tls=relay.security == "starttls",
            local_hostname=relay.helo,
        )
        try:
            return await self._converse(client, raw, from_, to)
        finally:
            await _part(client)

    async def _converse(self, client: SMTP, raw: bytes, from_: str, to: str) -> Delivery:
        try:
            await client.connect()
            if self._relay.username:
                await client.login(self._relay.username, self._relay.password)
            await client.mail(from_)
            await client.rcpt(to)
        except aiosmtplib.SMTPAuthenticationError as error:
            # 454 and its like pass by themselves; a refused password does not, and no mail will go until it is mended.
            return Delivery("retry" if error.code < 500 else "paused", reason="not_signed_in")
        except aiosmtplib.SMTPResponseException as error:
            return _verdict(error.code)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return Delivery("retry", reason="unreachable")
        except ValueError:
            return Delivery("refused", reason="bad_address")
        return await _hand_over(client, raw)


async def _hand_over(client: SMTP, raw: bytes) -> Delivery:
    try:
        await client.data(raw)
    except aiosmtplib.SMTPResponseException as error:
        return _verdict(error.code)
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        return Delivery("ambiguous", reason="no_answer")
    return Delivery("accepted", reason="")


def _verdict(code: int) -> Delivery:
    """What a reply code means: 5yz never, 4yz later, anything else is no SMTP."""
    if 500 <= code <= 599:
        return Delivery("refused", reason=f"smtp_{code}")
    return Delivery("retry", reason=f"smtp_{code}" if 400 <= code <= 499 else "unreachable")


async def _part(client: SMTP) -> None:
    """Say goodbye, but not for long: the outcome is known already."""
    if client.is_connected:
        try:
            async with asyncio.timeout(1):
                await client.quit()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            client.close()
    else:
        client.close()
