"""Which of our other procedures a text is meant for that we do not take here: the citizen is told of its own form.

The words that lead there are the procedure's data, and where each form stands is for the rules to say. Nothing is filed
by it: what must come whole is filed on the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from normalizer.text import fold
from ticketing.procedure import Procedure


def leads_to(procedures: Iterable[Procedure], key: str) -> Procedure | None:
    """The first procedure one of whose words begins somewhere in the folded text `key`; None where none does."""
    text = f" {key}"
    return next((each for each in procedures if any(f" {_folded(word)}" in text for word in each.filing.words)), None)


@lru_cache(maxsize=256)
def _folded(word: str) -> str:
    return fold(word)
