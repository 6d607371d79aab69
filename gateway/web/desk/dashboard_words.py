"""Numbers, changes and periods in the words of a page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from gateway.catalogue import Catalogue
from gateway.web.desk.titles import Titles
from gateway.web.render import TEHRAN, clock_of, figure_of, prose_date, table_date
from ticketing.measuring import Span
from ticketing.rules import Rules

FEW: Final = 20
"""A share, mean or median of fewer says little, and is marked."""
_LEFT_TO_RIGHT: Final = "\u200e"
_WITHOUT: Final = {"organisation": "no_place", "category": "no_category"}
"""What tickets are called that have no value of a dimension."""


@dataclass(frozen=True, slots=True)
class Words:
    """Says things in one language."""

    language: str
    catalogue: Catalogue
    rules: Rules

    def say(self, code: str, **values: Any) -> str:
        """A sentence of the dashboard; numbers among the values are to be written already."""
        return self.catalogue.say(self.language, f"dashboard.{code}", **values)

    def written(self, ascii_number: str) -> str:
        """A number as the language writes it."""
        return figure_of(ascii_number, self.language)

    def count(self, number: float) -> str:
        """A whole number, in groups of three."""
        return self.written(f"{number:,.0f}")

    def share(self, part: float) -> str:
        """A part of 1 in whole percent."""
        return self.written(f"{part:.0%}")

    def decimal(self, number: float) -> str:
        """A number with one decimal."""
        return self.written(f"{number:,.1f}")

    def few_of(self, of: int) -> str:
        """What to know of shares of a small sample; nothing where it is none."""
        return self.say("few_of", of=self.count(of)) if 0 < of < FEW else ""

    def change_of_count(self, now: float, before: float) -> str:
        """How a count changed, in words and with its sign; by how much of it, where it was no small sample."""
        if now == before:
            return self.say("same")
        signed = (
            self._signed(f"{(now - before) / before:+.0%}") if before >= FEW else self._signed(f"{now - before:+,.0f}")
        )
        return self._more_or_less(now - before, self.count(abs(now - before)), signed)

    def change_of_share(self, now: float, before: float) -> str:
        """How a share changed, in points of percent."""
        points = round(now * 100) - round(before * 100)
        if points == 0:
            return self.say("same")
        amount = self.say("points", number=self.count(abs(points)))
        return self._more_or_less(points, amount, self._signed(f"{points:+d}"))

    def change_of_decimal(self, now: float, before: float, unit: str) -> str:
        """How a number with one decimal changed; `unit` is the code of a sentence with {number}."""
        change = round(now, 1) - round(before, 1)
        if abs(change) < 0.05:
            return self.say("same")
        amount = self.say(unit, number=self.decimal(abs(change)))
        return self._more_or_less(change, amount, self._signed(f"{change:+.1f}"))

    def clock(self, at: datetime) -> str:
        """The time of day in Tehran."""
        return clock_of(at, self.language)

    def day(self, day: date) -> str:
        """A day in a sentence."""
        return prose_date(day, self.language)

    def table_day(self, day: date) -> str:
        """A day in a table."""
        return table_date(day, self.language)

    def span(self, span: Span) -> str:
        """From which day to which, and to what time of the last, where it does not end with it."""
        first, until = span.since.astimezone(TEHRAN).date(), span.until.astimezone(TEHRAN)
        is_whole = until.time() == time.min
        last = (until - timedelta(days=1)).date() if is_whole else until.date()
        until_clock = {} if is_whole else {"clock": self.clock(span.until)}
        if first == last:
            return self.say("one_day_cut" if until_clock else "one_day", first=self.day(first), **until_clock)
        code = "days_cut" if until_clock else "days_whole"
        return self.say(code, first=self.day(first), last=self.day(last), **until_clock)

    def title(self, name: str, code: str | None) -> str:
        """The title of a value of a dimension, or of an outcome."""
        if not code:
            return self.say(_WITHOUT[name])
        return self._titles.of(name, code)

    def procedure(self, code: str) -> str:
        """A procedure's title."""
        return self._titles.procedure(code)

    def step(self, procedure: str, number: int) -> str:
        """A step's number and title."""
        return f"{self.count(number)}. {self._titles.step(procedure, number)}"

    def role(self, code: str | None) -> str:
        """For whom a ticket waits."""
        return self.catalogue.say(self.language, f"role.{code}") if code else self.say("nobody")

    @property
    def _titles(self) -> Titles:
        return Titles(self.language, self.catalogue, self.rules)

    def _signed(self, ascii_number: str) -> str:
        """A number with its sign before it, whichever way the line runs."""
        return f"{_LEFT_TO_RIGHT}{self.written(ascii_number)}{_LEFT_TO_RIGHT}"

    def _more_or_less(self, change: float, amount: str, signed: str) -> str:
        return self.say("more" if change > 0 else "less", amount=amount, signed=signed)
