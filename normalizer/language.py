"""The language a message is written in: fa, finglish (Persian in Latin letters), en or other."""

from __future__ import annotations

import re
from typing import Final, Literal

from normalizer.data import load_table
from normalizer.reading import Reading

Language = Literal["fa", "finglish", "en", "other"]

_LATIN: Final = re.compile("[a-z]")
_PERSIAN: Final = re.compile("[\u0620-\u06ff]")
_PLAIN: Final = load_table("plain.toml")
_FINGLISH: Final = frozenset(_PLAIN["finglish"])
_ENGLISH: Final = frozenset(_PLAIN["english"])


def language_of(reading: Reading) -> Language:
    """Tells the language by script, Latin script by its commonest words; Persian digits alone are fa."""
    if not reading.has_latin or not _LATIN.search(reading.key):
        return "fa" if _PERSIAN.search(reading.text) else "other"
    latin = [word for word in reading.words if "a" <= word[0] <= "z"]
    persian = [word for word in reading.words if "\u0620" <= word[0] <= "\u06ff"]
    if len(persian) >= len(latin):
        return "fa"
    finglish = sum(word in _FINGLISH for word in latin)
    english = sum(word in _ENGLISH for word in latin)
    if finglish >= english:
        return "finglish" if finglish else "other"
    return "en"
