"""When reports arrive: day by day, by day of the week and by hour, on Tehran's clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from gateway.web.desk import dashboard_links as to
from gateway.web.desk.dashboard_links import Links
from gateway.web.desk.dashboard_measures import Measured
from gateway.web.desk.dashboard_series import EPOCH, daily_arrivals, filled, parts_of
from gateway.web.desk.dashboard_words import Words
from gateway.web.desk.spreadsheet import Cell, Column, Table
from ticketing.measuring import Span
from ticketing.measuring_period import midnight

_HOURS_A_ROW: Final = 2
_SATURDAY: Final = 5
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
        columns = self._columns("weekday", "received", "share")
        if self._hours is None:
            return self._failed("by_weekday", columns)
        days: Counter[int] = Counter()
        for day, _, count in self._hours:
            days[((EPOCH + timedelta(days=day)).weekday() - _SATURDAY) % 7] += count
        rows = [(self._words.say(f"weekday.{day}"), {"weekday": str(day)}, days[day]) for day in range(7)]
        return Table("by_weekday", self._words.say("panel.by_weekday"), columns, self._shares(rows))

    def by_hour(self) -> Table:
        """Arrivals through the day, two hours a row."""
        columns = self._columns("hours", "received", "share")
        if self._hours is None:
            return self._failed("by_hour", columns)
        hours: Counter[int] = Counter()
        for _, hour, count in self._hours:
            hours[hour // _HOURS_A_ROW] += count
        rows = []
        for first in range(0, 24, _HOURS_A_ROW):
            last = first + _HOURS_A_ROW
            title = self._words.say("hours", first=self._words.count(first), last=self._words.count(last))
            rows.append((title, {"hours": f"{first}-{last - 1}"}, hours[first // _HOURS_A_ROW]))
        return Table("by_hour", self._words.say("panel.by_hour"), columns, self._shares(rows))

    def _day(self, days: tuple[date, date], received: int, closed: int) -> tuple[Cell, ...]:
        span = Span(midnight(days[0]), midnight(days[1] + _ONE))
        shown = self._words.table_day(days[0])
        if days[0] != days[1]:
            shown = self._words.say("days_of_table", first=shown, last=self._words.table_day(days[1]))
        return Cell(shown), self._number(received, to.opened(span)), self._number(closed, to.closed(span))

    def _shares(self, rows: Sequence[tuple[str, Mapping[str, str], int]]) -> tuple[tuple[Cell, ...], ...]:
        everything = sum(count for _, _, count in rows)
        most = max(count for _, _, count in rows)
        found = []
        for title, where, count in rows:
            part = count / everything if everything else 0.0
            bar = round(count * 100 / most) if most else 0
            share = Cell(self._words.share(part), part, "share", bar=bar)
            found.append((Cell(title), self._number(count, self._opened, where), share))
        return tuple(found)

    def _number(self, count: int, *where: Mapping[str, str]) -> Cell:
        return Cell(self._words.count(count), count, "count", href=self._links.queue(*where) if count else "")

    def _columns(self, *codes: str) -> tuple[Column, ...]:
        return tuple(Column(self._words.say(f"column.{code}"), is_number=place > 0) for place, code in enumerate(codes))

    def _failed(self, code: str, columns: tuple[Column, ...]) -> Table:
        return Table(code, self._words.say(f"panel.{code}"), columns, (), failed=self._words.say("failed"))
