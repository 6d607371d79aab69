"""The shape of the settings of letters, and of what is published: an office's own words, and bounds."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import Field

from gateway.settings import Section, Words
from ticketing.publishing import Publishing


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


class Statistics(Section):
    """What is published of all procedures: from which count on, and how long after a season."""

    smallest: Annotated[int, Field(ge=2, le=100)] = 5
    after_days: Annotated[int, Field(ge=0, le=366)] = 30

    def publishing(self) -> Publishing:
        """As ticketing takes it."""
        return Publishing(self.smallest, timedelta(days=self.after_days))
