"""What cannot wait: danger now, evidence on its way out, or an explicit word."""

from __future__ import annotations

import pytest

from normalizer.reading import read
from normalizer.urgency import find_urgency_in


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("فوری بازرس بفرستید", "said"),
        ("بچم از دیشب تب و استفراغ داره", "health"),
        ("همسرش از پله افتاده و بیهوش است", "health"),
        ("دو نفر افتادن توش، تورو خدا بیاین", "health"),
        ("کپسول گاز خونه همسایه آتیش گرفته", "fire"),
        ("دود سیاه زده بالا", "fire"),
        ("با چاقو افتادن به جون هم", "violence"),
        ("دارند بشکه‌ها را در چاه خالی می‌کنند", "evidence"),
        ("همین الان دارن بار میزنن", "evidence"),
        ("هر لحظه ممکنه بترکه", "fire"),
        ("گازوئیل از مخزنش داره میریزه کف خیابون", "fire"),
        ("سه نفر از کارگراش هپاتیت گرفتن", "health"),
        ("امشب داره بار رو جابجا میکنه", "evidence"),
        ("دارن پودر شوینده و روغنا رو کم کم میریزن تو کامیون. بجنبید", "together"),
        ("شیرخشک تاریخ گذشته داده، نوزادم داره بالا میاره", "together"),
        ("مرغ‌های مرده رو الان دارن بسته‌بندی میکنن", "together"),
    ],
)
def test_what_cannot_wait_is_seen_with_its_reason(text: str, rule: str) -> None:
    assert rule in {fact.rule for fact in find_urgency_in(read(text))}


@pytest.mark.parametrize(
    "text",
    [
        "وام فوری بدون ضامن",
        "سهمیه را شبانه بار کامیون می‌کنند و می‌فروشند",
        "عجله ندارم، فوری نیست",
        "خدا رو شکر مسموم نشدیم",
        "اگر کسی مسموم شود چه؟",
        "پارسال چند نفر مسموم شدند",
        "هر بار گران می‌کنند",
        "چاقوی آشپزخانه خریدم",
        "لطفا زودتر رسیدگی کنید",
        "زمان تحویل زود بود",
        "تهدید کرد شکایت می‌کند",
        "قیمتا آتیش گرفته",
        "پنج سال پیش انبارشون آتش گرفت",
        "برای مادرم که بیمارستان بستریه پوشک گرفتم، پس نمی‌گیرد",
        "وسایلم رو دارن میبرن شهر دیگه ولی کرایه رو دوبل میگن",
    ],
)
def test_what_can_wait_is_not_urgent(text: str) -> None:
    assert find_urgency_in(read(text)) == []


def test_reason_points_at_its_words() -> None:
    reading = read("سلام، حال بچه‌ام خوب است ولی ۵ نفر مسموم شدند")
    [fact] = find_urgency_in(reading)
    assert reading.text[fact.start : fact.end] == "مسموم"
