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
from normalizer.numeral import money_entries
from normalizer.text import clean, key_of

_LETTERS: Final = r"a-z\u00c0-\u0602\u0620-\u066a\u066e-\u1fff\u2c00-\u2dff\u3040-\ud7ff"
# x[x]* and not x+: the compiler then sees what a match begins with, and skips the rest of the text faster.
_WORD: Final = re.compile(rf"[0-9][0-9]*(?:[.,/][0-9]+)*|[{_LETTERS}][{_LETTERS}]*")
_SENTENCE_END: Final = re.compile(r"[.!?؟؛\n]")
# ZWNJ and careless typing part these from the word they belong to. A verb's prefix is tied to it, an ending blotted
# out, both without moving a letter, so that places in the key stay what they are.
_TIE: Final = "\u0640"
_APART: Final = (
    *((f" {prefix} ", f" {prefix}{_TIE}") for prefix in ("می", "نمی")),
    *(
        (f" {ending} ", " " * (len(ending) + 2))
        for ending in (
            "ها",
            "های",
            "هایی",
            "هاش",
            "هاشون",
            "هاشان",
            "ای",
            "ام",
            "اش",
            "اند",
            "تر",
            "ترین",
            "مان",
            "شان",
        )
    ),
)
_LEXICON_FILES: Final = ("category.toml", "intent.toml", "business.toml", "speech.toml")


def _entries() -> Iterator[Entry]:
    for name in _LEXICON_FILES:
        for kind, values in load_table(name).items():
            for value, weights in values.items():
                for weight, phrases in weights.items():
                    yield from (Entry(phrase, kind, value, float(weight)) for phrase in phrases)


_LEXICON: Final = Lexicon((*place_entries(), *money_entries(), *_entries()))


@dataclass(frozen=True)
class Reading:
    """A message read once. `words` are those of the key; marks point into them.

    `pieces` are the words as `tied`, a key of the same length, shows them: verb prefixes tied to their verbs.
    """

    text: str
    key: str
    words: list[str]
    marks: Marks
    tied: str
    pieces: list[str]

    def of(self, kind: str) -> list[Mark]:
        """Gives the marks of one kind, in the order of the words."""
        return self.marks.get(kind, [])

    def has(self, kind: str, value: str) -> bool:
        """Says whether anything of this kind and value was met."""
        return any(mark.value == value for mark in self.marks.get(kind, ()))

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Gives where each word stands in the text."""
        spans, end, find = [], 0, self.tied.find
        for piece in self.pieces:  # nothing but separators stands between two pieces, so find() meets the right one
            start = find(piece, end)
            end = start + len(piece)
            spans.append((start, end))
        return spans

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
    tied = _tie(key)
    pieces = _WORD.findall(tied)
    words = [piece.replace(_TIE, "") for piece in pieces] if _TIE in tied else pieces
    return Reading(cleaned, key, words, _LEXICON.scan(words), tied, pieces)


def _tie(key: str) -> str:
    for apart, together in _APART:
        if apart in key:
            key = key.replace(apart, together)
    return key
