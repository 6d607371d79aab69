"""The tables under the figures: by organisation, channel and category, by outcome, by step, and the most overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from gateway.catalogue import sort_key
from gateway.web.desk import dashboard_links as to
from gateway.web.desk.dashboard_links import Links
from gateway.web.desk.dashboard_measures import Measured
from gateway.web.desk.dashboard_series import filled
from gateway.web.desk.dashboard_words import FEW, Words
from gateway.web.desk.spreadsheet import Cell, Column, Kind, Table
from normalizer.day import tehran_day
from ticketing.figures import Median
from ticketing.figures_waiting import Waiting

_DAY: Final = timedelta(days=1)
_DIMENSION_COLUMNS: Final = (
    *("received", "trend", "closed", "on_time"),
    *("days", "satisfaction", "responses", "response_rate", "open", "overdue"),
)
_DRAWN: Final = "trend"
_NUMBERS: Final = frozenset(("closed", "share", "before", "open", "waited", "overdue", "days_late"))


class Tables:
    """Makes the tables of one page."""

    def __init__(self, measured: Measured, words: Words, links: Links) -> None:
        self._measured, self._words, self._links = measured, words, links
        self._span = measured.period.span

    def by_dimension(self, name: str) -> Table:
        """One row for each value that something was counted for, the most received first."""
        code = f"by_{name}"
        titles = (
            self._words.say(f"column.{name}"),
            *(self._words.say(f"column.{each}") for each in _DIMENSION_COLUMNS),
        )
        columns = tuple(
            Column(title, is_number=place > 0, is_drawing=place == _DIMENSION_COLUMNS.index(_DRAWN) + 1)
            for place, title in enumerate(titles)
        )
        counted = self._counted_by(name)
        if all(counts is None for counts in counted.values()):
            return self._failed(code, columns)
        keys = {key for counts in counted.values() for key in counts or ()}
        most = max((counts[0] for counts in (counted["received"] or {}).values()), default=0)
        rows = [self._row(name, key, counted, most) for key in keys]
        rows.sort(key=lambda row: (-(row[1].value or 0), sort_key(row[0].text)))
        return Table(code, self._words.say(f"panel.{code}"), columns, tuple(map(tuple, rows)))

    def by_outcome(self) -> Table:
        """How the closed tickets ended, and how they did before."""
        columns = self._columns("outcome", "closed", "share", "before", "change")
        tally, past = self._measured.tally("closed"), self._measured.tally("closed_before")
        if tally is None:
            return self._failed("by_outcome", columns)
        now, before = tally.by("outcome"), past.by("outcome") if past else {}
        everything = sum(counts[0] for counts in now.values())
        keys = sorted(now.keys() | before.keys(), key=lambda key: -now.get(key, [0])[0])
        rows = tuple(self._outcome(key, now, before if past else None, everything) for key in keys)
        note = self._words.few_of(everything)
        return Table("by_outcome", self._words.say("panel.by_outcome"), columns, rows, note)

    def by_step(self) -> Table:
        """Where the open tickets wait."""
        columns = self._columns("step", "waits_for", "open", "waited", "overdue")
        found: list[Waiting] | None = self._measured.results["steps"]
        if found is None:
            return self._failed("by_step", columns)
        most = max((each.count for each in found), default=0)
        rows = tuple(self._step_row(each, most) for each in found)
        return Table("by_step", self._words.say("panel.by_step"), columns, rows, self._words.say("note.by_step"))

    def most_overdue(self) -> Table:
        """The tickets whose deadline passed longest ago."""
        columns = self._columns("ticket", "category", "organisation", "step", "waits_for", "due", "days_late")
        found = self._measured.results["most_overdue"]
        if found is None:
            return self._failed("most_overdue", columns)
        rows = tuple(self._late_row(line) for line in found)
        return Table("most_overdue", self._words.say("panel.most_overdue"), columns, rows)

    def _outcome(
        self, key: str, now: Mapping[str, list[int]], before: Mapping[str, list[int]] | None, everything: int
    ) -> tuple[Cell, ...]:
        count = now.get(key, [0])[0]
        number = self._number(count, {"outcome": key}, to.closed(self._span))
        part = count / everything if everything else 0.0
        share = Cell(self._words.share(part), part, "share", href=number.href, bar=round(part * 100))
        title = Cell(self._words.title("outcome", key))
        if before is None:
            return title, number, share, self._missing(), self._missing()
        earlier = before.get(key, [0])[0]
        past = self._number(earlier, {"outcome": key}, to.closed(self._measured.before))
        return title, number, share, past, Cell(self._words.change_of_count(count, earlier))

    def _counted_by(self, name: str) -> dict[str, Mapping[Any, list[int]] | None]:
        measures = ("received", "closed", "punctual", "rated", "surveyed", "waiting")
        tallies = {measure: self._measured.tally(measure) for measure in measures}
        return {measure: tally.by(name) if tally is not None else None for measure, tally in tallies.items()}

    def _row(self, name: str, key: Any, counted: Mapping[str, Mapping[Any, list[int]] | None], most: int) -> list[Cell]:
        own = to.valued(name, key)
        medians, by_day = self._measured.days(f"days_{name}"), self._measured.series(f"by_day_{name}")
        ended, rated = to.closed(self._span), to.happened("rated", self._span)
        median = (medians or {}).get(key)
        rated_href = self._links.queue(own, rated)
        days = self._days(median, self._links.queue(own, to.closed_themselves(self._span))) if median else Cell("")
        return [
            Cell(self._words.title(name, key)),
            self._count(counted["received"], key, 0, own, to.opened(self._span), most=most),
            Cell("", series=filled(self._measured, by_day.get(key, {})) if by_day is not None else ()),
            self._count(counted["closed"], key, 0, own, ended),
            self._on_time(counted["punctual"], key, own),
            days if medians is not None else self._missing(),
            self._mean(counted["rated"], key, rated_href),
            self._count(counted["rated"], key, 0, own, rated),
            self._response_rate(counted["surveyed"], key, self._links.queue(own, to.happened("surveyed", self._span))),
            self._count(counted["waiting"], key, 0, own, to.OPEN),
            self._count(counted["waiting"], key, 1, own, to.OVERDUE),
        ]

    def _count(
        self, counts: Mapping[Any, list[int]] | None, key: Any, place: int, *where: Mapping[str, str], most: int = 0
    ) -> Cell:
        if counts is None:
            return self._missing()
        return self._number(counts[key][place] if key in counts else 0, *where, most=most)

    def _number(self, count: int, *where: Mapping[str, str], most: int = 0) -> Cell:
        href = self._links.queue(*where) if count else ""
        bar = round(count * 100 / most) if most else None
        return Cell(self._words.count(count), count, "count", href=href, bar=bar)

    def _on_time(self, counts: Mapping[Any, list[int]] | None, key: Any, own: Mapping[str, str]) -> Cell:
        if counts is None:
            return self._missing()
        of, late = counts.get(key, [0, 0])
        if not of:
            return Cell("")
        part = (of - late) / of
        href = self._links.queue(own, to.behind_share(self._span, late))
        return self._few(self._words.share(part), part, "share", of, href)

    def _days(self, median: Median, href: str) -> Cell:
        return self._few(self._words.decimal(median.days), median.days, "decimal", median.of, href)

    def _mean(self, counts: Mapping[Any, list[int]] | None, key: Any, href: str) -> Cell:
        if counts is None:
            return self._missing()
        count, total = counts.get(key, [0, 0])
        if not count:
            return Cell("")
        return self._few(self._words.decimal(total / count), total / count, "decimal", count, href)

    def _response_rate(self, counts: Mapping[Any, list[int]] | None, key: Any, href: str) -> Cell:
        if counts is None:
            return self._missing()
        asked, answered, *_ = counts.get(key, [0, 0])
        part = answered / asked if asked else 0.0
        return self._few(self._words.share(part), part, "share", asked, href) if asked else Cell("")

    def _few(self, text: str, value: float, kind: Kind, of: int, href: str = "") -> Cell:
        return Cell(text, value, kind, mark=self._words.say("few") if of < FEW else "", href=href)

    def _step_row(self, each: Waiting, most: int) -> tuple[Cell, ...]:
        step = self._measured.scope.rules.procedures[each.procedure].step(each.step)
        own = {"step": step.code, **to.waiting(each.waiting_for)}
        return (
            Cell(self._words.step(each.procedure, each.step)),
            Cell(self._words.role(each.waiting_for)),
            self._number(each.count, own, most=most),
            self._few(self._words.decimal(each.days), each.days, "decimal", each.count, self._links.queue(own)),
            self._number(each.overdue, own, to.OVERDUE),
        )

    def _late_row(self, line: Mapping[str, Any]) -> tuple[Cell, ...]:
        late_days = (self._measured.scope.at - line["due_at"]) / _DAY
        href = self._links.ticket(line["tracking_code"])
        return (
            Cell(line["tracking_code"], href=href, is_code=True),
            Cell(self._words.title("category", line["category"])),
            Cell(self._words.title("organisation", line["organisation"])),
            Cell(self._words.step(line["procedure"], line["step_number"])),
            Cell(self._words.role(line["waiting_for"])),
            Cell(self._words.table_day(tehran_day(line["due_at"]))),
            Cell(self._words.decimal(late_days), late_days, "decimal", href=href),
        )

    def _columns(self, *codes: str) -> tuple[Column, ...]:
        return tuple(Column(self._words.say(f"column.{code}"), is_number=code in _NUMBERS) for code in codes)

    def _failed(self, code: str, columns: tuple[Column, ...]) -> Table:
        return Table(code, self._words.say(f"panel.{code}"), columns, (), failed=self._words.say("failed"))

    def _missing(self) -> Cell:
        return Cell(self._words.say("missing"))
