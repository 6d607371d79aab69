"""A look into a mail that was not taken in: who, about what, which words, which files; as far as they can be read.

For people, who sort out what the program could not: nothing is refused here, past a cap the mail's beginning is read.
It makes no report of it. Files pass the checks of any attachment, and one that may be cut off is none. As safe to run
in a process of its own as `channels.email`, and run so."""

from __future__ import annotations

from email import message_from_bytes

from channels.attachments import MAX_FILE_BYTES, Refusal, judge, safe_name
from channels.channel import Arrival, Parsed
from channels.email import CODE, MAX_TEXT_CHARS, sender_of
from channels.mail import MAX_HEADER_BYTES, Mail, read_mail
from channels.wording import one_line
from normalizer.report import Attachment, Report, Sender

__all__ = ["CODE", "parse"]
_BEGINNINGS = (256 * 1024, 16 * 1024, 4 * 1024)
_MOST_REFUSED = 50
_LONGEST_SUBJECT = 300


def parse(arrival: Arrival) -> Parsed:
    """The mail as a Report to be looked at, with the files that may be taken. Never raises.

    `extra` holds the files that are `refused` as (name, size, code), whether the words are `cut`, and whether only the
    mail's `beginning` was read. `context` may hold `max_attachment_bytes`.
    """
    raw = arrival.raw
    mail, is_beginning = _opened(raw)
    outcomes = _judged(mail, is_beginning, int(arrival.context.get("max_attachment_bytes", MAX_FILE_BYTES)))
    refused = [
        (outcome.name, len(content), outcome.code)
        for (_, content), outcome in zip(mail.files, outcomes, strict=True)
        if isinstance(outcome, Refusal)
    ]
    return Report(
        channel=CODE,
        account=arrival.account,
        external_id="",
        received_at=arrival.received_at,
        raw=raw,
        text=mail.text[:MAX_TEXT_CHARS].strip(),
        subject=one_line(mail.value("subject"), _LONGEST_SUBJECT),
        sender=sender_of(mail) if mail.raw("from") else Sender(),
        attachments=tuple(outcome for outcome in outcomes if isinstance(outcome, Attachment)),
        extra={
            "refused": refused[:_MOST_REFUSED],
            "cut": is_beginning or len(mail.text) > MAX_TEXT_CHARS,
            "beginning": is_beginning,
        },
    )


def _judged(mail: Mail, is_beginning: bool, max_bytes: int) -> list[Attachment | Refusal]:
    """What becomes of each file; the last one of a mail's beginning may end in its middle."""
    if not (is_beginning and mail.files):
        return judge(mail.files, max_bytes)
    *whole, (last, _) = mail.files
    return [*judge(whole, max_bytes), Refusal(safe_name(last), "file_cut")]


def _opened(raw: bytes) -> tuple[Mail, bool]:
    """The mail taken apart, or as much of its beginning as can be; and whether that is not all of it."""
    for most in (len(raw), *_BEGINNINGS):
        try:
            return read_mail(raw[:most]), len(raw) > most
        except Exception:  # noqa: S112  (past a cap, or what the standard parser trips over: less of it may do)
            continue
    headers = message_from_bytes(raw[:MAX_HEADER_BYTES].split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0])
    return Mail({name.lower(): [str(value)] for name, value in headers.raw_items()}, ""), True
