"""Composes the mails we send: threaded to theirs, right to left, marked as automatic so that no machine answers.

No value given here can start a header of its own."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from channels.address import is_address
from channels.mail_kind import OWN_MARK
from channels.wording import one_line, storable

_MAX_REFERENCES = 20
_LONGEST_SUBJECT = 200
_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


def compose_reply(
    *,
    to: str,
    from_: str,
    subject: str,
    text: str,
    message_id: str,
    sent_at: datetime,
    in_reply_to: str = "",
    references: Sequence[str] = (),
    from_name: str = "",
    calendar: str = "",
) -> bytes:
    """A mail as bytes for SMTP. Raises ValueError where `to` or `from_` is no address.

    `message_id` and `in_reply_to` carry their angle brackets; `references` go oldest first. Without `in_reply_to` it
    begins a thread, and its subject stands as it is. `calendar` is an iCalendar file, attached.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(one_line(from_name, 100), addr_spec=_address(from_))
    message["To"] = Address(addr_spec=_address(to))
    message["Subject"] = _reply_subject(subject) if in_reply_to else one_line(subject, _LONGEST_SUBJECT)
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = _thread_id(message_id)
    if in_reply_to:
        message["In-Reply-To"] = _thread_id(in_reply_to)
        message["References"] = _chain(references, in_reply_to)
    message["Auto-Submitted"] = "auto-replied" if in_reply_to else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message[OWN_MARK] = "1"
    message.set_content(storable(text), cte="base64")
    message.add_alternative(_right_to_left(storable(text)), subtype="html", cte="base64")
    if calendar:
        _attach_calendar(message, calendar)
    return message.as_bytes()


def _attach_calendar(message: EmailMessage, calendar: str) -> None:
    """As a file whose type says what to do with it, so that programs offer to put it into a calendar."""
    method = _METHOD.search(calendar)
    content, named = calendar.encode(), {"method": method[1] if method else "PUBLISH", "charset": "utf-8"}
    message.add_attachment(content, maintype="text", subtype="calendar", filename="invitation.ics", params=named)


def _chain(references: Sequence[str], nearest: str) -> str:
    """The thread, oldest first, its far end cut off."""
    return " ".join(_thread_id(each) for each in list(dict.fromkeys([*references, nearest]))[-_MAX_REFERENCES:])


def _reply_subject(subject: str) -> str:
    flat = one_line(subject, _LONGEST_SUBJECT)
    return flat if flat.lower().startswith("re:") else f"Re: {flat}".strip()


def _address(written: str) -> str:
    if not is_address(written):
        raise ValueError("not an address")
    return written


def _thread_id(written: str) -> str:
    """One Message-ID; anything that could break the header's line is gone."""
    return one_line(written, 900).replace(" ", "")


def _right_to_left(text: str) -> str:
    """The words for programs that show HTML: plain text has no way to say in which direction it runs."""
    body = html.escape(text).replace("\n", "<br>\n")
    return f'<!doctype html><html lang="fa" dir="rtl"><body dir="auto" style="text-align:start">{body}</body></html>'
