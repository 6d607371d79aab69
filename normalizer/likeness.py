"""How alike two matters of one person are: a score from 0 to 1, and every sign it is made of.

Owns the weighing; the signs are `likeness_signs`', their weights are data (likeness.toml). Who the person is, and what
follows from a score, is for others to say: two citizens with the same words are two matters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from normalizer.data import load_table
from normalizer.likeness_signs import signs_of
from normalizer.shared_story import Shared, shared_by
from normalizer.told import Telling

_WEIGHTS: Final[Mapping[str, float]] = load_table("likeness.toml")["weights"]
_CLOSE_SIGNS: Final = 2
_UNLIKELY: Final = 0.3
_OUTRIGHT: Final = -2.0
_ANOTHER: Final = "other_shop"
_OF_ANOTHER: Final = frozenset(
    (
        *("other_shop", "other_trade", "other_spot", "behind_differs", "name_differs", "denied", "introduces"),
        *("another_shop", "also_there", "beside_it", "new_event", "other_place", "begins_anew", "another_of_it"),
        *("other_kind", "other_branch"),
    )
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` is how sure it is that it is one matter; `reasons` are the signs with what each adds, weightiest first.

    `is_close` says that the texts share more than shop and place: what a stranger who knows both would not say.
    """

    score: float
    reasons: tuple[tuple[str, float], ...]
    is_close: bool

    @property
    def names_another(self) -> bool:
        """True where another shop is named: however like the words are, nobody may take the two for one unasked."""
        return any(sign == _ANOTHER for sign, _ in self.reasons)

    @property
    def speaks_of_another(self) -> bool:
        """True where anything at all is said of another shop or event."""
        return any(sign in _OF_ANOTHER for sign, _ in self.reasons)

    @property
    def contradicts(self) -> bool:
        """True where something says outright that it is another matter, and nothing outweighs it."""
        return self.score < _UNLIKELY and any(weight <= _OUTRIGHT for _, weight in self.reasons)


def likeness(earlier: Telling, later: Telling) -> Likeness:
    """How alike a later telling of a person is to an earlier one; nothing said is like nothing. Never raises."""
    if not later.words:
        return Likeness(0.0, (), is_close=False)
    shared = shared_by(earlier, later)
    signs = signs_of(earlier, later, shared)
    reasons = [(sign, round(_WEIGHTS[sign] * degree, 2)) for sign, degree in signs.items() if degree]
    score = 1 / (1 + math.exp(-_WEIGHTS["start"] - sum(weight for _, weight in reasons)))
    return Likeness(
        round(score, 3),
        tuple(sorted(reasons, key=lambda reason: -abs(reason[1]))),
        _is_close(shared, signs),
    )


def _is_close(shared: Shared, signs: Mapping[str, float]) -> bool:
    """Says whether two things of the story are told again, one of them not what the trade tells anyway."""
    known = shared.untold + bool(shared.numbers) + signs["told_so"]
    told = max(signs["told_before"], signs["refers_back"]) + signs["same_category"]
    return shared.is_near or (known > 0 and known + told >= _CLOSE_SIGNS)
