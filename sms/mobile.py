"""Which numbers a text may go to at all: Iranian mobiles in E.164, and nothing else, whatever a row says."""

from __future__ import annotations

from sms.digits import is_ascii_number

_COUNTRY, _LENGTH, _SUBSCRIBER = "+989", 13, 4


def is_mobile(number: str) -> bool:
    """True for +989 and nine more ASCII digits: no premium, foreign or short number ever gets a text."""
    return number.startswith(_COUNTRY) and len(number) == _LENGTH and is_ascii_number(number[1:])


def prefix_of(number: str) -> str:
    """The number less its last four digits: ten thousand adjacent numbers share it."""
    return number[:-_SUBSCRIBER]
