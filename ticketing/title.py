"""A name shown to people, in every language the gateway speaks."""

from __future__ import annotations

from typing_extensions import TypedDict


class Title(TypedDict):
    """Persian first, English complete."""

    fa: str
    en: str


def titled(title: Title, language: str) -> str:
    """The title in `language`; Persian unless it is English."""
    return title["en"] if language == "en" else title["fa"]
