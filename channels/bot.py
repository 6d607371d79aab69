"""What a Bot API update says, as a Report: shared by every messenger that speaks this API.

Pure reading only. Private chats count; edits, joins, groups and channel posts are ignored. The keyboards' own
grammar lives here too: a pressed button comes back as `<question>:<value>`, and so do the shared contact
(`contact:shared`), the shared location (`location:shared`) and the commands (`start:`, `track:<code>`, `cancel:`)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from channels.channel import Arrival, Ignored, Malformed, Parsed
from channels.wording import one_line, storable
from normalizer.report import Attachment, Place, Report, Sender

MAX_TEXT_CHARS = 10_000
# kind of file → (name, type) where the messenger tells none
_FILES = {
    "document": ("document", "application/octet-stream"),
    "voice": ("voice.ogg", "audio/ogg"),
    "audio": ("audio.mp3", "audio/mpeg"),
    "video": ("video.mp4", "video/mp4"),
    "video_note": ("video.mp4", "video/mp4"),
}
_COMMANDS = {"/start": "start", "/help": "start", "/track": "track", "/cancel": "cancel"}


def parser(code: str) -> Callable[[Arrival], Parsed]:
    """The `parse` of the messenger `code`: everything but the name is the same."""

    def parse(arrival: Arrival) -> Parsed:
        return _read(code, arrival)

    return parse


def _read(code: str, arrival: Arrival) -> Parsed:
    update = arrival.payload
    if isinstance(update, bytes):
        return Malformed("update", "wrong_type")
    update_id = _whole(update.get("update_id"))
    if update_id is None:
        return Malformed("update_id", "required" if "update_id" not in update else "wrong_type")
    empty = Report(
        channel=code,
        account=arrival.account,
        external_id=str(update_id),
        received_at=arrival.received_at,
        raw=arrival.raw,
        medium="bot",
        converses=True,
    )
    for kind, read in (("message", _from_message), ("callback_query", _from_button)):
        if kind in update:
            body = update[kind]
            return read(empty, body) if isinstance(body, Mapping) else Malformed(kind, "wrong_type")
    return Ignored(one_line(next((key for key in update if key != "update_id"), "empty"), 40))


def _from_message(report: Report, message: Mapping[str, Any]) -> Parsed:
    chat, author = _mapping(message.get("chat")), _mapping(message.get("from"))
    chat_id = _whole(chat.get("id"))
    if chat_id is None:
        return Malformed("message.chat.id", "required")
    if chat.get("type", "private") != "private":
        return Ignored("not_private")
    if author.get("is_bot") is True:
        return Ignored("from_a_bot")
    report = replace(
        report,
        sender=Sender(chat=str(chat_id), name=_name(author) or None),
        message_ids=_handles(chat_id, message),
        replies_to=_handles(chat_id, _mapping(message.get("reply_to_message"))),
    )
    for kind, read in (("contact", _with_contact), ("location", _with_location)):
        if isinstance(message.get(kind), Mapping):
            return read(report, message[kind], author)
    return _with_words(report, message)


def _with_words(report: Report, message: Mapping[str, Any]) -> Parsed:
    text = message.get("text", message.get("caption", ""))
    if not isinstance(text, str):
        return Malformed("message.text", "wrong_type")
    if len(text) > MAX_TEXT_CHARS:
        return Malformed("message.text", "too_long")
    text, files = storable(text), _files(message)
    if not text.strip() and not files:
        return Ignored("no_content")
    choice, rest = _command(text)
    return replace(report, text=text if choice is None else rest, choice=choice, attachments=files)


def _with_contact(report: Report, contact: Mapping[str, Any], author: Mapping[str, Any]) -> Parsed:
    """The sender's own number. Somebody else's card proves nothing about who is writing, and is not taken as theirs."""
    phone, owner = contact.get("phone_number"), _whole(contact.get("user_id"))
    if not isinstance(phone, str) or not phone.strip():
        return Malformed("message.contact.phone_number", "required")
    if owner is None or owner != _whole(author.get("id")):
        return replace(report, choice="contact:foreign")
    sender = replace(report.sender, phone=_international(phone))
    return replace(report, choice="contact:shared", sender=sender, proves_phone=True)


def _with_location(report: Report, location: Mapping[str, Any], _author: Mapping[str, Any]) -> Parsed:
    lat, lon = _degrees(location.get("latitude"), 90), _degrees(location.get("longitude"), 180)
    if lat is None or lon is None:
        return Malformed("message.location", "out_of_range")
    return replace(report, choice="location:shared", place=Place(lat=lat, lon=lon))


def _from_button(report: Report, query: Mapping[str, Any]) -> Parsed:
    message, author = _mapping(query.get("message")), _mapping(query.get("from"))
    # In a private chat the chat's id is the person's; a button too old comes back without its message.
    chat_id = _whole(_mapping(message.get("chat")).get("id", author.get("id")))
    if chat_id is None:
        return Malformed("callback_query.from.id", "required")
    if _mapping(message.get("chat")).get("type", "private") != "private":
        return Ignored("not_private")
    data = query.get("data")
    if not isinstance(data, str) or ":" not in data:
        return Ignored("unknown_button")
    return replace(
        report,
        sender=Sender(chat=str(chat_id), name=_name(author) or None),
        replies_to=_handles(chat_id, message),
        choice=one_line(data, 64),
    )


def handle(chat: str | int, message_id: int) -> str:
    """A message's thread handle. Numbers of messages start anew in every chat, so the chat belongs to it."""
    return f"{chat}/{message_id}"


