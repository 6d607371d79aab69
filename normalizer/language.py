"""The language a message is written in: fa, finglish (Persian in Latin letters), en or other."""

from __future__ import annotations

from typing import Final, Literal

from normalizer.data import load_table
from normalizer.reading import Reading
from normalizer.text import digits

Language = Literal["fa", "finglish", "en", "other"]

_PLAIN: Final = load_table("plain.toml")
_FINGLISH: Final = frozenset(_PLAIN["finglish"])
_ENGLISH: Final = frozenset(_PLAIN["english"])


def language_of(reading: Reading) -> Language:
    """Tells the language by script, Latin script by its commonest words; Persian digits alone are fa."""
    persian = sum("\u0620" <= word[0] <= "\u06ff" for word in reading.words)
    latin = [word for word in reading.words if "a" <= word[0] <= "z"]
    if persian >= len(latin):
        return "fa" if persian or digits(reading.text) != reading.text else "other"
    finglish = sum(word in _FINGLISH for word in latin)
    english = sum(word in _ENGLISH for word in latin)
    if finglish >= english:
        return "finglish" if finglish else "other"
    return "en"
