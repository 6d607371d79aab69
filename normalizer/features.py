"""What a classifier is told of a message: its words and their beginnings, which words stand side by side, the lexicon's
marks, which families of words stand together, and its form: how long it is, what it asks, which short numbers it names.
Counts nothing twice; knows no labels.

Sums and other long numbers are left out: whatever the grievance is, people say what they paid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

from normalizer.reading import Reading
from normalizer.skeleton import skeleton

_MOST_WORDS: Final = 300
"""Whoever writes more has said by then what it is about."""
_STEMS: Final = (5, 4)
_BONES: Final = (3, 4, 6)
_NEAR: Final = 6
_MOST_NEAR: Final = 11
_SAYING: Final = ("withdrawal", "status", "addition", "thanks", "abuse", "spam", "elsewhere", "inquiry", "answer")
_TOLD_BY: Final = (*_SAYING, "category")
_PAIRED: Final = 5
_A_NUMBER: Final = "#"
_SERVICE: Final = 3
"""Numbers one calls for help have three digits and begin with 1: 110, 125, 137."""
_LONGEST: Final = 12
_MOST_DOUBLINGS: Final = 7
_OFTEN: Final = 3
_QUESTION: Final = ("?", "؟")


def features_of(reading: Reading) -> list[str]:
    """The features of a message, each a short text, each once; the same message always has the same, in one order.

    The order is that of the text, never a set's: weights added up in another order make another sum.
    """
    sums = {place for mark in reading.of("money") for place in range(mark.start, mark.end)}
    words = reading.words[:_MOST_WORDS]
    if sums:
        words = [word for place, word in enumerate(words) if place not in sums]
    numbers = [word for word in words if "0" <= word[0] <= "9"] if reading.has_digits else []
    telling = [word for word in words if not "0" <= word[0] <= "9"] if numbers else words
    return list(
        dict.fromkeys(
            chain(
                chain.from_iterable(map(_of_word, telling)),
                _of_marks(reading),
                _of_concepts(reading),
                _of_neighbours(words),
                map(_of_number, numbers),
                _of_form(reading, has_numbers=bool(numbers), has_sums=bool(sums)),
                _of_course(reading),
            )
        )
    )


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> tuple[str, ...]:
    """The word, what is left of it without vowels, and its beginnings: endings and spellings are many."""
    bones = skeleton(word)
    spelled = (f"~{bones[:length]}" for length in _BONES if len(bones) >= length)
    return (word, *spelled, *(f"{word[:length]}*" for length in _STEMS if len(word) > length))


def _of_neighbours(words: Iterable[str]) -> Iterator[str]:
    """Two words side by side; a vowel alone is none."""
    return map("_".join, pairwise(filter(None, map(_paired, words))))


@lru_cache(maxsize=20_000)
def _paired(word: str) -> str:
    """A word without vowels and endings; all numbers are one word."""
    return _A_NUMBER if "0" <= word[0] <= "9" else skeleton(word)[:_PAIRED]


def _of_marks(reading: Reading) -> Iterator[str]:
    """What the lexicon's words say outright, and how surely."""
    yield from (f"m:{mark.value}:{mark.weight:.0f}" for mark in reading.of("category"))
    yield from (f"m:{kind}.{mark.value}:{mark.weight:.0f}" for kind in _SAYING for mark in reading.of(kind))


def _of_number(word: str) -> str:
    """A digit that answers and the number of a service by themselves, any other by its length: a phone, a code."""
    is_named = len(word) == 1 or (len(word) == _SERVICE and word[0] == "1")
    return f"{_A_NUMBER}{word}" if is_named else f"n:{min(len(word), _LONGEST)}"


def _of_form(reading: Reading, *, has_numbers: bool, has_sums: bool) -> Iterator[str]:
    """How long it is (doublings of words), and what it holds beside words."""
    text = reading.text
    yield f"f:{min(len(reading.words).bit_length(), _MOST_DOUBLINGS)}"
    if any(mark in text for mark in _QUESTION):
        yield "f:question"
    if text.endswith(_QUESTION):
        yield "f:question at last"
    if "!" in text:
        yield "f:exclaimed"
    if "\n" in text:
        yield "f:lines"
    if has_sums:
        yield "f:sum"
    if has_numbers:
        yield "f:number"


def _of_course(reading: Reading) -> Iterator[str]:
    """What the lexicon's words say first and last, and how often: who begins with thanks may go on to complain."""
    met = sorted((mark.start, kind) for kind in _TOLD_BY for mark in reading.of(kind) if mark.end <= _MOST_WORDS)
    if met:
        yield f"c:first {met[0][1]}"
        yield f"c:last {met[-1][1]}"
    kinds = [kind for _, kind in met]
    for kind in dict.fromkeys(kinds):
        yield f"c:{kind}:{min(kinds.count(kind), _OFTEN)}"


def _of_concepts(reading: Reading) -> Iterator[str]:
    """Families met, which of them most, and pairs of them within a few words of each other."""
    met = sorted({(mark.start, mark.value) for mark in reading.of("concept") if mark.end <= _MOST_WORDS})
    if not met:
        return
    names = [name for _, name in met]
    often = sorted(dict.fromkeys(names), key=names.count, reverse=True)
    yield f"k:most {often[0]}"
    yield from (f"k:{name} again" for name in often if names.count(name) > 1)
    for place, (start, name) in enumerate(met):
        yield f"k:{name}"
        for other_start, other in met[place + 1 : place + 1 + _MOST_NEAR]:
            if other_start - start > _NEAR:
                break
            if other != name:
                yield f"k:{name}+{other}" if name < other else f"k:{other}+{name}"
