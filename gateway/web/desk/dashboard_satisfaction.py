"""The ranking by satisfaction: organisations in each procedure, with how many were asked, and how many answered."""

from __future__ import annotations

from typing import Final

from gateway.web.desk import dashboard_links as to
from gateway.web.desk.dashboard_links import Links
from gateway.web.desk.dashboard_measures import Measured
from gateway.web.desk.dashboard_words import FEW, Words
from gateway.web.desk.spreadsheet import Cell, Column, Kind, Table
from ticketing.satisfaction import Satisfaction, ranked

_CODE: Final = "by_satisfaction"
_COLUMNS: Final = ("organisation", "procedure", "rank", "surveyed", "answered", "response_rate", "satisfaction", "low")
_TEXTS: Final = 2


def by_satisfaction(measured: Measured, words: Words, links: Links) -> Table:
    """One row for each that was asked about, the most satisfied first; few answers are marked and have no rank."""
    columns = tuple(
        Column(words.say(f"column.{code}"), is_number=place >= _TEXTS) for place, code in enumerate(_COLUMNS)
    )
    title, counted = words.say(f"panel.{_CODE}"), measured.tally("surveyed")
    if counted is None:
        return Table(_CODE, title, columns, (), failed=words.say("failed"))
    rows = tuple(_row(measured, words, links, rank, each) for rank, each in enumerate(ranked(counted, FEW), start=1))
    return Table(_CODE, title, columns, rows, words.say("note.by_satisfaction"))


def _row(measured: Measured, words: Words, links: Links, rank: int, each: Satisfaction) -> tuple[Cell, ...]:
    span, mean, part = measured.period.span, each.mean, each.low_share
    own = {**to.valued("organisation", each.organisation), "procedure": each.procedure}
    asked, answered, low = (links.queue(own, to.happened(kind, span)) for kind in ("surveyed", "answered", "low_rated"))
    return (
        Cell(words.title("organisation", each.organisation)),
        Cell(words.procedure(each.procedure)),
        Cell(words.count(rank), rank, "count", href=answered) if each.answered >= FEW else Cell(""),
        Cell(words.count(each.asked), each.asked, "count", href=asked),
        Cell(words.count(each.answered), each.answered, "count", href=answered if each.answered else ""),
        _few(words, words.share(each.response_rate), each.response_rate, "share", each.asked, asked),
        Cell("") if mean is None else _few(words, words.decimal(mean), mean, "decimal", each.answered, answered),
        Cell("")
        if part is None
        else _few(words, words.share(part), part, "share", each.answered, low if part else answered),
    )


def _few(words: Words, text: str, value: float, kind: Kind, of: int, href: str) -> Cell:
    return Cell(text, value, kind, mark=words.say("few") if of < FEW else "", href=href)
