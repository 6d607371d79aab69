"""How complaints about bodies were answered, by kind of body: the review's own table, for who may see such tickets.

It counts by the place of the body complained of. Other filters than the organisation have no meaning there, and where
one is set it is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gateway.letters.tables import LetterTables
from gateway.letters.workbook import as_table
from gateway.letters.writing import Writing
from gateway.web.desk.dashboard_measures import Measured
from gateway.web.desk.dashboard_words import Words
from gateway.web.desk.spreadsheet import Table
from ticketing.body_register import body_register
from ticketing.performance import Review
from ticketing.title import titled


def tables_of_bodies(
    measured: Measured, words: Words, filters: Mapping[str, str], organisation: str
) -> Iterator[Table]:
    """A table for each procedure with such complaints; `organisation` is the member's, "" for national staff."""
    reviews: list[Review] = measured.results["reviews"] or []
    only = organisation or filters.get("organisation", "")
    for each in () if filters.keys() - {"organisation"} else reviews:
        shown = each.narrowed(only) if only else each
        table = as_table(LetterTables(shown, Writing(words.language, words.catalogue)).kinds(body_register().kinds))
        if table.rows:
            title = titled(words.rules.procedures[each.procedure].title, words.language)
            yield replace(table, code=f"bodies-{each.procedure}", title=f"{title}: {table.title}")
