"""Whether an answer to "the same complaint or a new one?" says the one or the other.

The words are data (likeness.toml). Only for texts that answer that question: elsewhere the same words say other things.
"""

from __future__ import annotations

from typing import Final

from normalizer.data import load_table
from normalizer.words import words_of

_PHRASES: Final = {
    tuple(words_of(phrase)): answer == "same"
    for answer, phrases in load_table("likeness.toml")["answers"].items()
    for phrase in phrases
}
_LONGEST: Final = max(map(len, _PHRASES))
_MOST_WORDS: Final = 9
"""What is longer tells more than an answer."""


def same_answer(text: str) -> bool | None:
    """True for "the same", False for "a new one", None for what says neither, or both. Never raises."""
    words = words_of(text)
    if len(words) > _MOST_WORDS:
        return None
    runs = (tuple(words[start : start + length]) for start in range(len(words)) for length in range(1, _LONGEST + 1))
    said = {_PHRASES[run] for run in runs if run in _PHRASES}
    return said.pop() if len(said) == 1 else None
