"""The provider that sends nothing: it takes every text at once and calls it delivered.

What it "sent" is read back from the outbox itself, so a restart loses none of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from sms.clock import Clock
from sms.outcome import Outcome, SendOutcome
from sms.providers.provider import Inbound
from sms.receipts import ReceiptReport
from sms.sender import OutgoingNotice
from sms.state import State
from sms.store import Store, Unseal
from sms.tables import notices

_CODE = "sandbox"


class Sandbox:
    """Takes everything, knows nothing afterwards."""

    code = _CODE
    batch_size = 200
    resend_when_unknown = True

    async def send(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Accepted and delivered, each under our own id."""
        return [
            SendOutcome(Outcome.ACCEPTED, provider_id=str(notice.id), receipt=State.DELIVERED) for notice in notices
        ]

    async def ask(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """What is not recorded as sent was not sent: send it again."""
        return [SendOutcome(Outcome.RETRY, reason="not_sent") for _ in notices]

    async def fetch_receipts(self, provider_ids: Sequence[str]) -> Sequence[ReceiptReport]:
        """None: everything was delivered when it was sent."""
        return []

    async def fetch_inbox(self) -> Sequence[Inbound]:
        """None: texts to the sandbox come in by its page."""
        return []

    async def fetch_read_inbox(self) -> Sequence[Inbound]:
        """None, likewise."""
        return []

    async def close(self) -> None:
        """Nothing to let go of."""


def create(_settings: Mapping[str, Any], _clock: Clock) -> Sandbox:
    """It has no settings."""
    return Sandbox()


@dataclass(frozen=True, slots=True)
class SandboxMessage:
    """A text on the sandbox's phone."""

    to: str
    text: str
    at: datetime
    localid: int


async def sandbox_messages(
    store: Store, unseal: Unseal, index: bytes | None = None, limit: int = 200
) -> list[SandboxMessage]:
    """The latest texts "sent" to the number of blind index `index`, or to anyone; oldest first."""
    received = (
        select(notices.c.id, notices.c.recipient, notices.c.body, notices.c.sent_at)
        .where(notices.c.medium == "sms", notices.c.provider == _CODE, notices.c.state == State.DELIVERED)
        .order_by(notices.c.id.desc())
        .limit(limit)
    )
    if index is not None:
        received = received.where(notices.c.recipient_index == index)
    return [
        SandboxMessage(
            to=unseal("notices.recipient", row["id"], row["recipient"]),
            text=unseal("notices.body", row["id"], row["body"]),
            at=row["sent_at"],
            localid=row["id"],
        )
        for row in reversed(await store.read(received))
    ]
