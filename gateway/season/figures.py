"""The figures of the letters of 1399 as data (figures.toml): what the letters give, and what they leave to us."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class OfKind:
    """Complaints about one kind of body, and how many of them were answered."""

    registered: int
    answered: int


@dataclass(frozen=True, slots=True)
class OfOrganisation:
    """What happened in one organisation; what each number counts stands in the file."""

    registered: int
    handled: int
    elsewhere: int
    in_progress: int
    delayed: int
    before: int
    before_answered: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Kinds of bodies and organisations by their codes; `outcomes` are weights. All is of one `procedure`."""

    procedure: str
    kinds: Mapping[str, OfKind]
    outcomes: Mapping[str, int]
    organisations: Mapping[str, OfOrganisation]


@cache
def load_figures() -> Figures:
    """The figures of the file that comes with the program."""
    stored = tomllib.loads((files(__package__) / "figures.toml").read_text(encoding="utf-8"))
    return Figures(
        procedure=stored["procedure"],
        kinds={code: OfKind(**each) for code, each in stored["kinds"].items()},
        outcomes=stored["outcomes"],
        organisations={code: OfOrganisation(**each) for code, each in stored["organisations"].items()},
    )
