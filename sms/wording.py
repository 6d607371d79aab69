"""Values inside texts: made harmless, set apart from the letters around them, and written as each language writes.

Left-to-right runs (codes, dates) inside Persian are wrapped in U+2066…U+2069 and names in U+2068…U+2069, so
that neither the sender's order nor the reader's phone can shuffle them. Nothing here knows the texts themselves.
"""

from __future__ import annotations

import unicodedata

from sms.digits import to_ascii, to_persian

_LEFT_TO_RIGHT, _FIRST_STRONG, _END = "\u2066", "\u2068", "\u2069"
_JOINERS = "\u200c\u200d"  # Persian spells with them; every other format character may reorder or hide text
_NUMERIC = frozenset({"code", "due", "count", "amount", "account", "case"})
_AS_IT_IS = frozenset({"address"})
"""Must be typed as it stands: no digit is folded in it."""


def neutralise(value: str, limit: int) -> str:
    """`value` on one line, without control, bidi or invisible characters, at most `limit` characters long."""
    if value.isascii() and value.isprintable() and len(value) <= limit:
        return " ".join(value.split())
    kept = (
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in value
        if character in _JOINERS or unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn")
    )
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def written(name: str, value: str, language: str, limit: int) -> str:
    """`value` of placeholder `name` as it stands in a text of `language`."""
    plain = neutralise(value, limit)
    if name == "code":
        digits = to_ascii(plain)
        plain = "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))
    if language == "fa" and name in _AS_IT_IS:
        return _isolated(plain, _LEFT_TO_RIGHT)
    if language == "fa":
        return _isolated(to_persian(plain), _LEFT_TO_RIGHT if name in _NUMERIC else _FIRST_STRONG)
    # An isolate would turn a plain Latin text into UCS-2 and double its price: only where it is UCS-2 anyway.
    return plain if plain.isascii() else _isolated(plain, _FIRST_STRONG)


def _isolated(value: str, opening: str) -> str:
    return f"{opening}{value}{_END}" if value else ""
