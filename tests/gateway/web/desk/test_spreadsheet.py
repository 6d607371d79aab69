"""Files for spreadsheets: nothing in them is a formula, numbers stay numbers, drawings stay out."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest

from gateway.web.desk.spreadsheet import Cell, Column, Table, harmless, to_csv, to_xlsx

EVIL = "=HYPERLINK(A1)"
TABLE = Table(
    "codes",
    "کدها",
    (Column("کد"), Column("روند", is_drawing=True), Column("شمار", is_number=True)),
    (
        (Cell(EVIL), Cell("", series=(1, 2)), Cell("۱٬۲۳۴", 1234, "count")),
        (Cell("012345"), Cell(""), Cell("۵٪", 0.05, "share", "کم")),
    ),
)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_run_stays_text(start: str) -> None:
    assert harmless(f"{start}1") == f"'{start}1"
    assert harmless("شیر") == "شیر"


def test_csv_has_the_mark_and_the_tables() -> None:
    rows = list(csv.reader(io.StringIO(to_csv([("دوره", "@now")], [TABLE]).decode("utf-8-sig"), newline="")))
    assert rows == [["دوره", "'@now"], [], ["کدها"], ["کد", "شمار"], [f"'{EVIL}", "1234"], ["012345", "5% (کم)"]]


def test_workbook_writes_text_as_text_and_numbers_as_numbers() -> None:
    book = zipfile.ZipFile(io.BytesIO(to_xlsx("درباره", [("دوره", EVIL)], [TABLE], is_rtl=True)))
    sheet = book.read("xl/worksheets/sheet2.xml").decode()
    assert "<f>" not in sheet + book.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r'<c r="B2" s="\d+"><v>1234</v>', sheet)
    texts = book.read("xl/sharedStrings.xml").decode()
    assert EVIL in texts
    assert "012345" in texts
    assert "روند" not in texts


def test_a_line_is_drawn_from_low_to_high() -> None:
    assert Cell("", series=(0, 5, 10)).points == "0,19 50,10 100,1"
    assert Cell("", series=(7,)).points == "0,1 100,1"
    assert Cell("", series=(0, 0)).points == "0,19 100,19"


def test_a_table_that_failed_says_so_in_the_files() -> None:
    broken = Table("a", "الف", TABLE.columns, (), failed="نشد")
    assert "نشد" in to_csv([], [broken]).decode("utf-8-sig")
    book = zipfile.ZipFile(io.BytesIO(to_xlsx("درباره", [], [broken], is_rtl=False)))
    assert "نشد" in book.read("xl/sharedStrings.xml").decode()
