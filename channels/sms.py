"""The SMS channel: one text received on one of our lines. Providers' payloads are read in the providers' own files;
what comes here is already `sender`, `line`, `message_id` and `text`."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from channels.channel import Arrival, Channel, Malformed, Parsed
from channels.wording import one_line, storable
from normalizer.report import Report, Sender

CODE = "sms"
MAX_TEXT_CHARS = 10_000
_FIELDS = ("sender", "line", "message_id", "text")
_DIGITS = frozenset("0123456789")


def parse(arrival: Arrival) -> Parsed:
    """A text as a Report. Its identity is the provider's message id together with what was said by whom,
    since the same id with other content is another message (CONTRACT §7)."""
    payload = arrival.payload
    if isinstance(payload, bytes):
        return Malformed("message", "wrong_type")
    wrong = [(name, _complaint(payload.get(name))) for name in _FIELDS]
    errors = tuple((name, code) for name, code in wrong if code)
    if errors:
        return Malformed(*errors[0], others=errors[1:])
    sender, message_id = one_line(payload["sender"], 50), one_line(payload["message_id"], 100)
    if not sender or not message_id:
        return Malformed("message_id" if sender else "sender", "required")
    return Report(
        channel=CODE,
        account=arrival.account,
        external_id=f"{message_id}-{_fingerprint(sender, payload['line'], payload['text'])}",
        received_at=arrival.received_at,
        raw=arrival.raw,
        text=storable(payload["text"]),
        sender=Sender(phone=sender),
        message_ids=(message_id,),
        medium="sms",
        converses=True,
        proves_phone=True,
    )


def _complaint(value: object) -> str | None:
    if value is None:
        return "required"
    if not isinstance(value, str):
        return "wrong_type"
    return "too_long" if len(value) > MAX_TEXT_CHARS else None


def _fingerprint(sender: str, line: str, text: str) -> str:
    """Sixteen hex digits of what was said. A hook and the inbox write one number in different ways
    (09…, 989…, +989…) and may trim the text, so only what both agree on goes in."""
    said = "\x1f".join((_number(sender), _number(line), " ".join(text.split())))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _number(written: str) -> str:
    digits = "".join(mark for mark in written if mark in _DIGITS)
    return digits[-10:] if len(digits) >= 10 else digits or written.strip().casefold()


def _sample(message_id: str, text: str) -> Arrival:
    payload = {"sender": "09121234567", "line": "10008663", "message_id": message_id, "text": text}
    return Arrival("10008663", payload, repr(payload).encode(), datetime(2026, 11, 21, 8, 0, tzinfo=UTC))


CHANNEL = Channel(
    CODE,
    parse,
    medium="sms",
    converses=True,
    samples=(_sample("8792343", "نانوایی محله نان را گران می‌فروشد"), _sample("8792344", "۱")),
)
