"""When reports arrive: day by day, by day of the week and by hour, on Tehran's clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from gateway.web.desk import dashboard_links as to
from gateway.web.desk.dashboard_links import Links
from gateway.web.desk.dashboard_measures import Measured
from gateway.web.desk.dashboard_series import daily_arrivals, filled, parts_of
from gateway.web.desk.dashboard_words import Words
from gateway.web.desk.spreadsheet import Cell, Column, Table
from ticketing.measuring import Span
from ticketing.measuring_period import midnight

Where = Mapping[str, str]
_HOURS_A_ROW: Final = 2
_DAY_H: Final = 24
_WEEK: Final = 7
_FIRST_SATURDAY: Final = 2
"""Of the days that count from 1970: the third of January."""
_ONE: Final = timedelta(days=1)


class Arrivals:
    """Makes the tables of one page."""

    def __init__(self, measured: Measured, words: Words, links: Links) -> None:
        self._measured, self._words, self._links = measured, words, links
        self._opened = to.opened(measured.period.span)
        self._hours: Sequence[tuple[int, int, int]] | None = measured.results["hours"]

    def by_day(self) -> Table:
        """Received and closed, each day or week of the period that has come."""
        columns = self._columns("day", "received", "closed")
        ended = self._measured.series("closed_by_day")
        if self._hours is None or ended is None:
            return self._failed("by_day", columns)
        parts = parts_of(self._measured)
        received = filled(self._measured, daily_arrivals(self._hours))
        closed = filled(self._measured, ended.get(None, {}))
        rows = tuple(self._day(*each) for each in zip(parts, received, closed, strict=True))
        return Table("by_day", self._words.say("panel.by_day"), columns, rows)

    def by_weekday(self) -> Table:
        """Arrivals from Saturday to Friday."""
        rows = [(self._words.say(f"weekday.{day}"), {"weekday": str(day)}) for day in range(_WEEK)]
        return self._shares("by_weekday", "weekday", rows, lambda day, _: (day - _FIRST_SATURDAY) % _WEEK)

    def by_hour(self) -> Table:
        """Arrivals through the day, two hours a row."""
        rows = []
        for first in range(0, _DAY_H, _HOURS_A_ROW):
            until = first + _HOURS_A_ROW
            title = self._words.say("hours", first=self._words.count(first), last=self._words.count(until))
            rows.append((title, {"hours": f"{first}-{until - 1}"}))
        return self._shares("by_hour", "hours", rows, lambda _, hour: hour // _HOURS_A_ROW)

    def _day(self, days: tuple[date, date], received: int, closed: int) -> tuple[Cell, ...]:
        span = Span(midnight(days[0]), midnight(days[1] + _ONE))
        shown = self._words.table_day(days[0])
        if days[0] != days[1]:
            shown = self._words.say("days_of_table", first=shown, last=self._words.table_day(days[1]))
        return Cell(shown), self._number(received, to.opened(span)), self._number(closed, to.closed(span))

    def _shares(
        self, code: str, column: str, rows: Sequence[tuple[str, Where]], place_of: Callable[[int, int], int]
    ) -> Table:
        """A table of arrivals, each row with its part of them all; `place_of` gives the row of a day and hour."""
        columns = self._columns(column, "received", "share")
        if self._hours is None:
            return self._failed(code, columns)
        counts: Counter[int] = Counter()
        for day, hour, count in self._hours:
            counts[place_of(day, hour)] += count
        shown = tuple(self._share(counts, place, *row) for place, row in enumerate(rows))
        return Table(code, self._words.say(f"panel.{code}"), columns, shown, self._words.few_of(counts.total()))

    def _share(self, counts: Counter[int], place: int, title: str, where: Where) -> tuple[Cell, ...]:
        count, everything = counts[place], counts.total()
        part = count / everything if everything else 0.0
        bar = round(count * 100 / max(counts.values())) if everything else 0
        number = self._number(count, self._opened, where)
        return Cell(title), number, Cell(self._words.share(part), part, "share", href=number.href, bar=bar)

    def _number(self, count: int, *where: Mapping[str, str]) -> Cell:
        return Cell(self._words.count(count), count, "count", href=self._links.queue(*where) if count else "")

    def _columns(self, *codes: str) -> tuple[Column, ...]:
        return tuple(Column(self._words.say(f"column.{code}"), is_number=place > 0) for place, code in enumerate(codes))

    def _failed(self, code: str, columns: tuple[Column, ...]) -> Table:
        return Table(code, self._words.say(f"panel.{code}"), columns, (), failed=self._words.say("failed"))
