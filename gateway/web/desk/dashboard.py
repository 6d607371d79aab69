"""`/desk/dashboard`: a supervisor's figures for a period, against the one before; and the same as CSV and XLSX.

The address says everything: period and filters. What may be counted is policy's to say, what a figure means
`ticketing.figures`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from channels.registry import CHANNELS
from gateway.catalogue import sort_key
from gateway.web.desk.dashboard_arrivals import Arrivals
from gateway.web.desk.dashboard_bodies import tables_of_bodies
from gateway.web.desk.dashboard_days import BOUNDS, FIELDS, months, put_together, taken_apart
from gateway.web.desk.dashboard_links import Links
from gateway.web.desk.dashboard_measures import Measured, measure
from gateway.web.desk.dashboard_satisfaction import by_satisfaction
from gateway.web.desk.dashboard_tables import Tables
from gateway.web.desk.dashboard_tiles import Tile, Tiles, table_of
from gateway.web.desk.dashboard_words import Words
from gateway.web.desk.layout import desk_page
from gateway.web.desk.spreadsheet import CSV_TYPE, XLSX_TYPE, Table, to_csv, to_xlsx
from gateway.web.pages.forms import refused
from gateway.web.render import other_language_url, page_language, page_url, see_other
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF
from normalizer.day import tehran_day
from ticketing.errors import FieldError, Invalid
from ticketing.figures import DIMENSIONS, Scope
from ticketing.filters import criteria
from ticketing.measuring_period import PRESETS, Period, read_period
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.policy import criterion
from ticketing.roles import at_desk

PATH: Final = "/desk/dashboard"
ACCESS: Final = at_desk("dashboard")
_ASKED: Final = ("period", "from", "to", *DIMENSIONS)
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class Question:
    """What the address asks for: the period, and the filters that were set. `typed` is the form as it was filled in."""

    asked: Mapping[str, str]
    typed: Mapping[str, str]
    filters: Mapping[str, str]
    period: Period
    scope: Scope
    words: Words
    errors: tuple[FieldError, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page, ready to be shown or written to a file."""

    tiles: tuple[Tile, ...]
    wide: tuple[Table, ...]
    narrow: tuple[Table, ...]
    by_day: Table

    def tables(self, words: Words) -> list[Table]:
        """All of it as tables, in the page's order."""
        return [table_of(self.tiles, words), *self.wide, *self.narrow, self.by_day]


async def get_dashboard(request: web.Request) -> web.Response:
    """The page; 422 with what is wrong where the period or a filter is none."""
    question = _read(request)
    if question.errors:
        return _page(request, question, None, status=422)
    if not request.query.keys().isdisjoint(FIELDS):
        return see_other(_url(question))  # an address that can be kept and sent on
    return _page(request, question, await measure(question.scope, question.period))


async def get_csv(request: web.Request) -> web.Response:
    """What the page shows, as one CSV file. Raises Invalid."""
    question, board = await _board(request)
    content = to_csv(_about(question), board.tables(question.words))
    return _file(question, content, "csv", CSV_TYPE)


async def get_xlsx(request: web.Request) -> web.Response:
    """What the page shows, as a workbook with a sheet for each table. Raises Invalid."""
    question, board = await _board(request)
    words = question.words
    is_rtl = words.language == "fa"
    title, tables = words.say("panel.about"), board.tables(words)
    content = await asyncio.to_thread(to_xlsx, title, _about(question), tables, is_rtl=is_rtl)
    return _file(question, content, "xlsx", XLSX_TYPE)


ROUTES: Final = (
    Route("GET", PATH, get_dashboard, ACCESS),
    Route("GET", f"{PATH}.csv", get_csv, ACCESS),
    Route("GET", f"{PATH}.xlsx", get_xlsx, ACCESS),
)


def _read(request: web.Request) -> Question:
    services, member, at = request.app[SERVICES], request[STAFF], request.app[SERVICES].now()
    language = page_language(request)
    typed = {name: request.query.get(name, "").strip()[:_LONGEST] for name in (*_ASKED, *FIELDS)}
    asked = {name: typed[name] for name in _ASKED} | {name: put_together(typed, name, language) for name in BOUNDS}
    if asked["from"] or asked["to"]:
        asked["period"] = ""
    errors: list[FieldError] = []
    period = read_period(asked, at, errors)
    filters = {name: asked[name] for name in DIMENSIONS if asked[name]}
    conditions = criteria(filters, services.rules, member, at, errors)
    scope = Scope(services.database.read, services.rules, (criterion(member), *conditions), at)
    words = Words(language, services.catalogue, services.rules)
    for name in () if errors else BOUNDS:
        typed |= taken_apart(asked[name], name, language)
    return Question(asked, typed, filters, period, scope, words, tuple(errors))


