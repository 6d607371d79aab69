"""A message without the numbers and addresses by which somebody can be found, for whoever learns from many.

How many digits a number has stays: it says what kind of message it is. Names of people cannot be told from words, and
stay words.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from normalizer.normalize import normalize
from normalizer.report import Report

_NUMBERS: Final = ("phone", "national_id", "legal_id", "postal_code", "guild_id", "tracking_code")
_ADDRESSES: Final = ("email", "licence_url", "plate")
_ANY_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)


def without_numbers(text: str) -> str:
    """The clean text, each digit of a personal number a nought, personal addresses and plates blank."""
    complaint = normalize(Report("", "", "", _ANY_DAY, b"", text=text))
    letters = list(complaint.text)
    for fact in complaint.facts:
        for place in range(fact.start, fact.end):
            if fact.kind in _ADDRESSES:
                letters[place] = " "
            elif fact.kind in _NUMBERS and "0" <= letters[place] <= "9":
                letters[place] = "0"
    return "".join(letters)
