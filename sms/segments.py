"""How many SMS parts a text costs. Rules: GSM 03.38 alphabet 160/153, anything else UCS-2 70/67 (FACTS: providers)."""

from __future__ import annotations

import re
from typing import Literal

_GSM7 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM7_TEXT = re.compile(f"[{re.escape(_GSM7 + ''.join(_GSM7_EXTENDED))}]*")
_SINGLE = {"gsm7": 160, "ucs2": 70}
_PART = {"gsm7": 153, "ucs2": 67}


def encoding(text: str) -> Literal["gsm7", "ucs2"]:
    """The alphabet the text is sent in: one character outside GSM-7 makes the whole of it UCS-2."""
    return "gsm7" if _GSM7_TEXT.fullmatch(text) else "ucs2"


def units(text: str) -> int:
    """The length that is charged: septets (an extended character is two) or UTF-16 units (an emoji is two)."""
    return _units(text, encoding(text))


def _units(text: str, alphabet: str) -> int:
    if alphabet == "gsm7":
        return len(text) + sum(character in _GSM7_EXTENDED for character in text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def segments(text: str) -> int:
    """How many parts the text goes out in; an empty text is one."""
    alphabet = encoding(text)
    length = _units(text, alphabet)
    if length <= _SINGLE[alphabet]:
        return 1
    return -(-length // _PART[alphabet])