async def _board(request: web.Request) -> tuple[Question, Board]:
    question = _read(request)
    if question.errors:
        raise Invalid(question.errors)
    measured = await measure(question.scope, question.period)
    return question, _make(question, measured, request[STAFF].organisation)


def _make(question: Question, measured: Measured, organisation: str) -> Board:
    links = Links(question.words.language, question.filters)
    tables, arrivals = Tables(measured, question.words, links), Arrivals(measured, question.words, links)
    satisfied = by_satisfaction(measured, question.words, links)
    names = DIMENSIONS if organisation == NATIONAL else DIMENSIONS[1:]
    bodies = tables_of_bodies(measured, question.words, question.filters, organisation)
    return Board(
        tuple(Tiles(measured, question.words, links).make()),
        (tables.by_step(), tables.most_overdue(), *(tables.by_dimension(name) for name in names), satisfied, *bodies),
        (tables.by_outcome(), arrivals.by_weekday(), arrivals.by_hour()),
        arrivals.by_day(),
    )


def _page(request: web.Request, question: Question, measured: Measured | None, *, status: int = 200) -> web.Response:
    language, catalogue = question.words.language, request.app[SERVICES].catalogue
    is_national = request[STAFF].organisation == NATIONAL
    board = _make(question, measured, request[STAFF].organisation) if measured else None
    form = refused(question.typed, question.errors, catalogue, language)
    response = desk_page(
        request,
        "desk/dashboard.html",
        status=status,
        form=form,
        board=board,
        months=months(language),
        choices=_choices(question, is_national=is_national),
        presets=[(name, _url(question, period=name)) for name in PRESETS],
        narrowed=bool(question.filters or question.asked["from"] or question.asked["to"]),
        preset="" if question.asked["from"] or question.asked["to"] else question.period.preset,
        about=_about(question, measured),
        again=_url(question),
        files={name: _url(question, f".{name}") for name in ("csv", "xlsx")},
        other_language_url=other_language_url(PATH, question.words.language, **_said(question)),
    )
    response.enable_compression()
    return response


def _about(question: Question, measured: Measured | None = None) -> list[tuple[str, str]]:
    """What the figures are about, in words: period, what it is held against, filters, and the time of the data."""
    words, at = question.words, question.scope.at
    before = measured.before if measured else question.period.before(at)
    return [
        (words.say("about.period"), words.span(question.period.so_far(at))),
        (words.say("about.before"), words.span(before)),
        *((words.say(f"column.{name}"), words.title(name, code)) for name, code in question.filters.items()),
        (words.say("about.at"), words.say("stamp", clock=words.clock(at), day=words.day(tehran_day(at)))),
    ]


def _choices(question: Question, *, is_national: bool) -> dict[str, list[tuple[str, str]]]:
    """The options of each filter, code and title, in the order of a dictionary."""
    known = {
        "organisation": [code for code in ORGANISATIONS if code != NATIONAL] if is_national else [],
        "channel": list(CHANNELS),
        "category": list(question.scope.rules.categories),
    }
    titled = {name: [(code, question.words.title(name, code)) for code in codes] for name, codes in known.items()}
    return {name: sorted(each, key=lambda option: sort_key(option[1])) for name, each in titled.items() if each}


def _url(question: Question, suffix: str = "", *, period: str = "") -> str:
    """This page, or a file of it; with another period where one is named."""
    asked = {**question.filters, "period": period} if period else _said(question)
    return page_url(f"{PATH}{suffix}", question.words.language, **asked)


def _said(question: Question) -> dict[str, str]:
    return {name: said for name, said in question.asked.items() if said}


def _file(question: Question, content: bytes, suffix: str, media_type: str) -> web.Response:
    period = question.period
    name = f"dashboard-{period.first.isoformat()}-{period.last.isoformat()}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": media_type}
    return web.Response(body=content, headers=headers)
