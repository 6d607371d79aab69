"""A message as the rules see it: clean text, key, words, and every word of the lexicon met in it, in one pass.

Everything after this asks the reading; nothing goes over the text again but where digits or addresses stand.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from normalizer.data import load_table
from normalizer.latin_names import latin_places
from normalizer.lexicon import Entry, Lexicon, Mark, Marks
from normalizer.numeral import money_entries
from normalizer.place_names import place_entries
from normalizer.text import clean, key_of

_LETTERS: Final = r"a-z\u00c0-\u0602\u0620-\u066a\u066e-\u1fff\u2c00-\u2dff\u3040-\ud7ff"
# Splits a key into words and what parts them, by turns.
# x[x]* and not x+: the compiler then sees what a match begins with, and skips the rest of the text faster.
_WORD: Final = re.compile(rf"([0-9][0-9]*(?:[.,/][0-9]+)*|[{_LETTERS}][{_LETTERS}]*)")
_PARTING: Final = frozenset(".,!?؟؛،\n:")
_LATIN: Final = re.compile("[a-zəışç]")
_DIGIT: Final = re.compile("[0-9]")
_SENTENCE_END: Final = frozenset(".!?؟؛\n")
# ZWNJ and careless typing part these from the word they belong to. A verb's prefix is tied to it, an ending blotted
# out, both without moving a letter, so that places in the key stay what they are.
_TIE: Final = "\u0640"
_BROKEN: Final = tuple(
    (f" {word[:place]} {word[place:]} ", f" {word[:place]}{_TIE}{word[place:]} ")
    for word in ("تومان", "ریال", "میلیون", "هزار")
    for place in range(1, len(word))
)
# A lone letter, «و» apart: scanned letters come with their words broken in two, those of money among them.
_LONE_LETTER: Final = re.compile(" [اآبپتجحخدرزسشعفقکگلمنهی] ")
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
# Whoever writes a book has said what it is about by then; rules that compare marks stay fast. Numbers are found in all
# of the key.
_MOST_WORDS: Final = 3_000
_MOST_MARKS: Final = 100
_LEXICON_FILES: Final = ("category.toml", "intent.toml", "business.toml", "speech.toml", "days.toml", "urgency.toml")


def _entries() -> Iterator[Entry]:
    for name in _LEXICON_FILES:
        for kind, values in load_table(name).items():
            for value, weights in values.items():
                for weight, phrases in weights.items():
                    yield from (Entry(phrase, kind, value, float(weight)) for phrase in phrases)
    for concept, phrases in load_table("concepts.toml")["concept"].items():
        yield from (Entry(phrase, "concept", concept) for phrase in phrases)


_LEXICON: Final = Lexicon((*place_entries(), *money_entries(), *_entries()))


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read once. `words` are those of the key, the first three thousand; marks point into them.

    Word n stands in the text from edge 2n+1 to edge 2n+2, what parts it from the word before from edge 2n to 2n+1.
    `has_latin` and `has_digits` say what may stand in the key at all, so that nobody need look for more in vain.
    """

    text: str
    key: str
    words: list[str]
    marks: Marks
    has_latin: bool
    has_digits: bool
    _edges: list[int]

    def of(self, kind: str) -> list[Mark]:
        """Gives the marks of one kind, in the order of the words."""
        return self.marks.get(kind, [])

    def has(self, kind: str, value: str) -> bool:
        """Says whether anything of this kind and value was met."""
        return any(mark.value == value for mark in self.marks.get(kind, ()))

    def span(self, word: int) -> tuple[int, int]:
        """Gives where a word stands in the text."""
        return self._edges[2 * word + 1], self._edges[2 * word + 2]

    def word_at(self, place: int) -> int:
        """Gives the word that stands at a place of the text, or the last one before it."""
        return max(0, bisect_right(self._edges, place) // 2 - 1)

    @property
    def end(self) -> int:
        """Where in the text the last of the words ends."""
        return self._edges[-2]

    def words_span(self, mark: Mark) -> tuple[int, int]:
        """Gives where in the text the words of a mark stand."""
        return self._edges[2 * mark.start + 1], self._edges[2 * mark.end]

    def written(self, start: int, end: int) -> str:
        """Gives words `start`..`end` as they were written."""
        return self.text[self._edges[2 * start + 1] : self._edges[2 * end]]

    def between(self, word: int) -> str:
        """Gives what is written between a word and the one before it."""
        return self.text[self._edges[2 * word] : self._edges[2 * word + 1]]

    def is_one_piece(self, mark: Mark) -> bool:
        """Says whether no comma, dot or line's end parts the words of a mark."""
        return mark.end - mark.start == 1 or all(
            _PARTING.isdisjoint(self.between(word)) for word in range(mark.start + 1, mark.end)
        )

    def sentence_ends_after(self, word: int) -> bool:
        """Says whether a sentence or line ends between a word and the next."""
        return word + 1 >= len(self.words) or not _SENTENCE_END.isdisjoint(self.between(word + 1))


def read(text: str) -> Reading:
    """Reads any text; never raises."""
    cleaned = clean(text)
    key = key_of(cleaned)
    tied = _tie(key)
    parts = _WORD.split(tied, _MOST_WORDS)
    words = [word.replace(_TIE, "") if _TIE in word else word for word in parts[1::2]] if _TIE in tied else parts[1::2]
    edges = list(accumulate(map(len, parts), initial=0))
    has_latin, has_digits = _LATIN.search(key) is not None, _DIGIT.search(key) is not None
    reading = Reading(cleaned, key, words, _marks(words), has_latin, has_digits, edges)
    if has_latin:
        _add_latin_places(reading)
    return reading


def _add_latin_places(reading: Reading) -> None:
    """Names of several words are no more than words where something parts them: «baharan, shahre ghods»."""
    latin = (mark for mark in latin_places(reading.words) if reading.is_one_piece(mark))
    reading.marks["place"] = sorted((*reading.of("place"), *latin), key=_start)[:_MOST_MARKS]


def _marks(words: list[str]) -> Marks:
    marks = _LEXICON.scan(words)
    if len(words) > _MOST_MARKS:
        for met in marks.values():
            del met[_MOST_MARKS:]
    return marks


def _start(mark: Mark) -> int:
    return mark.start


def _tie(key: str) -> str:
    if _LONE_LETTER.search(key):
        for apart, together in _BROKEN:
            key = key.replace(apart, together)
    for apart, together in _APART:
        if apart in key:
            key = key.replace(apart, together)
    return key
