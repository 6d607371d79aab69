"""Digits of the three scripts people type, folded through a table; never by what Unicode calls a digit."""

from __future__ import annotations

_ASCII = "0123456789"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _ASCII * 2)
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC, _PERSIAN * 2)


def to_ascii(text: str) -> str:
    """`text` with Persian and Arabic digits as 0–9."""
    return text.translate(_TO_ASCII)


def to_persian(text: str) -> str:
    """`text` with every digit as ۰–۹."""
    return text.translate(_TO_PERSIAN)


def is_ascii_number(text: str) -> bool:
    """True where `text` is one or more of 0–9 and nothing else."""
    return text.isascii() and text.isdecimal()