def _handles(chat_id: int, message: Mapping[str, Any]) -> tuple[str, ...]:
    message_id = _whole(message.get("message_id"))
    return () if message_id is None else (handle(chat_id, message_id),)


def _command(text: str) -> tuple[str | None, str]:
    """(`track:<code>`, the rest) for a command we know, addressed or not (`/track@our_bot 1234`); else (None, "")."""
    head, _, rest = text.strip().partition(" ")
    name = _COMMANDS.get(head.partition("@")[0].lower())
    if name is None:
        return None, ""
    rest = one_line(rest, 100)
    return (f"track:{rest}" if name == "track" else f"{name}:"), rest


def _files(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The files of a message by their handles; of a photo's sizes the last, which is the largest."""
    sizes = message.get("photo")
    photo = _mapping(sizes[-1]) if isinstance(sizes, list) and sizes else {}
    found = [_attachment(photo, "photo.jpg", "image/jpeg")]
    found += [_attachment(_mapping(message.get(kind)), *defaults) for kind, defaults in _FILES.items()]
    return tuple(file for file in found if file is not None)


def _attachment(media: Mapping[str, Any], name: str, media_type: str) -> Attachment | None:
    source = media.get("file_id")
    if not isinstance(source, str) or not source:
        return None
    given, kind = media.get("file_name"), media.get("mime_type")
    return Attachment(
        name=one_line(given, 120) if isinstance(given, str) and given.strip() else name,
        media_type=one_line(kind, 100) if isinstance(kind, str) and kind.strip() else media_type,
        source=one_line(source, 300),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _whole(value: object) -> int | None:
    """An id of at most 64 bits; True is not 1 here."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        return None
    return value


def _degrees(value: object, limit: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and abs(value) <= limit else None


def _name(author: Mapping[str, Any]) -> str:
    parts = (author.get("first_name"), author.get("last_name"))
    return one_line(" ".join(part for part in parts if isinstance(part, str)), 100)


def _international(phone: str) -> str:
    """Contact cards carry the international form, with or without its plus (98912…)."""
    flat = one_line(phone, 50)
    return flat if flat.startswith(("+", "0")) else "+" + flat


def sample(update_id: int, message: dict[str, Any]) -> Arrival:
    """A private message as the API words it, for the registry's samples."""
    person = {"id": 501, "is_bot": False, "first_name": "مریم", "last_name": "احمدی"}
    body = {"message_id": 70 + update_id, "date": 1795248000, "chat": {"id": 501, "type": "private"}, "from": person}
    update = {"update_id": update_id, "message": body | message}
    return Arrival("7001", update, repr(update).encode(), datetime(2026, 11, 21, 8, 0, tzinfo=UTC))


SAMPLES = (
    sample(1, {"text": "/start"}),
    sample(2, {"text": "سوپرمارکت شیر را ده هزار تومان گران‌تر داد"}),
    sample(3, {"contact": {"phone_number": "989121234567", "user_id": 501}}),
    sample(4, {"location": {"latitude": 35.7, "longitude": 51.4}}),
    sample(5, {"photo": [{"file_id": "small"}, {"file_id": "large"}], "caption": "فاکتور"}),
)
