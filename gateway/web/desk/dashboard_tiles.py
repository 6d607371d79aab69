"""The eight figures at the top: each now, before, what changed in words, and of how many it was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway.web.desk import dashboard_links as to
from gateway.web.desk.dashboard_links import Links
from gateway.web.desk.dashboard_measures import Measured
from gateway.web.desk.dashboard_series import daily_arrivals, filled
from gateway.web.desk.dashboard_words import FEW, Words
from gateway.web.desk.spreadsheet import Cell, Column, Table
from ticketing.figures import Median
from ticketing.measuring import Span

NOTHING = Cell("")


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure. `now`, `before` and `sample` lead to what was counted; `failed` says in words that it was not."""

    code: str
    title: str
    now: Cell = NOTHING
    before: Cell = NOTHING
    change: str = ""
    sample: Cell = NOTHING
    failed: str = ""


class Tiles:
    """Makes the tiles of one page."""

    def __init__(self, measured: Measured, words: Words, links: Links) -> None:
        self._measured, self._words, self._links = measured, words, links
        self._span, self._before = measured.period.span, measured.before

    def make(self) -> list[Tile]:
        """All of them, in the page's order. One whose figure is missing says so."""
        makers: Sequence[tuple[str, Callable[[str], Tile | None]]] = (
            ("received", lambda code: self._counted(code, to.opened)),
            ("closed", lambda code: self._counted(code, to.closed)),
            ("on_time", self._on_time),
            ("days", self._days),
            ("satisfaction", self._satisfaction),
            ("open", self._open),
            ("overdue", self._overdue),
            ("reopened", lambda code: self._counted(code, lambda span: to.happened("reopened", span))),
        )
        return [make(code) or Tile(code, self._title(code), failed=self._words.say("failed")) for code, make in makers]

    def _title(self, code: str) -> str:
        return self._words.say(f"tile.{code}")

    def _count(self, number: int, *where: Mapping[str, str], series: tuple[int, ...] = ()) -> Cell:
        href = self._links.queue(*where) if number else ""
        return Cell(self._words.count(number), number, "count", href=href, series=series)

    def _counted(self, code: str, where: Callable[[Span], dict[str, str]]) -> Tile | None:
        tally, past = self._measured.tally(code), self._measured.tally(f"{code}_before")
        if tally is None:
            return None
        number = (tally.total() or [0])[0]
        now = self._count(number, where(self._span), series=self._series(code))
        if past is None:
            return Tile(code, self._title(code), now, change=self._words.say("no_before"))
        earlier = (past.total() or [0])[0]
        change = self._words.change_of_count(number, earlier)
        return Tile(code, self._title(code), now, self._count(earlier, where(self._before)), change)

    def _series(self, code: str) -> tuple[int, ...]:
        if code == "received" and self._measured.results["hours"] is not None:
            return filled(self._measured, daily_arrivals(self._measured.results["hours"]))
        by_day = self._measured.series("closed_by_day")
        return filled(self._measured, by_day.get(None, {})) if code == "closed" and by_day is not None else ()

    def _on_time(self, code: str) -> Tile | None:
        tally, past = self._measured.tally("punctual"), self._measured.tally("punctual_before")
        if tally is None:
            return None
        of, late = tally.total() or [0, 0]
        earlier_of, earlier_late = (past.total() if past else []) or [0, 0]
        now = self._share(of, late, self._span)
        before = self._share(earlier_of, earlier_late, self._before) if earlier_of else NOTHING
        sentence = self._words.say("late_of", late=self._words.count(late), of=self._words.count(of))
        sample = Cell(sentence, href=self._links.queue(to.closed_themselves(self._span))) if of else NOTHING
        change = self._change(now, before, self._words.change_of_share)
        return Tile(code, self._title(code), now, before, change, sample)

    def _share(self, of: int, late: int, span: Span) -> Cell:
        if not of:
            return Cell(self._words.say("none"))
        part = (of - late) / of
        href = self._links.queue(to.behind_share(span, late))
        return Cell(self._words.share(part), part, "share", mark=self._few(of), href=href)

    def _days(self, code: str) -> Tile | None:
        medians, past = self._measured.days("days"), self._measured.days("days_before")
        if medians is None:
            return None
        own, earlier = medians.get(None), (past or {}).get(None)
        now = self._median(own, self._span) if own else Cell(self._words.say("none"))
        before = self._median(earlier, self._before) if earlier else NOTHING
        sample = NOTHING
        if own:
            sample = Cell(self._words.say("of_closed", of=self._words.count(own.of)), href=now.href)
        change = self._change(now, before, lambda one, other: self._words.change_of_decimal(one, other, "days"))
        return Tile(code, self._title(code), now, before, change, sample)

    def _median(self, found: Median, span: Span) -> Cell:
        text = self._words.say("days", number=self._words.decimal(found.days))
        href = self._links.queue(to.closed_themselves(span))
        return Cell(text, found.days, "decimal", self._few(found.of), href)

    def _satisfaction(self, code: str) -> Tile | None:
        tally, past = self._measured.tally("rated"), self._measured.tally("rated_before")
        if tally is None:
            return None
        count, total = tally.total() or [0, 0]
        earlier_count, earlier_total = (past.total() if past else []) or [0, 0]
        now = self._mean(count, total, self._span)
        before = self._mean(earlier_count, earlier_total, self._before) if earlier_count else NOTHING
        said = self._words.say("of_responses", of=self._words.count(count))
        sample = Cell(said, href=self._links.queue(to.happened("rated", self._span))) if count else NOTHING
        change = self._change(now, before, lambda one, other: self._words.change_of_decimal(one, other, "stars"))
        return Tile(code, self._title(code), now, before, change, sample)

    def _mean(self, count: int, total: int, span: Span) -> Cell:
        if not count:
            return Cell(self._words.say("none"))
        text = self._words.say("rating", number=self._words.decimal(total / count))
        return Cell(text, total / count, "decimal", self._few(count), self._links.queue(to.happened("rated", span)))

    def _open(self, code: str) -> Tile | None:
        tally, past = self._measured.tally("waiting"), self._measured.tally("waiting_before")
        if tally is None:
            return None
        number = (tally.total() or [0])[0]
        now = self._count(number, to.OPEN)
        if past is None:
            return Tile(code, self._title(code), now, change=self._words.say("no_before"))
        earlier = (past.total() or [0])[0]
        then = self._words.say("open_then", number=self._words.count(earlier))
        sample = Cell(then, href=self._links.queue(to.open_at(self._span)) if earlier else "")
        return Tile(code, self._title(code), now, change=self._words.change_of_count(number, earlier), sample=sample)

    def _overdue(self, code: str) -> Tile | None:
        tally = self._measured.tally("waiting")
        if tally is None:
            return None
        _, late, lately = tally.total() or [0, 0, 0]
        now = self._count(late, to.OVERDUE)
        said = self._words.say("overdue_since", number=self._words.count(lately)) if late else ""
        sample = Cell(said, href=self._links.queue(to.overdue_since(self._span)) if lately else "")
        return Tile(code, self._title(code), now, sample=sample)

    def _change(self, now: Cell, before: Cell, say: Callable[[float, float], str]) -> str:
        if now.value is None or before.value is None:
            return self._words.say("no_before")
        return say(now.value, before.value)

    def _few(self, of: int) -> str:
        return self._words.say("few") if of < FEW else ""


def table_of(tiles: Sequence[Tile], words: Words) -> Table:
    """The tiles as a table, for files."""
    titles = ("figure", "now", "before", "change", "sample")
    rows = tuple(
        (Cell(tile.title), Cell(tile.failed) if tile.failed else tile.now, tile.before, Cell(tile.change), tile.sample)
        for tile in tiles
    )
    return Table(
        "figures", words.say("panel.figures"), tuple(Column(words.say(f"column.{each}")) for each in titles), rows
    )
