"""Periods: Jalali months and Tehran's midnights, what they are held against; offsets, and filters by moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ticketing.errors import FieldError
from ticketing.filter_values import WrongFilter, bound
from ticketing.measuring import Span, offsets
from ticketing.measuring_period import Period, jalali_day, midnight, preset_period, read_period

NOW = datetime(2026, 11, 21, 8, 0, 30, tzinfo=UTC)  # Saturday 1405-08-30, 11:30 in Tehran


def day(written: str) -> date:
    year, month, number = map(int, written.split("-"))
    return jalali_day(year, month, number)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({}, "1405-08-01", "1405-08-30"),
        ({"period": "this_month"}, "1405-08-01", "1405-08-30"),
        ({"period": "last_month"}, "1405-07-01", "1405-07-30"),
        ({"period": "week"}, "1405-08-24", "1405-08-30"),
        ({"period": "this_year"}, "1405-01-01", "1405-12-29"),
        ({"from": "۱۴۰۵/۰۷/۱۵", "to": "1405-08-02"}, "1405-07-15", "1405-08-02"),
        ({"from": "2026-10-23", "to": "2026-10-23"}, "1405-08-01", "1405-08-01"),
        ({"period": "week", "from": " ", "to": ""}, "1405-08-24", "1405-08-30"),
    ],
)
def test_a_period_is_read(asked: dict[str, str], first: str, last: str) -> None:
    errors: list[FieldError] = []
    period = read_period(asked, NOW, errors)
    assert (period.first, period.last, errors) == (day(first), day(last), [])


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"from": "1405-08-01"}, [("to", "required")]),
        ({"from": "yesterday", "to": "1405-08-01"}, [("from", "invalid_date")]),
        ({"from": "1405-08-31", "to": "1405-08-31"}, [("from", "invalid_date"), ("to", "invalid_date")]),
        ({"from": "1405-09-01", "to": "1405-09-02"}, [("from", "in_future")]),
        ({"from": "1405-08-02", "to": "1405-08-01"}, [("to", "out_of_range")]),
        ({"from": "1403-01-01", "to": "1405-08-01"}, [("to", "out_of_range")]),
        ({"period": "forever"}, [("period", "not_allowed")]),
    ],
)
def test_what_is_no_period_is_named(asked: dict[str, str], wrong: list[tuple[str, str]]) -> None:
    errors: list[FieldError] = []
    read_period(asked, NOW, errors)
    assert [(error.field, error.code) for error in errors] == wrong


def test_a_month_begins_at_midnight_in_tehran() -> None:
    before = datetime(2026, 10, 22, 20, 29, 59, tzinfo=UTC)
    assert read_period({}, before, []).first == day("1405-07-01")
    assert read_period({}, before + timedelta(seconds=1), []).first == day("1405-08-01")
    assert read_period({}, NOW, []).span.since == datetime(2026, 10, 22, 20, 30, tzinfo=UTC)


def test_a_running_month_is_held_against_as_much_of_the_month_before() -> None:
    period = read_period({}, NOW, [])
    assert period.before(NOW) == Span(midnight(day("1405-07-01")), midnight(day("1405-07-30")) + timedelta(hours=11.5))


def test_a_longer_month_is_never_held_against_days_of_its_own() -> None:
    end_of_farvardin = midnight(day("1405-01-31")) + timedelta(hours=12)
    before = read_period({}, end_of_farvardin, []).before(end_of_farvardin)
    assert before == Span(midnight(day("1404-12-01")), midnight(day("1405-01-01")))


@pytest.mark.parametrize(
    ("first", "last", "since", "until"),
    [
        ("1405-07-01", "1405-07-30", "1405-06-01", "1405-07-01"),
        ("1405-01-01", "1405-03-31", "1404-10-01", "1405-01-01"),
        ("1405-07-02", "1405-07-30", "1405-06-04", "1405-07-02"),
    ],
)
def test_days_gone_by_are_held_against_the_ones_before(first: str, last: str, since: str, until: str) -> None:
    before = Period(day(first), day(last)).before(NOW)
    assert before == Span(midnight(day(since)), midnight(day(until)))


def test_leap_years_have_their_thirtieth_of_esfand() -> None:
    assert preset_period("this_year", day("1403-05-05"), []).last == day("1403-12-30")


def test_tehran_has_one_offset_since_it_gave_up_summer_time() -> None:
    assert [seconds for _, seconds in offsets(Span(NOW - timedelta(days=1095), NOW))] == [12_600]


def test_summer_time_is_found_to_the_half_hour() -> None:
    span = Span(datetime(2022, 3, 1, tzinfo=UTC), datetime(2022, 12, 1, tzinfo=UTC))
    assert offsets(span) == [
        (span.since, 12_600),
        (datetime(2022, 3, 21, 20, 30, tzinfo=UTC), 16_200),
        (datetime(2022, 9, 21, 19, 30, tzinfo=UTC), 12_600),
    ]


def test_a_bound_is_a_day_or_a_moment_on_tehrans_clock() -> None:
    assert bound("۱۴۰۵-۰۸-۰۱", ends=False) == midnight(day("1405-08-01"))
    assert bound("2026-10-23", ends=True) == midnight(day("1405-08-02"))
    assert bound("2026-10-23T11:30", ends=True) == midnight(day("1405-08-01")) + timedelta(hours=11.5)
    with pytest.raises(WrongFilter):
        bound("soon", ends=True)
