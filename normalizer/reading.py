"""A message as the rules see it: clean text, key, words, and every word of the lexicon met in it, in one pass.

Everything after this asks the reading; nothing goes over the text again but where digits or addresses stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from normalizer.data import load_table
from normalizer.gazetteer import place_entries
from normalizer.lexicon import Entry, Lexicon, Mark, Marks
from normalizer.text import clean, key_of

_WORD: Final = re.compile(
    r"[0-9]+(?:[.,/][0-9]+)*|[a-z\u00c0-\u0602\u0620-\u066a\u066e-\u1fff\u2c00-\u2dff\u3040-\ud7ff]+"
)
_SENTENCE_END: Final = re.compile(r"[.!?؟؛\n]")
# ZWNJ and careless typing part these from the word they belong to.
_PREFIXES: Final = frozenset(("می", "نمی"))
_SUFFIXES: Final = frozenset(
    ("ها", "های", "هایی", "هاش", "هاشون", "هاشان", "ای", "ام", "اش", "اند", "تر", "ترین", "مان", "شان")
)
_GLUE: Final = _PREFIXES | _SUFFIXES
_LEXICON_FILES: Final = ("category.toml", "intent.toml", "business.toml", "speech.toml")


def _entries() -> Iterator[Entry]:
    for name in _LEXICON_FILES:
        for kind, values in load_table(name).items():
            for value, weights in values.items():
                for weight, phrases in weights.items():
                    yield from (Entry(phrase, kind, value, float(weight)) for phrase in phrases)


_LEXICON: Final = Lexicon((*place_entries(), *_entries()))


@dataclass(frozen=True)
class Reading:
    """A message read once. `words` are those of the key; marks point into them.

    `origin` gives, for each word, its first and last piece in the key where pieces were put together.
    """

    text: str
    key: str
    words: list[str]
    marks: Marks
    origin: list[tuple[int, int]] | None

    def of(self, kind: str) -> list[Mark]:
        """Gives the marks of one kind, in the order of the words."""
        return self.marks.get(kind, [])

    def has(self, kind: str, value: str) -> bool:
        """Says whether anything of this kind and value was met."""
        return any(mark.value == value for mark in self.marks.get(kind, ()))

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Gives where each word stands in the text."""
        pieces = [match.span() for match in _WORD.finditer(self.key)]
        if self.origin is None:
            return pieces
        return [(pieces[first][0], pieces[last][1]) for first, last in self.origin]

    def written(self, start: int, end: int) -> str:
        """Gives words `start`..`end` as they were written."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]]

    def sentence_ends_after(self, word: int) -> bool:
        """Says whether a sentence or line ends between a word and the next."""
        if word + 1 >= len(self.words):
            return True
        return _SENTENCE_END.search(self.text, self.spans[word][1], self.spans[word + 1][0]) is not None


def read(text: str) -> Reading:
    """Reads any text; never raises."""
    cleaned = clean(text)
    key = key_of(cleaned)
    pieces = _WORD.findall(key)
    words, origin = (pieces, None) if _GLUE.isdisjoint(pieces) else _glued(pieces)
    return Reading(cleaned, key, words, _LEXICON.scan(words), origin)


def _glued(pieces: list[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """Joins verb prefixes to their verb and leaves endings off, remembering which pieces each word came from."""
    words: list[str] = []
    origin: list[tuple[int, int]] = []
    prefix = ""
    for place, piece in enumerate(pieces):
        if piece in _PREFIXES and not prefix and place + 1 < len(pieces):
            prefix = piece
        elif piece in _SUFFIXES and words and not prefix:
            origin[-1] = (origin[-1][0], place)
        else:
            words.append(prefix + piece)
            origin.append((place - 1 if prefix else place, place))
            prefix = ""
    return words, origin
