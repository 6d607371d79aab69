"""A letter as a workbook: its words on the first sheet, its tables on sheets of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.web.desk.spreadsheet import Cell, Column, Table, to_xlsx


def to_workbook(document: Mapping[str, Any], language: str) -> bytes:
    """The workbook in `language`."""
    words = document["words"][language]
    tables = [as_table(each) for each in words["tables"]]
    return to_xlsx(words["marks"][0]["label"], list(_lines(words)), tables, is_rtl=language == "fa")


def _lines(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "", words["invocation"]
    yield from (("", line) for line in words["head"])
    yield from ((mark["label"], mark["text"]) for mark in words["marks"])
    yield "", words["to"]
    yield words["subject_label"], words["subject"]
    yield "", words["greeting"]
    yield "", words["opening"]
    yield from _numbered(words["findings"])
    yield "", words["advice"]
    yield from _numbered(words["recommendations"])
    yield from (("", line) for line in words["signature"])
    yield from ((words["copies_label"], line) for line in words["copies"])


def _numbered(lines: list[str]) -> Iterator[tuple[str, str]]:
    return ((str(number), line) for number, line in enumerate(lines, start=1))


def as_table(told: Mapping[str, Any]) -> Table:
    """A table of a letter's document, with all its columns."""
    columns = tuple(Column(each["title"], is_number=place > 0) for place, each in enumerate(told["columns"]))
    rows = tuple(
        tuple(Cell(cell["text"], cell.get("value"), cell.get("kind", "text")) for cell in row) for row in told["rows"]
    )
    return Table(told["code"], told["title"], columns, rows)
