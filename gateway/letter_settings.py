"""The shape of the settings of letters: the words an office changes, and how many organisations are named."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import Field

from gateway.settings import Section, Words


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads(resources.files("gateway").joinpath("letter.toml").read_text(encoding="utf-8"))


def _words(name: str) -> Any:
    return Field(default_factory=lambda: Words(**_shipped()[name]))


def _lines(name: str) -> Any:
    return Field(default_factory=lambda: [Words(**each) for each in _shipped()[name]])


class Letter(Section):
    """The circular about how complaints were answered: who writes, to whom, and what it advises."""

    most_named: Annotated[int, Field(ge=1, le=32)] = 4
    least_named: Annotated[int, Field(ge=1, le=32)] = 5
    signed_by: str = ""
    to: Words = _words("to")
    subject: Words = _words("subject")
    head: list[Words] = _lines("head")
    recommendations: list[Words] = _lines("recommendations")
    signed_as: list[Words] = _lines("signed_as")
    copies: list[Words] = _lines("copies")
