"""The voicemail channel: the exchange's mail (Asterisk's) with the recording attached; the caller is in its header."""

from __future__ import annotations

from datetime import UTC, datetime

from channels import email
from channels.channel import Arrival, Channel, Parsed
from channels.mail import read_mail
from channels.wording import one_line
from normalizer.report import Report, Sender

CODE = "voicemail"


def parse(arrival: Arrival) -> Parsed:
    """A recording as a Report of whoever called. The mail must come from the exchange: its headers prove nothing."""
    parsed = email.parse(arrival)
    if not isinstance(parsed, Report):
        return parsed
    mail = read_mail(arrival.raw)
    phone = one_line(mail.raw("x-asterisk-callerid"), 50) or None
    name = one_line(mail.value("x-asterisk-calleridname"), 100) or None
    return email.of_a_call(parsed, CODE, Sender(phone=phone, name=name))


def _sample() -> Arrival:
    lines = (
        "From: Asterisk PBX <asterisk@124.example>",
        "Subject: [PBX]: New message 3 in mailbox 124",
        "Message-ID: <Asterisk-3-871-124-4242@pbx>",
        "X-Asterisk-CallerID: 09121234567",
        "",
        "a 0:12 long message",
    )
    raw = "\r\n".join(lines).encode()
    return Arrival("voicemail@124.example", raw, raw, datetime(2026, 11, 21, 8, 0, tzinfo=UTC))


CHANNEL = Channel(CODE, parse, samples=(_sample(),))
