"""The tables of a letter: the organisations with complaints, and the kinds of bodies; as words and as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.catalogue import sort_key
from gateway.letters.writing import Writing, percent_of
from gateway.web.desk.spreadsheet import Cell
from ticketing.body_register import Kind
from ticketing.performance import Performance, Review
from ticketing.title import titled

_MEASURES: Final = (
    "registered",
    "answered",
    "in_progress",
    "delayed",
    "answered_share",
    "on_time_share",
    "median_days",
)
_IN_FILES: Final = ("ninetieth_days", "satisfaction", "ratings")
"""Measured as well, and too much for a sheet of paper."""


@dataclass(frozen=True, slots=True)
class LetterTables:
    """Makes the tables of one review in one language; of `only` one organisation's row, where one is named."""

    review: Review
    writing: Writing
    only: str = ""

    def organisations(self) -> dict[str, Any]:
        """Those with complaints in the order of a dictionary, and all together."""
        ranks, trends = self.review.ranks(), self.review.trends()
        found = [(code, each) for code, each in self.review.of_organisations().items() if each.registered]
        found.sort(key=lambda named: sort_key(self.writing.organisation(named[0])))
        rows = [
            [
                self._number(number),
                Cell(self.writing.organisation(code)),
                *self._measures(each),
                self._trend(trends.get(code)),
                self._number(ranks[code]),
                self._unhandled(each),
            ]
            for number, (code, each) in enumerate(found, start=1)
            if self.only in ("", code)
        ]
        columns = ("row", "organisation", "trend", "rank", "unhandled")
        if self.only or not rows:
            return self._table("organisations", columns, rows)
        nothing = Cell("")
        total = [
            nothing,
            Cell(self.writing.say("all")),
            *self._measures(self.review.total()),
            nothing,
            nothing,
            nothing,
        ]
        return self._table("organisations", columns, [*rows, total])

    def kinds(self, kinds: Mapping[str, Kind]) -> dict[str, Any]:
        """The kinds of bodies with complaints, in the register's order."""
        found = self.review.of_kinds()
        rows = [
            [Cell(titled(kinds[code].title, self.writing.language)), *self._measures(found[code])]
            for code in kinds
            if code in found
        ]
        return self._table("kinds", ("kind",), rows)

    def _table(self, code: str, around: Sequence[str], rows: Sequence[Sequence[Cell]]) -> dict[str, Any]:
        before, after = ([each for each in around if (each in _BEFORE) == is_before] for is_before in (True, False))
        names = [*before, *_MEASURES, *_IN_FILES, *after]
        return {
            "code": code,
            "title": self.writing.say(f"table.{code}"),
            "columns": [
                {"code": name, "title": self.writing.say(f"column.{name}"), "in_files_only": name in _IN_FILES}
                for name in names
            ],
            "rows": [[_told(cell) for cell in row] for row in rows],
        }

    def _measures(self, each: Performance) -> list[Cell]:
        counts = [self._number(getattr(each, name)) for name in _MEASURES[:4]]
        shares = [self._share(each.answered_share), self._share(each.on_time_share)]
        return [
            *counts,
            *shares,
            self._decimal(each.median_days),
            self._decimal(each.ninetieth_days),
            self._decimal(each.satisfaction),
            self._number(each.ratings),
        ]

    def _number(self, number: int) -> Cell:
        return Cell(self.writing.count(number), number, "count")

    def _share(self, share: float | None) -> Cell:
        if share is None:
            return self._none()
        return Cell(self.writing.say("percent", number=percent_of(share)), share, "share")

    def _decimal(self, number: float | None) -> Cell:
        return self._none() if number is None else Cell(self.writing.decimal(number), number, "decimal")

    def _trend(self, change: float | None) -> Cell:
        if change is None:
            return self._none()
        points = percent_of(abs(change))
        code = "same" if points == 0 else ("more" if change > 0 else "less")
        return Cell(self.writing.say(f"trend.{code}", number=points))

    def _unhandled(self, each: Performance) -> Cell:
        """As the letters mark it: nothing handled at all, something not handled, or nothing left to handle."""
        if not each.unanswered:
            return self._none()
        return Cell(self.writing.say("unhandled" if each.answered else "unhandled.all"))

    def _none(self) -> Cell:
        return Cell(self.writing.say("nothing"))


_BEFORE: Final = frozenset({"row", "organisation", "kind"})
"""Columns that stand before the measures."""


def _told(cell: Cell) -> dict[str, Any]:
    return {"text": cell.text} if cell.value is None else {"text": cell.text, "value": cell.value, "kind": cell.kind}
