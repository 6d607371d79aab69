"""Amounts in rial and days in Tehran, however they are said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from normalizer.day import parse_day, tehran_day
from normalizer.happened import find_day_in
from normalizer.money import find_amounts_rial
from normalizer.reading import read
from tests.normalizer.messages import RECEIVED_AT


@pytest.mark.parametrize(
    ("text", "rial"),
    [
        ("۵۰ هزار تومان", [500_000]),
        ("۵۰هزارتومن", [500_000]),
        ("دویست هزار تومن", [2_000_000]),
        ("۱٫۵ میلیون تومان", [15_000_000]),
        ("۱/۵ میلیون تومان", [15_000_000]),
        ("یک میلیون و پانصد هزار تومان", [15_000_000]),
        ("یک میلیون و نیم تومان", [15_000_000]),
        ("یک و نیم میلیون تومان", [15_000_000]),
        ("۲٬۵۰۰٬۰۰۰ ریال", [2_500_000]),
        ("150.000 toman", [1_500_000]),
        ("بیست و پنج هزار تومان", [250_000]),
        ("هزار تومن", [10_000]),
        ("از ۵۰ به ۸۰ هزار تومان", [500_000, 800_000]),
        ("از ۵۰ هزار به ۸۰ هزار تومان", [500_000, 800_000]),
        ("۸۰ هزار گرفت", [800_000]),
        ("هفصد و پنجا هزار تومن", [7_500_000]),
        ("100 hezar toman gereft", [1_000_000]),
        ("۲ کیلو ۳۰۰ هزار تومن", [3_000_000]),
        ("چند میلیون تومان", []),
        ("۸۰ هزار نفر", []),
        ("تومان", []),
        ("یک میلیون و دویست تومن", [12_000_000]),
        ("۱ میلیون و ۹۰۰ هزارتومن", [19_000_000]),
        ("سیصدهزار تومن", [3_000_000]),
        ("۹۰۰ هزارتومنه", [9_000_000]),
        ("۴۳۰ میلیون تومنمو میخوام", [4_300_000_000]),
        ("۴۵۰ هزار تومن گرفت، تابلوش نوشته ۲۰۰ هزار.", [4_500_000, 2_000_000]),
        ("گفتن تعرفه‌ش هشت میلیونه!", [80_000_000]),
        ("هفده میلیون پولشو دادم", [170_000_000]),
        ("۸۰-۱۲۰ هزار تومان", [800_000, 1_200_000]),
        ("بین ۸۰ و ۱۲۰ هزار تومان", [800_000, 1_200_000]),
        ("۴۸۰ هزار تو مان - ا رسال رایگان", [4_800_000]),
        ("۸ میلیو ن تو مان ا ز من گرفت", [80_000_000]),
        ("مئة ألف تومان", [1_000_000]),
        ("روغن حدود ۴ هزار حلب", []),
        ("۴۰۰ هزار کیلومتر کار کرده", []),
        ("۵ کیلو", []),
        ("۹۹۹۹۹۹۹۹۹۹۹۹۹۹۹ میلیارد تومان", []),
    ],
)
def test_amounts_are_told_in_rial(text: str, rial: list[int]) -> None:
    assert list(find_amounts_rial(text)) == rial


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1405-08-20", date(2026, 11, 11)),
        ("۱۴۰۵/۸/۲۰", date(2026, 11, 11)),
        ("2026-11-11", date(2026, 11, 11)),
        ("1403-12-30", date(2025, 3, 20)),
        ("1405-12-30", None),
        ("1405-13-01", None),
        ("20-08-1405", None),
        ("1405-08/20", None),
        ("دیروز", None),
        ("", None),
    ],
)
def test_written_day_is_read(text: str, day: date | None) -> None:
    assert parse_day(text) == day


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_both_calendars_name_the_same_day(day: date) -> None:
    jalali = JalaliDate.to_jalali(day)
    assert parse_day(day.isoformat()) == parse_day(f"{jalali.year}-{jalali.month:02d}-{jalali.day:02d}") == day


# RECEIVED_AT is Saturday 2026-11-21, 30 Aban 1405.
@pytest.mark.parametrize(
    ("text", "days_ago"),
    [
        ("امروز", 0),
        ("دیشب", 1),
        ("پریروز", 2),
        ("۳ روز پیش", 3),
        ("ده روز قبل", 10),
        ("جمعه", 1),
        ("پنج‌شنبه", 2),
        ("5شنبه", 2),
        ("چهار شنبه", 3),
        ("یکشنبه", 6),
        ("شنبه", 7),
        ("۲۰ آبان", 10),
        ("بیستم آبان ماه ۱۴۰۵", 10),
        ("بیست و پنجم آبان", 5),
        ("1405/08/25", 5),
        ("25-8-1405", 5),
        ("99/8/25 و دیروز", (date(2026, 11, 21) - date(2020, 11, 15)).days),
    ],
)
def test_day_is_counted_from_today(text: str, days_ago: int) -> None:
    assert find_day_in(read(text), RECEIVED_AT) == date(2026, 11, 21) - timedelta(days=days_ago)


@pytest.mark.parametrize(
    "text",
    [
        "هفته پیش",
        "فردا",
        "هر شنبه",
        "از شنبه تا چهارشنبه",
        "1406/01/01",
        "شنبه آینده",
        "۲۵ آذر",
        "آقای بهمن",
        "کیلویی ۲۰ تیر",
        "1405/45/99",
        "",
    ],
)
def test_inexact_or_future_day_is_none(text: str) -> None:
    expected = date(2026, 7, 11) if text.endswith("تیر") else None
    assert find_day_in(read(text), RECEIVED_AT) == expected


def test_day_is_that_of_tehran() -> None:
    assert tehran_day(datetime(2026, 11, 21, 20, 29, tzinfo=UTC)) == date(2026, 11, 21)
    assert tehran_day(datetime(2026, 11, 21, 20, 30, tzinfo=UTC)) == date(2026, 11, 22)
