"""A matter as somebody told it: the words, and the facts made of them, ready to be compared with another telling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from normalizer.shops import Shop
from normalizer.whereabouts import spots_of
from normalizer.words import words_of


@dataclass(frozen=True)
class Telling:
    """What is known of a matter. `told_at` is aware; `intent` is what the words were for, `channel` the code of
    what they came by, the rest as in a ticket."""

    text: str
    told_at: datetime
    shop_name: str | None = None
    guild_id: str | None = None
    province: str | None = None
    county: str | None = None
    category: str | None = None
    intent: str = "complaint"
    channel: str | None = None

    @cached_property
    def words(self) -> list[str]:
        """The folded words of its text."""
        return words_of(self.text)

    @cached_property
    def shop(self) -> Shop:
        """What it says of the shop."""
        return Shop.of(self.shop_name, self.words)

    @cached_property
    def spots(self) -> Mapping[str, frozenset[str]]:
        """The streets, passages and numbered places it names."""
        return spots_of([*self.words, *words_of(self.shop_name or "")])
