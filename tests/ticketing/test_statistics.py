"""What is published of a season: counted by hand, small counts suppressed, once and for all."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.support.reviewing import Told, stage
from tests.support.staging import a_ticket, put
from ticketing.database import Database
from ticketing.measuring_period import Period, midnight
from ticketing.publishing import Publishing
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.statistics import due_at, figures_of_season, publish_due, published_seasons, season_of

SUMMER = Period(date(2020, 6, 21), date(2020, 9, 21))
DAY = date(2020, 7, 4)
PUBLISHING = Publishing(5, timedelta(days=30))
AT = due_at(SUMMER, PUBLISHING)


async def stage_summer(database: Database, rules: Rules) -> None:
    """Twelve about unions of Mazandaran, few of two other provinces; of consumers six in Tehran, and one joined."""
    week = DAY + timedelta(days=7)
    await stage(
        database,
        rules,
        *(Told("02-07-union", DAY, week) for _ in range(7)),
        *(Told("02-07-union", DAY) for _ in range(5)),
        *(Told("03-03-union", DAY, week, "rejected") for _ in range(3)),
        *(Told("23-01-union", DAY, week, "rejected") for _ in range(2)),
    )
    closed: dict[str, Any] = {"opened_at": midnight(DAY), "closed_at": midnight(DAY) + timedelta(days=2)}
    ends = ["settled"] * 6 + ["merged"]
    await put(database, rules, *(a_ticket(rules, State(3, None, "closed", end), **closed) for end in ends))


def row_of(figures: Any, procedure: str, organisation: str) -> Any:
    return next(row for row in figures[procedure]["rows"] if row["organisation"] == organisation)


async def test_a_season_is_published_once_with_small_counts_suppressed(database: Database, rules: Rules) -> None:
    await stage_summer(database, rules)
    assert await publish_due(database, rules, PUBLISHING, AT - timedelta(seconds=1)) == 0
    assert await publish_due(database, rules, PUBLISHING, AT) == len(rules.procedures)
    assert await published_seasons(database.read) == [SUMMER]
    found = await figures_of_season(database.read, SUMMER)
    tehran = row_of(found, "consumer", "23")
    assert (tehran["registered"], tehran["closed"], tehran["open"], tehran["median_days"]) == (6, 6, 0, 2)
    assert (tehran["outcomes"]["settled"], tehran["outcomes"]["verdict"]) == (6, 0)
    assert "merged" not in tehran["outcomes"]
    few, country = row_of(found, "guild_body", "03"), row_of(found, "guild_body", "")
    assert (few["registered"], few["outcomes"]["rejected"], few["median_days"]) == (None, None, None)
    assert (country["registered"], country["outcomes"]["rejected"], country["median_days"]) == (17, 5, 7)
    await stage(database, rules, Told("02-07-union", DAY))
    assert await publish_due(database, rules, PUBLISHING, AT + timedelta(days=1)) == 0
    assert await figures_of_season(database.read, SUMMER) == found


def test_seasons_are_the_jalali_years_quarters() -> None:
    days = (date(2021, 3, 20), date(2021, 3, 21), date(2020, 9, 21), date(2020, 9, 22))
    firsts = [season_of(each).first for each in days]
    assert firsts == [date(2020, 12, 21), date(2021, 3, 21), date(2020, 6, 21), date(2020, 9, 22)]
    assert season_of(date(2021, 3, 20)).last == date(2021, 3, 20)
    assert due_at(SUMMER, Publishing(5, timedelta())) == datetime.fromisoformat("2020-09-21T20:30:00+00:00")
