"""One look-up for all the words that mean something, in one pass over a message.

An entry is a phrase in the data's small language: words of the search key; `a|b` either word; `stem*` any ending; `~`
up to three other words between; `@class` any word of that class in word_classes.toml. Phrases of two neighbouring
words are known written together too (گران فروشی, گرانفروشی). It says what is there and where, and leaves all judgement
to those who ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

from normalizer.data import load_table
from normalizer.text import fold

_STEM: Final = 3
_GAP: Final = 3
_CLASSES: Final = {name: "|".join(words) for name, words in load_table("word_classes.toml").items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase and what it stands for: `kind` (category, place…), `value` within the kind, `weight` of the hint."""

    phrase: str
    kind: str
    value: str
    weight: float = 1.0


class Mark(NamedTuple):
    """An entry met in a message: words `start`..`end` (exclusive)."""

    value: str
    weight: float
    start: int
    end: int


Marks = dict[str, list[Mark]]


class _Piece(NamedTuple):
    """One word of a phrase: any of `exact`, or beginning with any of `stems`, after at most `gap` other words."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    gap: int

    def fits(self, word: str) -> bool:
        return word in self.exact or (bool(self.stems) and word.startswith(self.stems))


class _Phrase(NamedTuple):
    entry: Entry
    rest: tuple[_Piece, ...]


class Lexicon:
    """Entries indexed by first word; `scan` reports every entry met in a list of words."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._exact: dict[str, list[_Phrase]] = {}
        self._stems: dict[str, list[tuple[str, _Phrase]]] = {}
        for entry in entries:
            head, *rest = _pieces(entry.phrase)
            self._add(head, _Phrase(entry, tuple(rest)))
            if len(rest) == 1 and not rest[0].gap:
                self._add(_joined(head, rest[0]), _Phrase(entry, ()))
        for word, phrases in self._exact.items():
            phrases.extend(phrase for stem, phrase in self._stems.get(word[:_STEM], ()) if word.startswith(stem))

    def _add(self, head: _Piece, phrase: _Phrase) -> None:
        for word in head.exact:
            self._exact.setdefault(word, []).append(phrase)
        for stem in head.stems:
            self._stems.setdefault(stem[:_STEM], []).append((stem, phrase))

    def scan(self, words: Sequence[str]) -> Marks:
        """Gives the entries met, by kind, in the order of the words."""
        marks: Marks = {}
        exact, stems = self._exact, self._stems
        for start, word in enumerate(words):
            phrases = exact.get(word)
            if phrases is None:
                near = stems.get(word[:_STEM])
                if near is None:
                    continue
                phrases = [phrase for stem, phrase in near if word.startswith(stem)]
            for entry, rest in phrases:
                end = _end(words, start + 1, rest) if rest else start + 1
                if end:
                    marks.setdefault(entry.kind, []).append(Mark(entry.value, entry.weight, start, end))
        return marks


def _end(words: Sequence[str], place: int, rest: tuple[_Piece, ...]) -> int:
    """Says after which word a phrase ends whose head stands just before `place`; 0 if it is not there."""
    for piece in rest:
        for candidate in range(place, min(place + piece.gap + 1, len(words))):
            if piece.fits(words[candidate]):
                place = candidate + 1
                break
        else:
            return 0
    return place


def _pieces(phrase: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    gap = 0
    for word in phrase.split():
        if word == "~":
            gap = _GAP
            continue
        written = "|".join(_CLASSES[form[1:]] if form.startswith("@") else form for form in word.split("|"))
        forms = [(fold(form.removesuffix("*")), form.endswith("*")) for form in written.split("|")]
        exact = frozenset(form for form, open_end in forms if not open_end)
        stems = tuple(form for form, open_end in forms if open_end)
        if any(len(stem) < _STEM for stem in stems if not pieces) or any(not form or " " in form for form, _ in forms):
            raise ValueError(f"phrase {phrase!r}: a first stem needs three letters, a word holds no ZWNJ")
        pieces.append(_Piece(exact, stems, gap))
        gap = 0
    return pieces


def _joined(head: _Piece, second: _Piece) -> _Piece:
    exact = frozenset(a + b for a, b in product(head.exact, second.exact))
    stems = tuple(a + b for a, b in product(head.exact, second.stems))
    return _Piece(exact, stems, 0)
