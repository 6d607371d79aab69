"""The calendar of working time: due dates worked out by hand, what may be corrected, and what always holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.day import TEHRAN, jalali_year, tehran_day
from ticketing.days_off import Corrections, UnknownYearError, estimated, load_corrections, official_holidays
from ticketing.lengths import parse_length
from ticketing.working_time import WorkingTime
from ticketing.wrong_key import WrongKey

OFF, HALF, ON = WorkingTime("off"), WorkingTime("half"), WorkingTime("on")

# Each was worked out by hand, as told above it. Work is from 8 to 16; Thursdays are off unless said.
BY_HAND = {
    # 1399 is a leap year: Tue 26 Esfand; Wed 27 is the 1st. Thu 28, Fri 29 (oil), Sat 30 (last day of the year) and
    # Sun 1 – Wed 4 Farvardin off, Thu 5, Fri 6; Sat 7 is the 2nd, Sun 8 the 3rd, Mon 9 off (15 Sha'ban), Tue 10 the
    # 4th, Wed 11 Farvardin 1400 = 31 March 2021 the 5th. Since 2 Farvardin clocks are at +4:30.
    "Nowruz 1400, days": (OFF, "2021-03-16T12:00+03:30", "5wd", "2021-03-31T16:00+04:30"),
    # Worked Thursdays bring 28 Esfand (2nd) and 5 Farvardin (3rd): then Sat 7 and Sun 8 Farvardin.
    "Nowruz 1400, Thursdays worked": (ON, "2021-03-16T12:00+03:30", "5wd", "2021-03-28T16:00+04:30"),
    # 4 hours on Tue 26 Esfand, 8 on Wed 27, the last 4 on Sat 7 Farvardin.
    "Nowruz 1400, hours": (OFF, "2021-03-16T12:00+03:30", "16wh", "2021-03-27T12:00+04:30"),
    # 1403 is a leap year too: Mon 27 Esfand; Tue 28 is the 1st. Wed 29 (oil), Thu 30, Fri 1 – Mon 4 Farvardin off (Sat
    # 2 is 21 Ramadan as well); Tue 5 the 2nd, Wed 6 the 3rd, Thu, Fri, Sat 9 the 4th, Sun 10 Farvardin 1404 the 5th.
    "Nowruz 1404, days": (OFF, "2025-03-17T12:00+03:30", "5wd", "2025-03-30T16:00+03:30"),
    # One more day crosses the Fitr: Mon 11 and Tue 12 (Fitr, Republic), Wed 13 off, Thu, Fri; Sat 16 Farvardin.
    "Nowruz 1404 and the Fitr": (OFF, "2025-03-17T12:00+03:30", "6wd", "2025-04-05T16:00+03:30"),
    "Nowruz 1404, hours": (OFF, "2025-03-17T12:00+03:30", "16wh", "2025-03-25T12:00+03:30"),
    # Clocks went forward as 1 Farvardin 1401 ended (22 March 2022). Ten days end at the same time of the clock, 240
    # hours an hour later on it.
    "forward, calendar days": (OFF, "2022-03-16T12:00+03:30", "10d", "2022-03-26T12:00+04:30"),
    "forward, plain hours": (OFF, "2022-03-16T12:00+03:30", "240h", "2022-03-26T13:00+04:30"),
    # Sat 28 Esfand 1400; Sun 29 (oil), Mon 1 – Thu 4 Farvardin, Fri off; Sat 6, Sun 7, Mon 8 Farvardin.
    "forward, days": (OFF, "2022-03-19T14:00+03:30", "3wd", "2022-03-28T16:00+04:30"),
    "forward, hours": (OFF, "2022-03-19T14:00+03:30", "16wh", "2022-03-27T14:00+04:30"),
    # Clocks went back as 30 Shahrivar 1401 ended (21/22 September 2022).
    "back, calendar days": (OFF, "2022-09-18T12:00+04:30", "10d", "2022-09-28T12:00+03:30"),
    "back, plain hours": (OFF, "2022-09-18T12:00+04:30", "240h", "2022-09-28T11:00+03:30"),
    # Sun 27 Shahrivar; Mon, Tue, Wed 30 Shahrivar, Sat 2 Mehr, (Sun 3 is 28 Safar,) Mon 4 Mehr.
    "back, days": (OFF, "2022-09-18T12:00+04:30", "5wd", "2022-09-26T16:00+03:30"),
    "back, hours": (OFF, "2022-09-20T12:00+04:30", "16wh", "2022-09-24T12:00+03:30"),
    # Wed 4 Azar 1405 from 14: 2 hours, Thu 5 till noon 4, Sat 7 Azar 8, Sun 8 Azar 2.
    "half a Thursday": (HALF, "2026-11-25T14:00+03:30", "16wh", "2026-11-29T10:00+03:30"),
    # What begins on a day off, or out of hours, begins with the next that is worked; what fits a day ends with it.
    "from a Friday": (OFF, "2026-11-27T09:00+03:30", "8wh", "2026-11-28T16:00+03:30"),
    "from the night before": (OFF, "2026-11-21T23:00+03:30", "1wd", "2026-11-22T16:00+03:30"),
}


@pytest.mark.parametrize(("calendar", "at", "length", "due"), BY_HAND.values(), ids=BY_HAND.keys())
def test_due_dates_are_those_worked_out_by_hand(calendar: WorkingTime, at: str, length: str, due: str) -> None:
    found = parse_length(length).after(datetime.fromisoformat(at), calendar)
    assert (found, found.tzinfo) == (datetime.fromisoformat(due), UTC)


def test_a_length_is_taken_back_too() -> None:
    due = datetime.fromisoformat("2025-03-25T12:00+03:30")  # Tue 5 Farvardin 1404, the first day after Nowruz
    assert parse_length("6wh").before(due, OFF) == datetime.fromisoformat("2025-03-18T14:00+03:30")
    assert parse_length("1wd").before(due, OFF) == datetime.fromisoformat("2025-03-18T16:00+03:30")
    assert parse_length("2d").before(due, OFF) == datetime.fromisoformat("2025-03-23T12:00+03:30")


def test_holidays_of_1399_to_1410_are_known_and_estimates_say_so() -> None:
    days = [day for year in range(2020, 2033) for day in official_holidays(year)]
    counts = {year: sum(jalali_year(day) == year for day in days) for year in range(1399, 1411)}
    assert all(24 <= count <= 33 for count in counts.values()), counts
    assert official_holidays(2025)[date(2025, 3, 31)] == {"fa": "عید سعید فطر", "en": "Eid al-Fitr"}
    assert official_holidays(2027)[date(2027, 3, 10)] == {
        "fa": "عید سعید فطر (تخمینی)",
        "en": "Eid al-Fitr (estimated)",
    }
    moved = Corrections(worked={date(2027, 3, 10): {"fa": "با رؤیت هلال جابه‌جا شد", "en": "Moved by the sighting"}})
    assert estimated(date(2026, 1, 1), date(2027, 1, 1), Corrections()) == []
    assert estimated(date(2027, 3, 2), date(2027, 4, 1), Corrections()) == [date(2027, 3, 10), date(2027, 3, 11)]
    assert estimated(date(2027, 3, 2), date(2027, 4, 1), moved) == [date(2027, 3, 11)]


def test_years_nobody_knows_are_refused_not_guessed() -> None:
    with pytest.raises(UnknownYearError):
        OFF.is_worked(date(2000, 12, 31))
    with pytest.raises(UnknownYearError):
        OFF.nth_worked(date(2100, 12, 30), 20)


CORRECTED = """
[[off]]
day = "1405-09-03" # a Tuesday
reason = { fa = "آلودگی هوا", en = "Air pollution" }
[[worked]]
day = 2026-12-23
reason = { fa = "با رؤیت هلال جابه‌جا شد", en = "Moved by the sighting" }
"""


def test_days_are_corrected_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "days.toml").write_text(CORRECTED, encoding="utf-8")
    calendar = WorkingTime(corrections=load_corrections(tmp_path / "days.toml"))
    assert (OFF.is_worked(date(2026, 11, 24)), OFF.is_worked(date(2026, 12, 23))) == (True, False)
    assert (calendar.is_worked(date(2026, 11, 24)), calendar.is_worked(date(2026, 12, 23))) == (False, True)
    assert calendar.holiday(date(2026, 11, 24)) == {"fa": "آلودگی هوا", "en": "Air pollution"}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("off = [", "file"),
        ('[[off]]\nday = "1405-13-01"\nreason = { fa = "x", en = "x" }', "off.0.day"),
        ('[[off]]\nday = 2026-11-24\nreason = { fa = "x" }', "off.0.reason.en"),
        ('[[worked]]\nday = 2026-11-24\nreason = { fa = "x", en = "x" }', "worked.0.day"),
        (2 * '[[off]]\nday = 2026-11-24\nreason = { fa = "x", en = "x" }\n', "off.1.day"),
    ],
)
def test_a_broken_file_of_corrections_is_refused_by_its_key(content: str, key: str, tmp_path: Path) -> None:
    (tmp_path / "days.toml").write_text(content, encoding="utf-8")
    with pytest.raises(WrongKey) as refusal:
        load_corrections(tmp_path / "days.toml")
    assert (refusal.value.file, refusal.value.key) == ("days.toml", key)


calendars = st.sampled_from([OFF, HALF, ON, WorkingTime("half", time(0), time(23, 59))])
days = st.dates(date(2020, 3, 20), date(2031, 3, 20))
moments = st.datetimes(datetime(2020, 3, 20), datetime(2031, 3, 20), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.builds("{}{}".format, st.integers(1, 60), st.sampled_from(["wd", "wh"])).map(parse_length)
worked = st.timedeltas(timedelta(seconds=1), timedelta(hours=200))


@settings(max_examples=100, deadline=None)
@given(calendars, days, st.integers(1, 120))
def test_adding_working_days_and_counting_them_agree(calendar: WorkingTime, day: date, number: int) -> None:
    after, before = calendar.nth_worked(day, number), calendar.nth_worked(day, -number)
    assert calendar.is_worked(after)
    assert calendar.is_worked(before)
    assert calendar.worked_between(day, after) == number == -calendar.worked_between(after, day)
    assert calendar.worked_between(before, day) == number - 1 + calendar.is_worked(day)
    one_by_one = sum(calendar.is_worked(day + timedelta(days=each + 1)) for each in range((after - day).days))
    assert one_by_one == number


@settings(max_examples=100, deadline=None)
@given(calendars, moments, moments, lengths)
def test_a_later_start_is_never_due_sooner(calendar: WorkingTime, one: datetime, two: datetime, length: object) -> None:
    first, second = sorted((one, two))
    due, later = (parse_length(length).after(at, calendar) for at in (first, second))
    assert first < due <= later
    hours = calendar.hours(tehran_day(due))
    assert hours is not None
    assert hours.opens < due <= hours.closes
    assert due.tzinfo is UTC
    assert due.astimezone(TEHRAN).astimezone(UTC) == due


@settings(max_examples=100, deadline=None)
@given(calendars, moments, worked)
def test_working_hours_added_are_worked_and_can_be_taken_back(
    calendar: WorkingTime, at: datetime, length: timedelta
) -> None:
    due, since = calendar.add(at, length), calendar.take(at, length)
    assert calendar.worked(at, due) == length == calendar.worked(since, at)
    assert calendar.worked(calendar.take(due, length), due) == length
