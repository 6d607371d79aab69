"""One fact of a message: what was read, where it stands, how surely, and by which rule.

Owns the rules' names and what each is worth (data/rules.toml). It finds nothing itself.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from normalizer.data import load_table

Whose = Literal["own", "shop", "other"]
CONFIDENCE: Final[dict[str, dict[str, float]]] = load_table("rules.toml")


class Fact(NamedTuple):
    """A `value` read at `start`..`end` of the complaint's text.

    `kind` and `rule` are short codes, both of data/rules.toml; `confidence` is in [0, 1]. `value` has the form of the
    complaint's field of that kind: ASCII digits, E.164, rial, ISO days. `whose` is said of phones and mail
    addresses only, where the text says it.
    """

    kind: str
    value: str
    start: int
    end: int
    confidence: float
    rule: str
    whose: Whose | None = None


def fact(kind: str, value: str, span: tuple[int, int], rule: str, *, whose: Whose | None = None) -> Fact:
    """Makes a fact as sure as its rule is. KeyError for a rule the data does not know."""
    return Fact(kind, value, span[0], span[1], CONFIDENCE[kind][rule], rule, whose)
