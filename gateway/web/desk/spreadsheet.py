"""Tables as people see them, and as files for a spreadsheet: CSV and XLSX, safe to open.

A cell keeps the words on the page and the value behind them. What anybody could have written, `=cmd…` too, stays text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import xlsxwriter

Kind = Literal["text", "count", "share", "decimal"]
CSV_TYPE: Final = "text/csv"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_FORMATS: Final[dict[Kind, str]] = {"count": "#,##0", "share": "0%", "decimal": "0.0"}
_LONGEST_SHEET_NAME: Final = 31
_NARROWEST, _WIDEST = 10, 46


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `text` is what the page shows; `value` the number behind it, where there is one.

    `mark` is shown beside it (a small sample); `href` is where the number leads; `bar` is a length of 0 … 100.
    """

    text: str
    value: float | None = None
    kind: Kind = "text"
    mark: str = ""
    href: str = ""
    bar: int | None = None
    series: tuple[int, ...] = ()
    is_code: bool = False

    @property
    def shown(self) -> str:
        """The text with its mark."""
        return f"{self.text} ({self.mark})" if self.mark else self.text

    @property
    def points(self) -> str:
        """The series as points of a line, 100 wide and 20 high, its highest number at the top."""
        most, steps = max(self.series, default=0) or 1, max(len(self.series) - 1, 1)
        heights = self.series if len(self.series) > 1 else self.series * 2
        return " ".join(f"{x * 100 / steps:.4g},{19 - y * 18 / most:.3g}" for x, y in enumerate(heights))


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title; one that only draws (`is_drawing`) is on the page and in no file."""

    title: str
    is_number: bool = False
    is_drawing: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; `note` explains it, and `failed` says in words that it could not be made."""

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    failed: str = ""

    def written(self) -> tuple[list[str], list[list[Cell]]]:
        """Titles and rows as files hold them: without drawings."""
        kept = [place for place, column in enumerate(self.columns) if not column.is_drawing]
        return [self.columns[place].title for place in kept], [[row[place] for place in kept] for row in self.rows]


def harmless(text: str) -> str:
    """The text, kept from being taken for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def to_csv(about: Sequence[tuple[str, str]], tables: Iterable[Table]) -> bytes:
    """Every table under its title, after the lines of what it is `about`; UTF-8 with the mark Excel looks for."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerows([harmless(name), harmless(said)] for name, said in about)
    for table in tables:
        titles, rows = table.written()
        writer.writerows([[], [harmless(table.title)]])
        if table.failed:
            writer.writerow([harmless(table.failed)])
            continue
        if table.note:
            writer.writerow([harmless(table.note)])
        writer.writerow([harmless(title) for title in titles])
        writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def to_xlsx(title: str, about: Sequence[tuple[str, str]], tables: Iterable[Table], *, is_rtl: bool) -> bytes:
    """A sheet for every table, after one that says what it is `about`; `title` names that one."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    first = _add_sheet(book, title, is_rtl=is_rtl)
    for place, (name, said) in enumerate(about):
        first.write_string(place, 0, name, bold)
        first.write_string(place, 1, said)
    first.set_column(0, 1, _WIDEST)
    formats: dict[tuple[Kind, str], Any] = {}
    for table in tables:
        _write_table(book, _add_sheet(book, table.title, is_rtl=is_rtl), table, bold, formats)
    book.close()
    return written.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell.value is None:
        return harmless(cell.shown)
    number = {"share": f"{cell.value:.0%}", "decimal": f"{cell.value:.1f}"}.get(cell.kind, f"{cell.value:.0f}")
    return f"{number} ({cell.mark})" if cell.mark else number


def _add_sheet(book: Any, title: str, *, is_rtl: bool) -> Any:
    sheet = book.add_worksheet(title[:_LONGEST_SHEET_NAME])
    if is_rtl:
        sheet.right_to_left()
    return sheet


def _write_table(book: Any, sheet: Any, table: Table, bold: Any, formats: dict[tuple[Kind, str], Any]) -> None:
    titles, rows = table.written()
    if table.failed:
        sheet.write_string(0, 0, table.failed)
        return
    for place, title in enumerate(titles):
        sheet.write_string(0, place, title, bold)
        longest = max([len(title), *(len(row[place].shown) for row in rows)])
        sheet.set_column(place, place, min(max(longest + 2, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    for down, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if cell.value is None:
                sheet.write_string(down, place, cell.shown)
            else:
                sheet.write_number(down, place, cell.value, _format(book, cell, formats))
    if table.note:
        sheet.write_string(len(rows) + 2, 0, table.note)


def _format(book: Any, cell: Cell, formats: dict[tuple[Kind, str], Any]) -> Any:
    known = (cell.kind, cell.mark)
    if known not in formats:
        mark = f' "({cell.mark})"' if cell.mark else ""
        formats[known] = book.add_format({"num_format": _FORMATS.get(cell.kind, "General") + mark})
    return formats[known]
