"""A look into a mail that was not taken in: who, about what, which words, which files; as far as they can be read.

For people, who sort out what the program could not: nothing is refused here, past a cap the mail's beginning is read.
It makes no report of it, and keeps no file. As safe to run in a process of its own as `channels.email`, and run so."""

from __future__ import annotations

from email import message_from_bytes

from channels.attachments import safe_name
from channels.channel import Arrival, Parsed
from channels.email import CODE, MAX_TEXT_CHARS, sender_of
from channels.mail import MAX_HEADER_BYTES, Mail, read_mail
from channels.wording import one_line
from normalizer.report import Report, Sender

__all__ = ["CODE", "parse"]
_BEGINNINGS = (256 * 1024, 16 * 1024, 4 * 1024)
_MOST_FILES = 50
_LONGEST_SUBJECT = 300


def parse(arrival: Arrival) -> Parsed:
    """The mail as a Report to be looked at and never taken in: `extra` holds its `files` as (name, size), and whether
    it is `cut`. Never raises."""
    raw = arrival.raw
    mail, is_cut = _opened(raw)
    files = [(safe_name(name), len(content)) for name, content in mail.files[:_MOST_FILES]]
    return Report(
        channel=CODE,
        account=arrival.account,
        external_id="",
        received_at=arrival.received_at,
        raw=raw,
        text=mail.text[:MAX_TEXT_CHARS].strip(),
        subject=one_line(mail.value("subject"), _LONGEST_SUBJECT),
        sender=sender_of(mail) if mail.raw("from") else Sender(),
        extra={"files": files, "cut": is_cut or len(mail.text) > MAX_TEXT_CHARS},
    )


def _opened(raw: bytes) -> tuple[Mail, bool]:
    """The mail taken apart, or as much of its beginning as can be; and whether that is not all of it."""
    for most in (len(raw), *_BEGINNINGS):
        try:
            return read_mail(raw[:most]), len(raw) > most
        except Exception:  # noqa: S112  (past a cap, or what the standard parser trips over: less of it may do)
            continue
    headers = message_from_bytes(raw[:MAX_HEADER_BYTES].split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0])
    return Mail({name.lower(): [str(value)] for name, value in headers.raw_items()}, ""), True
