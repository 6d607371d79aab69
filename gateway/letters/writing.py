"""How a letter writes numbers, shares, days and lists of names, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from gateway.catalogue import Catalogue
from gateway.web.render import clock_of, figure_of, grouped_of, prose_date, table_date
from normalizer.day import tehran_day
from ticketing.measuring_period import end_of
from ticketing.organisations import ORGANISATIONS
from ticketing.title import titled

_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Writing:
    """Says the sentences of a letter; numbers go in as numbers."""

    language: str
    catalogue: Catalogue

    def say(self, code: str, **values: Any) -> str:
        """A sentence of the letter; whole numbers among its values are written in groups."""
        said = {name: self.count(value) if isinstance(value, int) else value for name, value in values.items()}
        return self.catalogue.say(self.language, f"letter.{code}", **said)

    def count(self, number: int) -> str:
        """A whole number."""
        return grouped_of(number, self.language)

    def decimal(self, number: float) -> str:
        """A number with one decimal, where it has one."""
        return figure_of(f"{number:.1f}".removesuffix(".0"), self.language)

    def day(self, day: date) -> str:
        """A day as tables and letters write it."""
        return table_date(day, self.language)

    def moment(self, at: datetime) -> str:
        """A moment in Tehran: its clock and its day, or the end of a day."""
        ended = tehran_day(at - _MOMENT)
        if at == end_of(ended):
            return self.say("end_of_day", day=prose_date(ended, self.language))
        return self.say("moment", clock=clock_of(at, self.language), day=prose_date(tehran_day(at), self.language))

    def organisation(self, code: str) -> str:
        """An organisation's name."""
        return titled(ORGANISATIONS[code], self.language)

    def listed(self, names: Sequence[str]) -> str:
        """Names in a sentence, the last after an "and"."""
        if len(names) < 2:
            return "".join(names)
        return self.say("and", those=self.catalogue.say(self.language, "letter.comma").join(names[:-1]), last=names[-1])


def percent_of(share: float) -> int:
    """A part of 1 in whole percent, a half upwards."""
    return int(share * 100 + 0.5)
