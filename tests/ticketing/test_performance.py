"""Reviews of the bodies complained of: every measure against what was worked out by hand, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.support.reviewing import AS_OF, PERIOD, Told, stage
from ticketing.database import Database
from ticketing.measuring_period import end_of, read_range
from ticketing.performance import Performance, Review, reviewed
from ticketing.performance_counts import review
from ticketing.rules import Rules

UNION, CHAMBER, SOUTH = "02-07-union", "02-07-chamber", "08s-provincial_commission"
# 1399-03-03. Off are Sunday and Monday after it (عید فطر), the Thursdays and Fridays, and the 14th (رحلت امام).
SATURDAY = date(2020, 5, 23)


def day(after: int) -> date:
    return SATURDAY + timedelta(days=after)


CASES = (
    Told(UNION, day(0), day(0)),  # the same day: 0 worked days
    Told(UNION, day(0), day(4), "rejected", rating=2),  # Wednesday: 2 worked days
    Told(UNION, day(0), day(7), "unrelated", late=day(6), rating=5),  # the next Saturday: 3, and late
    Told(UNION, day(0), day(4), "withdrawn"),
    Told(CHAMBER, day(0)),
    Told(CHAMBER, day(0), late=day(20)),
    Told(SOUTH, day(0), day(14)),  # 2 + 4 in the two weeks, and the Saturday: 7
    Told(SOUTH, date(2020, 10, 1)),  # after the period
    Told(SOUTH, date(2020, 4, 1), date(2020, 4, 8)),  # in the period before
    Told(SOUTH, date(2020, 4, 1)),
)


async def reviewed_of(database: Database, rules: Rules, **more: Any) -> Review:
    asked = {"procedure": "guild_body", "period": PERIOD, "at": AS_OF} | more
    return await review(database.read, rules, **asked)


async def test_every_measure_is_what_was_worked_out_by_hand(database: Database, rules: Rules) -> None:
    await stage(database, rules, *CASES)
    found = await reviewed_of(database, rules)
    assert reviewed(rules) == ["guild_body"]
    assert measures(found.total()) == (7, 4, 1, 1, 1, 3, 4 / 7, 3 / 5, 2.5, 7, 3.5)
    kinds = found.of_kinds()
    assert measures(kinds["union"]) == (4, 3, 0, 0, 1, 2, 3 / 4, 2 / 3, 2, 3, 3.5)
    assert measures(kinds["chamber"]) == (2, 0, 1, 1, 0, 0, 0, 0, None, None, None)
    assert found.total().outcomes == {"upheld": 2, "rejected": 1, "unrelated": 1}
    organisations = found.of_organisations()
    assert len(organisations) == 32
    assert {code: each.registered for code, each in organisations.items() if each.registered} == {"02": 6, "08S": 1}
    assert found.ranks() == {"08S": 1, "02": 2}
    assert found.trends() == {"08S": 0.5}
    assert (found.total(found.before).registered, found.narrowed("08S").total().registered) == (2, 1)


async def test_it_tells_how_things_stood_at_the_moment_asked_about(database: Database, rules: Rules) -> None:
    await stage(database, rules, *CASES)
    found = await reviewed_of(database, rules, at=end_of(day(6)))
    assert measures(found.total())[:6] == (7, 2, 3, 1, 1, 2), "late by then, though answered the day after"
    assert found.total().ratings == 1


async def test_a_period_without_complaints_has_no_shares(database: Database, rules: Rules) -> None:
    found = await reviewed_of(database, rules)
    assert measures(found.total()) == (0, 0, 0, 0, 0, 0, None, None, None, None, None)
    assert (found.of_kinds(), found.ranks(), found.trends()) == ({}, {}, {})


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("1399-03..1399-06", date(2020, 5, 21), date(2020, 9, 21)),
        ("۱۳۹۹/۰۳/۰۱..۱۳۹۹/۰۷/۰۱", date(2020, 5, 21), date(2020, 9, 22)),
        ("1399-12", date(2021, 2, 19), date(2021, 3, 20)),
        ("2020-05-21..2020-05-21", date(2020, 5, 21), date(2020, 5, 21)),
    ],
)
def test_periods_are_read_as_months_or_days(written: str, first: date, last: date) -> None:
    assert (read_range(written).first, read_range(written).last) == (first, last)


@pytest.mark.parametrize("written", ["", "..", "1399", "1399-13", "1399-06..1399-03", "1399-03..", "a..b"])
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="period"):
        read_range(written)


def measures(each: Performance) -> tuple[Any, ...]:
    return (
        each.registered,
        each.answered,
        each.in_progress,
        each.delayed,
        each.otherwise,
        each.on_time,
        each.answered_share,
        each.on_time_share,
        each.median_days,
        each.ninetieth_days,
        each.satisfaction,
    )
