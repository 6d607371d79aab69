"""How the citizen can be reached: the channel's own knowledge first, then what they say of themselves."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from normalizer.identifiers import Identifiers
from normalizer.phone import Phone, parse_phone
from normalizer.report import Report
from normalizer.text import fold

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


class Contact(NamedTuple):
    """The citizen's own mobile, landline (if that is all there is) and e-mail."""

    phone: str | None
    landline: str | None
    email: str | None


def contact_of(report: Report, numbers: Identifiers) -> Contact:
    """Gives the citizen's own contacts; a number in the text is theirs if they say so or it is the only mobile."""
    sender = parse_phone(report.sender.phone) if report.sender.phone else None
    known = sender if isinstance(sender, Phone) else None
    email = _email(report.sender.email)
    if known and known.kind == "mobile":
        return Contact(known.e164, None, email)
    own = numbers.own_phone
    if own and own.kind == "mobile":
        return Contact(own.e164, None, email)
    if known:
        return Contact(None, known.e164, email)
    if len(numbers.mobiles) == 1:
        return Contact(numbers.mobiles[0], None, email)
    return Contact(None, own.e164 if own else None, email)


def _email(text: str | None) -> str | None:
    written = fold(text) if text else ""
    return written if _EMAIL.fullmatch(written) else None
