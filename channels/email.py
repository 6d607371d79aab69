"""The e-mail channel: a raw mail as a Report, threaded by its headers; machines' mails are ignored with a reason.

Pure, and safe to run in a process of its own (`channels.mail_reader` does, for all but the simplest mails)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any

from channels.address import is_address
from channels.attachments import MAX_FILE_BYTES, Refusal, admit_all
from channels.channel import Arrival, Channel, Ignored, Malformed, Parsed
from channels.mail import Mail, MailRefused, read_mail
from channels.mail_kind import why_ignored
from channels.mail_text import MAX_HEADER_CHARS, decode_value
from channels.wording import one_line
from normalizer.own_words import own_words
from normalizer.report import Attachment, Report, Sender
from normalizer.tracking_code import find_codes

CODE = "email"
MAX_TEXT_CHARS = 10_000
_MAX_THREAD = 50
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_LAST_ANGLES = re.compile(r"<([^<>\s]{3,320})>\s*$")


def parse(arrival: Arrival) -> Parsed:
    """A mail as a Report; its words are cut at 10,000 characters (the raw mail stays whole).

    `context` may hold `envelope_from` (SMTP's MAIL FROM) and `max_attachment_bytes`. Never raises.
    """
    raw = arrival.payload
    if not isinstance(raw, bytes):
        return Malformed("mail", "wrong_type")
    try:
        mail = read_mail(raw)
        return _judge(mail, arrival)
    except MailRefused as refusal:
        return Malformed(refusal.field, refusal.code)
    except RecursionError:
        return Malformed("body", "too_deep")
    except Exception:  # the standard parser has many ways to trip; the mail is quarantined whole
        return Malformed("mail", "unreadable")


def of_a_call(mailed: Report, channel: str, caller: Sender) -> Report:
    """A machine's mail about a call, as the report of whoever called: nobody is answered by mail."""
    return replace(
        mailed,
        channel=channel,
        sender=caller,
        replies_to=(),
        medium=None,
        always_complaint=True,
        proves_phone=True,
    )


def _judge(mail: Mail, arrival: Arrival) -> Parsed:
    reason = why_ignored(mail, arrival.context.get("envelope_from"))
    return Ignored(reason) if reason is not None else _report(mail, arrival)


def _report(mail: Mail, arrival: Arrival) -> Parsed:
    envelope_from = str(arrival.context.get("envelope_from") or "")
    max_bytes = int(arrival.context.get("max_attachment_bytes", MAX_FILE_BYTES))
    files, refused = admit_all(mail.files, max_bytes)
    full_text = own_words(mail.text[: 10 * MAX_TEXT_CHARS])
    text, subject, sender = full_text[:MAX_TEXT_CHARS], one_line(mail.value("subject"), 300), sender_of(mail)
    if not (text or subject or mail.files):
        return Ignored("no_content")
    replies_to = tuple(_thread(mail))
    return Report(
        channel=CODE,
        account=arrival.account,
        external_id=_identity(mail, sender, text, files),
        received_at=arrival.received_at,
        raw=arrival.raw,
        text=text,
        subject=subject,
        sender=sender if sender.email else Sender(email=_address(envelope_from), name=sender.name),
        attachments=files,
        replies_to=replies_to,
        message_ids=_ids(mail.raw("message-id")[:MAX_HEADER_CHARS])[:1],
        medium="email",
        always_complaint=not replies_to and not find_codes(f"{subject}\n{text}"),
        extra=_extra(mail, envelope_from, refused, truncated=len(full_text) > MAX_TEXT_CHARS),
    )


def _extra(mail: Mail, envelope_from: str, refused: tuple[Refusal, ...], *, truncated: bool) -> dict[str, Any]:
    """What staff may want to know beside the report itself, where there is anything to know."""
    known = {
        "truncated": truncated,
        "refused_files": [[refusal.name, refusal.code] for refusal in refused],
        "envelope_from": one_line(envelope_from, 320),
        "authentication": one_line(mail.raw("authentication-results"), 500),
    }
    return {name: value for name, value in known.items() if value}


def sender_of(mail: Mail) -> Sender:
    """Who the mail says it is from: a claim, good for answering to and for nothing else."""
    raw = mail.raw("from")[:MAX_HEADER_CHARS]
    # The address is taken from the undecoded value: decoded first, a name could smuggle in an address of its own.
    closing = _LAST_ANGLES.search(raw)
    name, address = (raw[: closing.start()], closing[1]) if closing else parseaddr(raw)
    return Sender(email=_address(address), name=one_line(decode_value(name).strip(' "'), 100) or None)


def _address(written: str) -> str | None:
    # Raw bytes in an address are UTF-8 (RFC 6532) or they are no address.
    text = written.strip().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text if is_address(text) and "\ufffd" not in text else None


def _thread(mail: Mail) -> Iterable[str]:
    """The mails this one answers, the nearest first, each once."""
    nearest = _ids(mail.raw("in-reply-to")[:MAX_HEADER_CHARS])
    earlier = _ids(mail.raw("references")[-20 * MAX_HEADER_CHARS :])
    return list(dict.fromkeys([*nearest, *reversed(earlier)]))[:_MAX_THREAD]


def _ids(value: str) -> tuple[str, ...]:
    """The Message-IDs in a header's value, in order."""
    return tuple(one_line(each, 900) for each in _MESSAGE_ID.findall(value))


def _identity(mail: Mail, sender: Sender, text: str, files: tuple[Attachment, ...]) -> str:
    """The Message-ID with a fingerprint of who wrote what when, so that a program that uses one id twice loses no
    mail, while the same mail over another road (other Received lines) stays the same. Without an id the words and
    files take its place."""
    found = _MESSAGE_ID.search(mail.raw("message-id")[:MAX_HEADER_CHARS])
    seal = hashlib.sha256()
    for part in (sender.email or "", mail.raw("date"), mail.raw("subject")):
        seal.update(part.encode("utf-8", "surrogatepass") + b"\x1f")
    if found:
        seal.update(found[0].encode("utf-8", "surrogatepass"))
        return f"{one_line(found[0], 200)} {seal.hexdigest()[:16]}"
    seal.update(text.encode())
    for file in files:
        seal.update(hashlib.sha256(file.content or b"").digest())
    return f"sha256:{seal.hexdigest()}"


def _sample(*lines: str) -> Arrival:
    raw = "\r\n".join(lines).encode()
    return Arrival("report@124.example", raw, raw, datetime(2026, 11, 21, 8, 0, tzinfo=UTC))


CHANNEL = Channel(
    CODE,
    parse,
    medium="email",
    samples=(
        _sample("From: maryam@example.ir", "Message-ID: <1@example.ir>", "Subject: شکایت", "", "گران فروخت"),
        _sample("From: m@example.ir", "Message-ID: <2@example.ir>", "References: <1@x> <2@x>", "", "هنوز خبری نشد"),
    ),
)
