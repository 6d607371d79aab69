"""The contract every provider keeps: it sends, tells what became of things, and reads its own payloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sms.clock import Clock
from sms.receipts import ReceiptReport
from sms.sender import Sender


@dataclass(frozen=True, slots=True)
class Inbound:
    """A text someone sent us, as the provider tells it; digits are ASCII, nothing else is normalised."""

    sender: str
    line: str
    message_id: str
    text: str


class MalformedPayloadError(ValueError):
    """A hook's payload that cannot be read; `field` is the provider's name of what is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ProviderUnavailableError(Exception):
    """The provider did not answer a question; `reason` is a stable code without secrets. Ask again later."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Provider(Sender, Protocol):
    """A sender of texts that can also be asked."""

    async def fetch_receipts(self, provider_ids: Sequence[str]) -> Sequence[ReceiptReport]:
        """What became of messages, at most 500 at once. Raises `ProviderUnavailableError`."""
        ...

    async def fetch_inbox(self) -> Sequence[Inbound]:
        """The next unread texts, which the provider marks read by answering.

        Store them before calling again; what is lost in between is found by `fetch_read_inbox`.
        Raises `ProviderUnavailableError`.
        """
        ...

    async def fetch_read_inbox(self) -> Sequence[Inbound]:
        """Texts of the last two days that are marked read, for recovery after a crash. Raises the same."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A registry entry: how to make the provider from its settings, and how its hooks' payloads are read.

    The parsers are pure and raise `MalformedPayloadError`; they are None where the provider has no such hook.
    """

    create: Callable[[Mapping[str, Any], Clock], Provider]
    parse_inbound: Callable[[Mapping[str, Any]], Inbound] | None = None
    parse_receipt: Callable[[Mapping[str, Any]], ReceiptReport] | None = None
