"""`/statistics`: what was published of every procedure, season by season, and the same as CSV. No personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web
from persiantools.jdatetime import JalaliDate

from gateway.catalogue import sort_key
from gateway.web.desk.spreadsheet import CSV_TYPE, Cell, Column, Table, to_csv
from gateway.web.problems import Problem
from gateway.web.render import (
    digits_of,
    figure_of,
    grouped_of,
    other_language_url,
    page,
    page_language,
    page_url,
    table_date,
)
from gateway.web.route import PUBLIC, Route
from gateway.web.services import SERVICES, Services
from normalizer.day import parse_day, tehran_day
from ticketing.measuring_period import Period
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.statistics import due_at, figures_of_season, published_seasons, season_of
from ticketing.suppression import TOTAL
from ticketing.title import titled

PATH: Final = "/statistics"
_SEASONS: Final = ("spring", "summer", "autumn", "winter")
_UNPLACED: Final = "-"


async def get_statistics(request: web.Request) -> web.Response:
    """The newest season published, or the one asked for. Raises Problem 404 for one that was not."""
    services, language = request.app[SERVICES], page_language(request)
    seasons = await published_seasons(services.database.read)
    season = _asked(request, seasons)
    asked = {"season": season.first.isoformat()} if season and "season" in request.query else {}
    running = season_of(tehran_day(services.now()))
    return page(
        request,
        "statistics.html",
        tables=await _tables(services, season, language) if season else [],
        season=_title(services, season, language) if season else "",
        taken_on=_taken_on(services, season, language) if season else "",
        seasons=[
            (_title(services, each, language), page_url(PATH, language, season=each.first.isoformat()), each == season)
            for each in seasons
        ],
        coming=(_title(services, running, language), _taken_on(services, running, language)),
        smallest=services.settings.statistics.smallest,
        csv=page_url(f"{PATH}.csv", language, **asked),
        other_language_url=other_language_url(PATH, language, **asked),
    )


async def get_csv(request: web.Request) -> web.Response:
    """The same as CSV. Raises Problem 404."""
    services, language = request.app[SERVICES], page_language(request)
    season = _asked(request, await published_seasons(services.database.read))
    if season is None:
        raise Problem(404)
    about = [
        (_say(services, language, "season"), _title(services, season, language)),
        (_say(services, language, "taken"), _taken_on(services, season, language)),
    ]
    content = to_csv(about, await _tables(services, season, language))
    name = f"statistics-{season.first.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": CSV_TYPE}
    return web.Response(body=content, headers=headers)


ROUTES: Final = (
    Route("GET", PATH, get_statistics, PUBLIC),
    Route("GET", f"{PATH}.csv", get_csv, PUBLIC),
)


def _asked(request: web.Request, seasons: Sequence[Period]) -> Period | None:
    wanted = request.query.get("season")
    if wanted is None:
        return seasons[0] if seasons else None
    first = parse_day(wanted)
    for each in seasons:
        if each.first == first:
            return each
    raise Problem(404)


async def _tables(services: Services, season: Period, language: str) -> list[Table]:
    found = await figures_of_season(services.database.read, season)
    return [
        _table(services, code, found[code]["rows"], language)
        for code in services.rules.procedures
        if code in found and found[code]["rows"]
    ]


def _table(services: Services, code: str, rows: Sequence[Mapping[str, Any]], language: str) -> Table:
    procedure = services.rules.procedures[code]
    outcomes = list(rows[0]["outcomes"])
    titles = [_say(services, language, f"column.{name}") for name in ("organisation", "registered", "closed", "open")]
    titles += [titled(procedure.outcomes[each], language) for each in outcomes]
    titles.append(_say(services, language, "column.median_days"))
    columns = tuple(Column(title, is_number=place > 0) for place, title in enumerate(titles))
    named = sorted(rows, key=lambda row: (row["organisation"] == TOTAL, sort_key(_name(services, row, language))))
    return Table(
        code,
        titled(procedure.title, language),
        columns,
        tuple(
            (
                Cell(_name(services, row, language)),
                *(_count(services, row[name], language) for name in ("registered", "closed", "open")),
                *(_count(services, row["outcomes"][each], language) for each in outcomes),
                _days(row["median_days"], language),
            )
            for row in named
        ),
    )


def _name(services: Services, row: Mapping[str, Any], language: str) -> str:
    if row["organisation"] == TOTAL:
        return _say(services, language, "all")
    if row["organisation"] == _UNPLACED:
        return _say(services, language, "unplaced")
    return titled(ORGANISATIONS.get(row["organisation"], ORGANISATIONS[NATIONAL]), language)


def _count(services: Services, count: int | None, language: str) -> Cell:
    if count is None:
        return Cell(_say(services, language, "suppressed"))
    return Cell(grouped_of(count, language), count, "count")


def _days(days: float | None, language: str) -> Cell:
    return Cell("—") if days is None else Cell(figure_of(f"{days:.1f}".removesuffix(".0"), language), days, "decimal")


def _title(services: Services, season: Period, language: str) -> str:
    jalali = JalaliDate(season.first)  # type: ignore[no-untyped-call]
    name = _say(services, language, f"season.{_SEASONS[(jalali.month - 1) // 3]}")
    return f"{name} {digits_of(jalali.year, language)}"


def _taken_on(services: Services, season: Period, language: str) -> str:
    return table_date(tehran_day(due_at(season, services.settings.statistics.publishing())), language)


def _say(services: Services, language: str, code: str) -> str:
    return services.catalogue.say(language, f"statistics.{code}")
