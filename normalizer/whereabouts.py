"""Streets, passages, booths and numbers two messages name: the same spot, or another one of the kind.

Owns the comparison of spots by their names; counties and provinces are for `place`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from normalizer.data import load_table
from normalizer.sounds import is_same_name
from normalizer.word_kinds import GOOD, INFLECTED, INSIDE, KINDS, LINK, OBJECT, SAY, SORT, VERB

_TABLE: Final = load_table("likeness.toml")["spots"]
_STREETS: Final[Mapping[str, str]] = {word: kind for kind, words in _TABLE["named"].items() for word in words}
_NUMBERED: Final[Mapping[str, str]] = {word: kind for kind, words in _TABLE["numbered"].items() for word in words}
NAMED_SPOTS: Final = frozenset(_STREETS)
_NO_NAMES: Final = frozenset((VERB, GOOD, SAY, SORT, INFLECTED, LINK, INSIDE, OBJECT))
_TITLES: Final = frozenset(_TABLE["titles"])


def spots_of(words: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Gives the names after each kind of spot («خیابان»: شریعتی) and the numbers after each numbered one."""
    plain = [word for word in words if word not in _TITLES]
    found: dict[str, set[str]] = {}
    for word, following in pairwise(plain):
        kind = _NUMBERED.get(word) if following.isdecimal() else _STREETS.get(word)
        if kind and following not in _STREETS and KINDS[following] not in _NO_NAMES:
            found.setdefault(kind, set()).add(following)
    return {kind: frozenset(names) for kind, names in found.items()}


def are_other_spots(earlier: Mapping[str, frozenset[str]], later: Mapping[str, frozenset[str]]) -> bool:
    """Says whether both name a kind of spot, and of one kind no name is the same."""
    return any(
        not any(is_same_name(*sorted((a, b))) for a in earlier[kind] for b in later[kind])
        for kind in earlier.keys() & later.keys()
    )
