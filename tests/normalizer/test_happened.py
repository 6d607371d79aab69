"""Of the days a message names, the one something happened on."""

from __future__ import annotations

from datetime import date

import pytest

from normalizer.happened import find_day_fact, find_day_in
from normalizer.reading import read
from tests.normalizer.messages import RECEIVED_AT

# RECEIVED_AT is Saturday 2026-11-21, 30 Aban 1405.
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("تاریخ انقضاش ۱۴۰۵/۲/۱۲ بود. خریدم پریروز بود", date(2026, 11, 19)),
        ("گزارشم را ۲۹ آبان هم داده بودم. روز حادثه: ۲۸ آبان", date(2026, 11, 19)),
        ("تاریخ خرید ۱۸ آبان و تاریخ ارسال کالا قرار بود ۲۵ آبان باشد", date(2026, 11, 9)),
        ("روز ۲۰ آبان آنتن قطع شد، قول داد تا ۲۵ آبان درست کند", date(2026, 11, 11)),
        ("خرید ۳ آبان بوده نه ۴ آبان", date(2026, 10, 25)),
        ("بار مال سیزده آبانه", date(2026, 11, 4)),
        ("۱۲ ام آبان", date(2026, 11, 3)),
        ("۲۰ آبان ۴۰۴", date(2025, 11, 11)),
        ("On 8 January I bought saffron", date(2026, 1, 8)),
        ("It was on November 3rd, 2026", date(2026, 11, 3)),
        ("5shanbe gereftam", date(2026, 11, 19)),
        ("شب گذشته رفتیم داروخانه", date(2026, 11, 20)),
        ("همین الان از جلوش اومدم", TODAY),
        ("الان تو انبار پشت نمایشگاه دارن روغنا رو میریزن تو کامیون", TODAY),
        ("دیروز خریدم", date(2026, 11, 20)),
        ("بیست و سه روز پیش خریدم", date(2026, 10, 29)),
        ("شب جمعه رفتیم کبابی", date(2026, 11, 19)),
        ("یه هفته پیش همین روز خریدم", date(2026, 11, 14)),
        ("همین نیم ساعت پیش بیرونمون کرد", TODAY),
    ],
)
def test_day_is_the_events(text: str, day: date) -> None:
    assert find_day_in(read(text), RECEIVED_AT) == day


@pytest.mark.parametrize(
    "text",
    [
        "دیروز یه گزارش فرستادم",
        "گزارش دیروزم",
        "نتیجه گزارش مورخ ۱۴۰۵/۸/۵ را بگویید",
        "باید ۱۵ آبان تحویل می‌شد",
        "گفته بودن ۱۵ آبان میارن",
        "از آن روز گذشته سه ماه",
        "همین حالا سفارش بده",
        "دیروز زنگ زده بودم",
        "جمعه ها هم جواب میدید؟",
        "روزهای پنجشنبه باز است؟",
        "روز جمعه پاسخگو هستید",
        "تاریخ تولید ۱۴۰۵/۵/۳۰ روی درب",
        "کارت گارانتی تا ۱۴۰۵/۲/۱۰ اعتبار داره",
        "تاریخ تحویل بیست و پنجم آبان بود که گذشت",
        "وعده استرداد: ۱ آبان",
        "هر دفعه میگن امروز فردا",
        "از روز اول مهر یه ماه گذشت",
        "ده دوازده روز پیش سفارش دادم",
        "از ۲۰ روز پیش خبری نیست",
        "پنجاه روز گذشته است",
        "تا امروز حدود ۷۰۰ کارتن",
        "حدود ده روز پیش",
        "وگرنه از شنبه بچه هارو نمیبرم",
        "همین حالا عضو شوید",
        "میدان ۷ تیر",
        "۱۴ تیر آهن خریدم",
        "چوب است و نه ام‌آبان",
        "تاریخ: ۱۴۰۵/۰۷/۰۸\nبا سلام، از فروشگاه شکایت دارم",
    ],
)
def test_day_of_something_else_is_none(text: str) -> None:
    assert find_day_in(read(text), RECEIVED_AT) is None


def test_last_days_of_the_year_are_last_years_after_new_year() -> None:
    nowruz = RECEIVED_AT.replace(month=4, day=1)
    assert find_day_in(read("۲۸ اسفند"), nowruz) == date(2026, 3, 19)
    assert find_day_in(read("۲۸ آذر"), nowruz) is None


@pytest.mark.parametrize(
    ("text", "words", "rule"),
    [
        ("سلام، بیست و پنجم آبان ماه خریدم", "بیست و پنجم آبان", "month"),
        ("سلام ۳ روز پیش بود", "۳ روز پیش", "counted"),
        ("سلام ۱۴۰۵/۸/۲۰ بود", "۱۴۰۵/۸/۲۰", "written"),
        ("تاریخ خرید: ۱۴۰۵/۸/۲۰", "۱۴۰۵/۸/۲۰", "event"),
    ],
)
def test_day_is_found_where_it_stands(text: str, words: str, rule: str) -> None:
    fact = find_day_fact(read(text), RECEIVED_AT)
    assert fact is not None
    assert (text[fact.start : fact.end], fact.rule) == (words, rule)
