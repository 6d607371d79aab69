"""Arrivals by the hundred thousand for the bench of replay: the labelled dev messages, each time from somebody else, at
another time, with other courtesies, other letters and on the channel's own wire.

What comes by telephone, counter or letter comes as an operator files it; what is spoken or faxed comes by mail.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, Final

from channels.channel import Arrival
from channels.phone import CODES as FILED_BY_STAFF
from channels.registry import BOTS, CHANNELS
from gateway.web.filing import canonical
from normalizer.report import Report
from tests.normalizer.labelled import load_labelled

_BEFORE: Final = ("", "", "سلام. ", "سلام خسته نباشید ", "با احترام، ", "آقا ", "لطفاً رسیدگی کنید. ")
_AFTER: Final = ("", "", " ممنون", " با تشکر", " لطفا پیگیری کنید", " !!!", " 🙏")
_LETTERS: Final = tuple(
    str.maketrans(*pair) for pair in (("", ""), ("", ""), ("یک", "يك"), ("\u200c", " "), ("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
)
_MAILS: Final = ("email", "fax", "voicemail")
_FORMS: Final = ("web", "app", *FILED_BY_STAFF)


def reports(numbers: range) -> Iterator[Report]:
    """The reports of these numbers as their channels hand them over; the same ones each time."""
    messages = load_labelled("dev")
    for number in numbers:
        chance, message = random.Random(number), messages[number % len(messages)].report
        text = chance.choice(_BEFORE) + message.text.translate(chance.choice(_LETTERS)) + chance.choice(_AFTER)
        phone = f"09{chance.randrange(10, 20)}{chance.randrange(10**7):07}"
        parsed = CHANNELS[_channel_of(message)].parse(_arrival(message, text[:9_000], phone, number))
        assert isinstance(parsed, Report), "every labelled message is one its channel carries"
        yield parsed


def _channel_of(message: Report) -> str:
    return "email" if message.channel in _MAILS else message.channel


def _arrival(message: Report, text: str, phone: str, number: int) -> Arrival:
    at = message.received_at + timedelta(seconds=number)
    context = {"external_id": f"bench-{number}", "filed_by": 1 if message.channel in FILED_BY_STAFF else None}
    if message.channel in _MAILS:
        raw = _mail(text, number)
        return Arrival("report@124.example", raw, raw, at, context)
    payload = _payload(message.channel, text, phone, number)
    return Arrival("bench", payload, canonical(payload), at, context)


def _payload(channel: str, text: str, phone: str, number: int) -> dict[str, Any]:
    if channel in BOTS:
        chat = {"id": number + 1, "type": "private"}
        said = {"message_id": number, "chat": chat, "from": {"id": number + 1, "first_name": "مریم"}, "text": text}
        return {"update_id": number, "message": said}
    if channel in _FORMS:
        return {"text": text, "phone": phone} | ({"channel": channel} if channel in FILED_BY_STAFF else {})
    return {"sender": phone, "line": "10004346", "message_id": str(number), "text": text}


def _mail(text: str, number: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = f"m{number}@example.ir", "شکایت", f"<{number}@example.ir>"
    mail.set_content(text)
    return mail.as_bytes()
