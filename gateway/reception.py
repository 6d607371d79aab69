"""Where arrivals of every channel come in, by hook or by poll: parsed by their channel, taken in by ticketing.

It returns once whatever the arrival caused is durable, so whoever calls may acknowledge.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from channels import sms as sms_channel
from channels.channel import Arrival, Channel, Ignored, Malformed
from sms.clock import Clock
from sms.providers.provider import Inbound
from ticketing.accepted import Accepted
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.intake import store, take_in
from ticketing.rules import Rules

log = structlog.get_logger()


class Reception:
    """Takes arrivals in."""

    def __init__(self, database: Database, rules: Rules, files: AttachmentStore, clock: Clock) -> None:
        self._database, self._rules, self._files, self._clock = database, rules, files, clock
        self.on_stored: Callable[[], None] = lambda: None

    async def receive(self, channel: Channel, arrival: Arrival) -> Accepted | Ignored | Malformed:
        """Take one arrival in. Raises `Unavailable`: send it again."""
        parsed = channel.parse(arrival)
        if isinstance(parsed, Ignored | Malformed):
            log.info("arrival not taken", channel=channel.code, reason=parsed.reason)
            return parsed
        return await take_in(self._database, self._rules, parsed, files=self._files)

    async def receive_text(self, provider: str, inbound: Inbound) -> Accepted | Ignored | Malformed:
        """Take in a text that `provider` handed us; the same by hook and from the inbox, so that the two meet."""
        payload = {
            "sender": inbound.sender,
            "line": inbound.line,
            "message_id": inbound.message_id,
            "text": inbound.text,
        }
        return await self.receive(sms_channel.CHANNEL, self.arrival(provider, payload))

    async def receive_or_keep(self, channel: Channel, arrival: Arrival) -> None:
        """Take in what nobody waits for an answer to: what cannot be read is kept raw, and quarantined from there."""
        if isinstance(await self.receive(channel, arrival), Malformed):
            await self.keep(channel.code, arrival)

    async def keep(self, channel: str, arrival: Arrival) -> None:
        """Keep an arrival word for word, to be read later; `on_stored` is called then. Raises `Unavailable`."""
        await store(
            self._database,
            self._rules,
            channel=channel,
            account=arrival.account,
            external_id=f"unread-{hashlib.sha256(arrival.raw).hexdigest()}",
            raw=arrival.raw,
            context=arrival.context,
            at=arrival.received_at,
        )
        self.on_stored()

    def arrival(self, account: str, payload: Mapping[str, Any]) -> Arrival:
        """An arrival of now, word for word as JSON."""
        raw = json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return Arrival(account, payload, raw, self._clock.now())
