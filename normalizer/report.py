"""What a channel hands over: one arrival, as it was said, in one shape for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as the channel knows them. Every field is as written; nothing here is normalised."""

    phone: str | None = None
    email: str | None = None
    chat: str | None = None
    name: str | None = None
    national_id: str | None = None
    language: str = "fa"


@dataclass(frozen=True, slots=True)
class Business:
    """The trader complained of, as given; `kind` is guild, producer or service."""

    name: str | None = None
    guild_id: str | None = None
    address: str | None = None
    phone: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened: ISO 3166-2:IR two digits, Persian county name, WGS 84 degrees."""

    province: str | None = None
    county: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along: its content, or (bots) the `source` handle to fetch it by later."""

    name: str
    media_type: str
    content: bytes | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One arrival on one channel.

    UNIQUE(`channel`, `account`, `external_id`) identifies it for ever: a replay is the same report.
    `raw` is the arrival word for word. `replies_to` and `message_ids` are the channel's own thread
    handles (Message-IDs, chat message ids), first the nearest. `choice` is a pressed button, as
    `<question>:<value>`. `medium` is how this channel talks back (sms, email, bot) or None where
    it has no voice of its own; `converses` says that it can be asked one question at a time.
    `fresh` says that we made `external_id` for this very arrival, so that it cannot have come before.
    `proves_phone` says that the transport itself knows `sender.phone` to be the sender's (an SMS, a shared contact, a
    caller's number); elsewhere it is only said.
    """

    channel: str
    account: str
    external_id: str
    received_at: datetime
    raw: bytes
    text: str = ""
    subject: str = ""
    sender: Sender = field(default_factory=Sender)
    business: Business = field(default_factory=Business)
    place: Place = field(default_factory=Place)
    category: str | None = None
    damages_rial: int | None = None
    happened_on: date | None = None
    anonymous: bool = False
    attachments: tuple[Attachment, ...] = ()
    replies_to: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    choice: str | None = None
    medium: str | None = None
    converses: bool = False
    always_complaint: bool = False
    fresh: bool = False
    proves_phone: bool = False
    filed_by: int | None = None
    call_id: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
