"""The language a message is written in: fa, finglish (Persian in Latin letters), en or other."""

from __future__ import annotations

import re
from typing import Final, Literal

from normalizer.data import load_table
from normalizer.reading import Reading

Language = Literal["fa", "finglish", "en", "other"]

_LATIN: Final = re.compile("[a-z]")
_PERSIAN: Final = re.compile("[\u0620-\u065f\u066e-\u06d5]")
# Letters only Kurdish has; a name or two may be written with them.
_KURDISH: Final = re.compile("[\u0695\u06b5\u06c6\u06ce\u06d5]")
_FEW_LETTERS, _FEW_WORDS = 2, 2
_PLAIN: Final = load_table("plain.toml")
_FINGLISH: Final = frozenset(_PLAIN["finglish"])
_ENGLISH: Final = frozenset(_PLAIN["english"])
_ARABIC: Final = frozenset(_PLAIN["arabic"])


def language_of(reading: Reading) -> Language:
    """Tells the language by script, Latin script by its commonest words; figures alone are other."""
    if not reading.has_latin or not _LATIN.search(reading.key):
        return "fa" if _PERSIAN.search(reading.text) and not _is_kurdish_or_arabic(reading) else "other"
    latin = [word for word in reading.words if "a" <= word[0] <= "z"]
    persian = [word for word in reading.words if "\u0620" <= word[0] <= "\u06ff"]
    if len(persian) >= len(latin):
        return "other" if _is_kurdish_or_arabic(reading) else "fa"
    finglish = sum(word in _FINGLISH for word in latin)
    english = sum(word in _ENGLISH for word in latin)
    if finglish >= english:
        return "finglish" if finglish else "other"
    return "en"


def _is_kurdish_or_arabic(reading: Reading) -> bool:
    if len(_ARABIC.intersection(reading.words)) >= _FEW_WORDS:
        return True
    return _KURDISH.search(reading.text) is not None and len(_KURDISH.findall(reading.text)) >= _FEW_LETTERS
