"""Which mails are no person writing to us: auto-replies, bounces, lists, our own. They are kept, and never answered.

The signs are those of RFC 3834 and of the programs that predate it; one is enough, because answering a machine can
make two machines talk for ever."""

from __future__ import annotations

import re
from email.utils import parseaddr

from channels.mail import Mail

OWN_MARK = "X-Gateway-124"
_MAX_HOPS = 50
_ROBOTS = re.compile(r"^(?:mailer-daemon|postmaster)(?:[+=-][^@]*)?@", re.IGNORECASE)
_LISTS = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list")
_PRECEDENCE = ("bulk", "list", "junk", "auto_reply", "auto-reply")
_SUPPRESS = re.compile(r"\b(?:all|autoreply|oof)\b", re.IGNORECASE)
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "auto-reply-from")


def why_ignored(mail: Mail, envelope_from: str | None) -> str | None:
    """The reason a mail is not a person's, as a code; None where it is one.

    `envelope_from` is SMTP's MAIL FROM ("" or "<>" is the null sender of bounces), None where it is not known.
    """
    return next((code for code, shows in _SIGNS if shows(mail, envelope_from)), None)


def _own(mail: Mail, _envelope_from: str | None) -> bool:
    return OWN_MARK.lower() in mail.headers


def _bounce(mail: Mail, _envelope_from: str | None) -> bool:
    return mail.content_type in ("multipart/report", "message/delivery-status") or "x-failed-recipients" in mail.headers


def _null_sender(mail: Mail, envelope_from: str | None) -> bool:
    return envelope_from in ("", "<>") or mail.raw("return-path").strip() == "<>"


def _auto(mail: Mail, _envelope_from: str | None) -> bool:
    submitted = mail.raw("auto-submitted").strip().lower()
    answered_by_machine = submitted not in ("", "no") or any(name in mail.headers for name in _AUTO_HEADERS)
    return answered_by_machine or _SUPPRESS.search(mail.raw("x-auto-response-suppress")[:200]) is not None


def _mailing_list(mail: Mail, _envelope_from: str | None) -> bool:
    precedence = mail.raw("precedence").strip().lower()
    return precedence in _PRECEDENCE or any(name in mail.headers for name in _LISTS)


def _loop(mail: Mail, _envelope_from: str | None) -> bool:
    return "x-loop" in mail.headers or len(mail.headers.get("received", ())) > _MAX_HOPS


def _robot(mail: Mail, envelope_from: str | None) -> bool:
    return any(_ROBOTS.match(address) for address in (parseaddr(mail.raw("from")[:1000])[1], envelope_from or ""))


_SIGNS = (
    ("own_mail", _own),
    ("bounce", _bounce),
    ("null_sender", _null_sender),
    ("auto_reply", _auto),
    ("mailing_list", _mailing_list),
    ("mail_loop", _loop),
    ("robot", _robot),
)
