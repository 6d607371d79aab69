"""The contract every channel keeps: an arrival goes in, a Report, a polite no, or a clear complaint comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from normalizer.report import Report


@dataclass(frozen=True, slots=True)
class Arrival:
    """One payload as it came in, with what the transport knows about it.

    `payload` is the decoded body (a mapping for JSON and forms, bytes for mail); `raw` is the same
    word for word. `account` tells apart several accounts of one channel (a line, a bot, a mailbox).
    """

    account: str
    payload: Mapping[str, Any] | bytes
    raw: bytes
    received_at: datetime
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ignored:
    """Understood, and nothing for us to do (an auto-reply, an edit, a join message). Answered with success."""

    reason: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """Not readable as what this channel carries. Answered with 4xx naming the field, or quarantined.

    `reason` is a stable code, never a sentence: whoever answers translates it. `others` holds the
    further wrong fields where a channel can tell them all at once.
    """

    field: str
    reason: str
    others: tuple[tuple[str, str], ...] = ()

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """Every (field, code) that is wrong, in the order the fields are documented."""
        return ((self.field, self.reason), *self.others)


Parsed = Report | Ignored | Malformed


@dataclass(frozen=True, slots=True)
class Channel:
    """A registry entry: the channel's code, how it parses, and what it can do, as data.

    `medium` is the outbox medium it talks back by (sms, email, bot) or None. `converses` is true
    where it can ask one question at a time. `samples` are arrivals it must understand; the contract
    test replays them for every entry.
    """

    code: str
    parse: Callable[[Arrival], Parsed]
    medium: str | None = None
    converses: bool = False
    samples: tuple[Arrival, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a channel's own voice fared, in the outbox's closed set of outcomes.

    `outcome` is one of: accepted, retry, paused, refused, ambiguous (see `sms.outcome`).
    `reason` is a stable code, never a server's sentence or a token.
    """

    outcome: str
    provider_id: str | None = None
    reason: str = ""
    retry_after_s: float | None = None
