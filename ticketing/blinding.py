"""What a role that must not learn who complains is shown of a ticket: all but the person, wherever they were named.

Their name, number, address and national id are left out of what others wrote, too. What a picture or a recording shows
it cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from normalizer.identity import parse_national_id
from normalizer.phone import Phone, parse_phone
from normalizer.text import digits
from ticketing.ticket import Identity

HIDDEN: Final = "***"
_NUMBER: Final = re.compile(r"\+?[0-9](?:[\s\u200c().-]{0,2}[0-9]){9,14}")
_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_SHORTEST_NAME: Final = 3
_OF_CITIZENS: Final = ("step", "question", "close", "survey", "reply")


def blinded(text: str, identity: Identity) -> str:
    """The text without numbers and addresses of people, and without the words of the citizen's own name."""
    hidden = _ADDRESS.sub(HIDDEN, text)
    for found in reversed(list(_NUMBER.finditer(digits(hidden)))):  # digits are folded one for one: places stay
        if _is_somebodys(found[0]):
            hidden = f"{hidden[: found.start()]}{HIDDEN}{hidden[found.end() :]}"
    names = [re.escape(word) for word in (identity.name or "").split() if len(word) >= _SHORTEST_NAME]
    return re.sub(rf"\b(?:{'|'.join(names)})\b", HIDDEN, hidden) if names else hidden


def blinded_picture(picture: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    """A ticket as `view` pictures it, for a role that must not learn who complains."""
    facts = picture["facts"]
    return {
        **picture,
        "facts": {
            **facts,
            "text": blinded(facts["text"], identity),
            "details": _words(facts["details"], identity),
            "identity": dict.fromkeys(facts["identity"]),
        },
        "timeline": [{**each, "data": _words(each["data"], identity)} for each in picture["timeline"]],
        "notices": _notices(picture["notices"]),
        "replies": _notices(picture["replies"]),
        "reports": [{**each, "text": blinded(each["text"], identity)} for each in picture["reports"]],
        "attachments": [{**each, "name": blinded(each["name"], identity)} for each in picture["attachments"]],
    }


def _is_somebodys(number: str) -> bool:
    return isinstance(parse_phone(number), Phone) or parse_national_id(number) is not None


def _words(said: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    return {name: blinded(value, identity) if isinstance(value, str) else value for name, value in said.items()}


def _notices(notices: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "to": HIDDEN} if each["kind"] in _OF_CITIZENS else dict(each) for each in notices]
