"""The fax channel: a fax server's mail (HylaFAX's template) with the pages attached; the caller is its CallID1."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from channels import email
from channels.channel import Arrival, Channel, Parsed
from channels.wording import one_line
from normalizer.report import Report, Sender

CODE = "fax"
_CALLER = re.compile(r"^[ \t]*CallID1:[ \t]*(\+?[0-9][0-9 -]{2,24})[ \t]*$", re.MULTILINE)


def parse(arrival: Arrival) -> Parsed:
    """A fax as a Report of whoever called. The mail must come from the fax server: its headers prove nothing."""
    parsed = email.parse(arrival)
    if not isinstance(parsed, Report):
        return parsed
    caller = _CALLER.search(parsed.text)
    return email.of_a_call(parsed, CODE, Sender(phone=one_line(caller[1], 50) if caller else None))


def _sample() -> Arrival:
    lines = (
        "From: HylaFAX Agent <fax@124.example>",
        'Subject: Fax received from "02188001122"',
        "Message-ID: <f1@124.example>",
        "",
        "     Sender: 02188001122",
        "      Pages: 2",
        "    CallID1: 02188001122",
        "     CommID: 000000123",
    )
    raw = "\r\n".join(lines).encode()
    return Arrival("fax@124.example", raw, raw, datetime(2026, 11, 21, 8, 0, tzinfo=UTC))


CHANNEL = Channel(CODE, parse, samples=(_sample(),))
