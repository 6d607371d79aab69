"""A text as words to compare with another: folded, digits in ASCII, marks left out. Knows no meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from normalizer.text import fold

_WORD: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_MOST_WORDS: Final = 300


def words_of(text: str) -> list[str]:
    """Gives the folded words and numbers of a text, the first 300 of them."""
    return _WORD.findall(fold(text))[:_MOST_WORDS]


def folded_words(lists: Iterable[Iterable[str]]) -> frozenset[str]:
    """Gives every single word of lists of words as they are compared."""
    return frozenset(word for each in lists for said in each for word in words_of(said))
