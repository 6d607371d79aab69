"""One look-up for all the words that mean something, in one pass over a message.

An entry is a phrase in the data's small language: words of the search key; `a|b` either word; `stem*` any ending; `~`
up to four other words between; `@class` any word of that class in word_classes.toml. Phrases of two neighbouring
words are known written together too (گران فروشی, گرانفروشی). It says what is there and where, and leaves all judgement
to those who ask.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, NamedTuple

from normalizer.data import load_table
from normalizer.text import fold

_ANY_ENDING: Final = "*"
_SHORTEST_STEM: Final = 2
_GAP: Final = 4
_MOST_REMEMBERED: Final = 50_000
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


_new: Final = tuple.__new__  # Mark() itself takes twice the time, some twenty times a message
Marks = defaultdict[str, list[Mark]]


class _Piece(NamedTuple):
    """One word of a phrase: any of these symbols, after at most `gap` other words."""

    symbols: frozenset[str]
    gap: int


# Plain tuples, which take half the time to take apart, where every word of a message asks for them.
# What of an entry is still to come after its first two words, the second standing at most so many words off.
_Tail = tuple[Entry, int, tuple[_Piece, ...]]


class _Head:
    """A first symbol: the entries it is by itself, and those it begins, by their second symbol."""

    __slots__ = ("entries", "reach", "tails")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.tails: dict[str, list[_Tail]] = {}
        self.reach = 0

    def add(self, entry: Entry, rest: tuple[_Piece, ...]) -> None:
        if not rest:
            self.entries.append(entry)
            return
        self.reach = max(self.reach, 1 + rest[0].gap)
        for symbol in rest[0].symbols:
            self.tails.setdefault(symbol, []).append((entry, rest[0].gap, rest[1:]))


# What a word of a message is to the lexicon; a word that means nothing is `_NOTHING` instead. Its symbols, itself and
# each stem it begins with ("stem*"), that go on an entry; the entries it is by itself (kind, value, weight); within how
# many words, by their symbols, those stand that go on the entries it begins.
_Known = tuple[tuple[str, ...], tuple[tuple[str, str, float], ...], int, Mapping[str, list[_Tail]]]


_NOTHING: Final[Literal[False]] = False
_Met = list[_Known | Literal[False]]


class _Remembered(dict[str, _Known | Literal[False]]):
    """What words are, looked up when first met and remembered: a few thousand make up most of what people write."""

    def __init__(self, look_up: Callable[[str], _Known | Literal[False]]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, word: str) -> _Known | Literal[False]:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        known = self[word] = self._look_up(word)
        return known


class Lexicon:
    """Entries indexed by first and second symbol; `scan` reports every entry met in a list of words."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._heads: dict[str, _Head] = {}
        self._stems: dict[str, list[str]] = {}
        self._remembered = _Remembered(self._look_up)
        going_on: set[str] = set()
        for entry in entries:
            pieces = _pieces(entry.phrase)
            going_on.update(*(piece.symbols for piece in pieces[1:]))
            self._add(pieces[0], entry, tuple(pieces[1:]))
            if len(pieces) == 2 and not pieces[1].gap:
                self._add(_joined(pieces[0], pieces[1]), entry, ())
        self._going_on = frozenset(going_on)
        stems = {symbol for symbol in self._heads.keys() | going_on if symbol.endswith(_ANY_ENDING)}
        for stem in sorted(symbol.removesuffix(_ANY_ENDING) for symbol in stems):
            self._stems.setdefault(stem[:_SHORTEST_STEM], []).append(stem)

    def _add(self, first: _Piece, entry: Entry, rest: tuple[_Piece, ...]) -> None:
        for symbol in first.symbols:
            self._heads.setdefault(symbol, _Head()).add(entry, rest)

    def scan(self, words: Sequence[str]) -> Marks:
        """Gives the entries met, by kind, in the order of the words."""
        met: _Met = list(map(self._remembered.__getitem__, words))
        marks: Marks = defaultdict(list)
        met.append(_NOTHING)  # what follows the last word
        for start, known in enumerate(met):
            if not known:
                continue
            _, entries, reach, tails = known
            for kind, value, weight in entries:
                marks[kind].append(_new(Mark, (value, weight, start, start + 1)))
            # Many words begin something, few are followed by what goes on with it: where only the next word can, see.
            if reach > 1 or (reach and (after := met[start + 1]) and not tails.keys().isdisjoint(after[0])):
                _follow(met, start, reach, tails, marks)
        return marks

    def _look_up(self, word: str) -> _Known | Literal[False]:
        """Finds what a word is."""
        stems = self._stems.get(word[:_SHORTEST_STEM], ())
        symbols = [*(stem + _ANY_ENDING for stem in stems if word.startswith(stem)), word]
        heads = [self._heads[symbol] for symbol in symbols if symbol in self._heads]
        going_on = tuple(symbol for symbol in symbols if symbol in self._going_on)
        entries = tuple((entry.kind, entry.value, entry.weight) for head in heads for entry in head.entries)
        reach = max((head.reach for head in heads), default=0)
        return (going_on, entries, reach, _tails_of(heads)) if heads or going_on else _NOTHING


def _tails_of(heads: list[_Head]) -> Mapping[str, list[_Tail]]:
    """What the heads of one word begin; most words that begin anything are one head."""
    longer = [head.tails for head in heads if head.reach]
    if len(longer) == 1:
        return longer[0]
    joined: dict[str, list[_Tail]] = {}
    for tails in longer:
        for symbol, more in tails.items():
            joined[symbol] = joined.get(symbol, []) + more
    return joined


def _follow(met: _Met, start: int, reach: int, tails: Mapping[str, list[_Tail]], marks: Marks) -> None:
    """Reports the longer entries a word begins: their second word stands within reach."""
    for off, known in enumerate(met[start + 1 : start + 1 + reach]):
        if not known:
            continue
        for symbol in known[0]:
            if symbol not in tails:
                continue
            for entry, gap, rest in tails[symbol]:
                end = _end(met, start + 2 + off, rest) if off <= gap else 0
                if end:
                    marks[entry.kind].append(_new(Mark, (entry.value, entry.weight, start, end)))


def _end(met: _Met, place: int, rest: tuple[_Piece, ...]) -> int:
    """Says after which word a phrase ends whose next piece may stand at `place`; 0 if it is not there."""
    for piece in rest:
        for candidate in range(place, min(place + piece.gap + 1, len(met))):
            known = met[candidate]
            if known and not piece.symbols.isdisjoint(known[0]):
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
        pieces.append(_Piece(frozenset(_symbol(form, phrase) for form in written.split("|")), gap))
        gap = 0
    return pieces


def _symbol(form: str, phrase: str) -> str:
    word = fold(form.removesuffix(_ANY_ENDING))
    is_stem = form.endswith(_ANY_ENDING)
    if not word or " " in word or (is_stem and len(word) < _SHORTEST_STEM):
        raise ValueError(f"phrase {phrase!r}: {form!r} is no word, or a stem of fewer than two letters")
    return word + _ANY_ENDING if is_stem else word


def _joined(first: _Piece, second: _Piece) -> _Piece:
    words = (symbol for symbol in first.symbols if not symbol.endswith(_ANY_ENDING))
    return _Piece(frozenset(a + b for a, b in product(words, second.symbols)), 0)
