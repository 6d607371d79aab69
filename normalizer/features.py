"""What a classifier is told of a message: its words and their beginnings, the lexicon's marks, and which families of
words stand together. Counts nothing twice; knows no labels.

Sums and other numbers are left out: whatever the grievance is, people say what they paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
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


def features_of(reading: Reading) -> list[str]:
    """The features of a message, each a short text, each once; the same message always has the same, in one order.

    The order is that of the text, never a set's: weights added up in another order make another sum.
    """
    words = reading.words[:_MOST_WORDS]
    sums = {place for mark in reading.of("money") for place in range(mark.start, mark.end)}
    telling = [word for place, word in enumerate(words) if place not in sums and not "0" <= word[0] <= "9"]
    found = dict.fromkeys(chain.from_iterable(map(_of_word, telling)))
    found |= dict.fromkeys(f"m:{mark.value}:{mark.weight:.0f}" for mark in reading.of("category"))
    found |= dict.fromkeys(f"m:{kind}.{mark.value}:{mark.weight:.0f}" for kind in _SAYING for mark in reading.of(kind))
    found |= dict.fromkeys(_of_concepts(reading))
    return list(found)


@lru_cache(maxsize=20_000)
def _of_word(word: str) -> tuple[str, ...]:
    """The word, what is left of it without vowels, and its beginnings: endings and spellings are many."""
    bones = skeleton(word)
    spelled = (f"~{bones[:length]}" for length in _BONES if len(bones) >= length)
    return (word, *spelled, *(f"{word[:length]}*" for length in _STEMS if len(word) > length))


def _of_concepts(reading: Reading) -> Iterator[str]:
    """Families met, and pairs of them within a few words of each other."""
    met = sorted({(mark.start, mark.value) for mark in reading.of("concept") if mark.end <= _MOST_WORDS})
    for place, (start, name) in enumerate(met):
        yield f"k:{name}"
        for other_start, other in met[place + 1 : place + 1 + _MOST_NEAR]:
            if other_start - start > _NEAR:
                break
            if other != name:
                yield f"k:{name}+{other}" if name < other else f"k:{other}+{name}"
