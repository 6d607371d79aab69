"""A queue's filters: what the form offers to choose from, and what each that is set means, in words.

Every filter there is has words here (a test holds them against `ticketing.filters`), whoever wrote the address.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from channels.registry import CHANNELS
from gateway.catalogue import sort_key
from gateway.web.desk.titles import Titles
from gateway.web.render import TEHRAN, clock_of, digits_of, prose_date
from ticketing.filter_values import day_or_moment, hours, sides, truth
from ticketing.filters import ME, NOBODY
from ticketing.organisations import PROVINCE_CODES

_ISOLATED: Final = "\u2066{}\u2069"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the form: the filter's name, what leaving it empty means, and values with their titles."""

    name: str
    empty: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filters:
    """Speaks of filters in one language."""

    titles: Titles

    def choices(
        self, *, procedures: Collection[str], is_national: bool, statuses: Sequence[str], empty_status: str
    ) -> list[Choice]:
        """What the form offers, in the order shown; a status, and a procedure, only where there is one to choose."""
        own = {"procedure": procedures} if len(procedures) > 1 else {}
        steps = self.titles.steps(procedures)
        codes = {**own, "step": steps, "category": self.titles.rules.categories, "channel": CHANNELS}
        every = self._say("every")
        found = [Choice(name, every, self._options(name, tuple(each))) for name, each in codes.items()]
        if is_national:
            provinces = self._options("province", PROVINCE_CODES)
            found.append(Choice("province", every, sorted(provinces, key=lambda option: sort_key(option[1]))))
        if statuses:
            found.append(Choice("status", self._say(f"status.{empty_status}"), self._options("status", statuses)))
        return found

    def said(self, name: str, value: str) -> str:
        """What a filter that is no wrong one asks of a ticket: «نوع تخلف: گران‌فروشی»."""
        return WRITERS[name](self, name, value)

    def titled(self, name: str, value: str) -> str:
        """A filter by a code that has a title."""
        return self._say(f"said.{name}", value=self.titles.of(name, value))

    def either(self, name: str, value: str) -> str:
        """A filter that is yes or no."""
        return self._say(f"said.{name}.{'yes' if truth(value) else 'no'}")

    def coded(self, name: str, value: str) -> str:
        """A filter each of whose few values has a sentence of its own."""
        return self._say(f"said.{name}.{value}")

    def one(self, name: str, _value: str) -> str:
        """A filter by a thing whose code says nothing to people."""
        return self._say(f"said.{name}")

    def waits(self, name: str, value: str) -> str:
        """For whom it waits, if for anybody."""
        return self.coded(name, value) if value == NOBODY else self.titled(name, value)

    def assigned(self, name: str, value: str) -> str:
        """Who took it on."""
        if value in (ME, NOBODY):
            return self.coded(name, value)
        return self._say(f"said.{name}", value=_ISOLATED.format(value))

    def moment(self, name: str, value: str) -> str:
        """A bound in time."""
        return self._say(f"said.{name}", value=self._moment(value))

    def between(self, name: str, value: str) -> str:
        """Something that happened from one day to another."""
        first, last = sides(value)
        return self._say(f"said.{name}", first=self._moment(first), last=self._moment(last))

    def clock(self, name: str, value: str) -> str:
        """Hours of the day, to the end of the last."""
        first, last = hours(value)
        return self._say(f"said.{name}", first=self._number(first), last=self._number(last + 1))

    def _options(self, name: str, codes: Sequence[str]) -> list[tuple[str, str]]:
        return [(code, self.titles.of(name, code)) for code in codes]

    def _moment(self, value: str) -> str:
        at, language = day_or_moment(value), self.titles.language
        if not isinstance(at, datetime):
            return prose_date(at, language)
        day = at.astimezone(TEHRAN).date()
        return self._say("said.moment", day=prose_date(day, language), clock=clock_of(at, language))

    def _number(self, value: object) -> str:
        return digits_of(value, self.titles.language)

    def _say(self, code: str, **values: str) -> str:
        return self.titles.catalogue.say(self.titles.language, f"queue.{code}", **values)


Writer = Callable[[Filters, str, str], str]
WRITERS: Final[Mapping[str, Writer]] = {
    "waiting_for": Filters.waits,
    "assignee": Filters.assigned,
    **dict.fromkeys(("procedure", "step", "status", "route", "province", "organisation"), Filters.titled),
    **dict.fromkeys(("category", "channel", "outcome", "weekday"), Filters.titled),
    **dict.fromkeys(("overdue", "mine", "closed_late", "merged"), Filters.either),
    **dict.fromkeys(("opened_from", "opened_to", "closed_from", "closed_to"), Filters.moment),
    **dict.fromkeys(("due_from", "due_to", "open_at"), Filters.moment),
    **dict.fromkeys(("rated", "reopened", "surveyed", "answered", "low_rated"), Filters.between),
    "unknown": Filters.coded,
    "business": Filters.one,
    "hours": Filters.clock,
}
"""What words each filter: by what kind of value it has."""
