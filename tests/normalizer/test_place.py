"""Places: codes, organisations, names told from words that look like them, points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.phone import Phone
from normalizer.place import (
    PROVINCES,
    canonical_county,
    find_place,
    find_place_in,
    nearest_province,
    organisation_of,
    province_of,
    province_of_area,
)
from normalizer.reading import read
from normalizer.report import Place

SOUTH_KERMAN = [
    "جیرفت",
    "عنبرآباد",
    "کهنوج",
    "منوجان",
    "قلعه گنج",
    "قلعه‌گنج",
    "رودبار جنوب",
    "رودبارجنوب",
    "فاریاب",
    "شهرستان جیرفت",
    "جازموریان",
]


def test_there_are_31_provinces() -> None:
    assert len(PROVINCES) == 31
    assert list(PROVINCES) == [f"{number:02d}" for number in range(31)]
    assert province_of("23") == ("تهران", "Tehran", "021", "تهران")
    assert province_of("31") is None
    assert province_of(None) is None


def test_every_capital_is_a_county_of_its_province() -> None:
    assert [code for code, province in PROVINCES.items() if canonical_county(code, province.capital) is None] == []


@pytest.mark.parametrize("county", SOUTH_KERMAN)
def test_south_kerman_answers_to_its_own_organisation(county: str) -> None:
    assert organisation_of("08", county) == "08S"


@pytest.mark.parametrize(
    ("province", "county", "organisation"),
    [
        ("08", "کرمان", "08"),
        ("08", None, "08"),
        ("01", "رودبار", "01"),
        ("23", "جیرفت", "23"),
        ("", "", ""),
        (None, None, ""),
        ("99", None, ""),
    ],
)
def test_organisation_follows_the_province(province: str | None, county: str | None, organisation: str) -> None:
    assert organisation_of(province, county) == organisation


@pytest.mark.parametrize(
    ("text", "province", "county"),
    [
        ("تهران", "23", "تهران"),
        ("استان تهران", "23", None),
        ("استان تهران، شهریار", "23", "شهریار"),
        ("شهر شهریار", "23", "شهریار"),
        ("خوی نانوایی امروز نان را نازک پخت", "04", "خوی"),
        ("دیروز محمودآباد مرغ مانده خریدیم", "02", "محمودآباد"),
        ("پیرمرد کاشمری می‌گوید نان کم است", "09", "کاشمر"),
        ("جاده قدیم ساوه به همدان، رستوران بین راه", "00", "ساوه"),
        ("میبد نه، اردکان", "21", "اردکان"),
        ("تو راه مشهد، سمنان صبحانه خوردیم", "20", "سمنان"),
        ("آرایشگاهی در کامرانیه", "23", "تهران"),
        ("نانوایی‌های در مهران آرد ندارند", "16", "مهران"),
        ("از سامان زنگ می‌زنم", "14", "سامان"),
        ("شهرستان نیر", "24", "نیر"),
        ("تو ایران مال جای پارک را گران گرفت", "23", "تهران"),
        ("اصفهان، نجف آباد", "10", "نجف آباد"),
        ("نجف‌آباد", "10", "نجف آباد"),
        ("نجفاباد", "10", "نجف آباد"),
        ("خميني شهر", "10", "خمینی شهر"),
        ("جزیره کیش", "22", "بندر لنگه"),
        ("در یاسوج", "17", "بویراحمد"),
        ("کهگیلویه و بویراحمد", "17", None),
        ("سیستان و بلوچستان", "11", None),
        ("خراسان رضوی", "09", None),
        ("استان مرکزی", "00", None),
        ("شهرستان بن", "14", "بن"),
        ("شهر ری", "23", "ری"),
        ("قائمشهر", "02", "قائم شهر"),
        ("rudbar-e shiraz", "07", "شیراز"),
        ("رودبار جنوب", "08", "رودبار جنوب"),
        ("مهاباد", "04", "مهاباد"),
        ("لردگان استان چهارمحال و بختیاری", "14", "لردگان"),
        ("سوپر بهار نیشابور گران می‌دهد", "09", "نیشابور"),
        ("ما کرجیم، نونوایی سر کوچه", "30", "کرج"),
        ("مغازه‌ش تو شاهین شهره", "10", "شاهین شهر و میمه"),
        ("من بابلم، برنج گرفتم", "02", "بابل"),
        ("تو کرمون همه جا همینه", "08", "کرمان"),
        ("تبریزده بیر دکان", "03", "تبریز"),
        ("عامل فروش گاز تو بافت کرمان", "08", "بافت"),
        ("از گرمی اردبیل زنگ می‌زنم", "24", "گرمی"),
        ("آدرس دقیق: پارسیان، بلوار ساحل", "22", "پارسیان"),
        ("پردیس فاز ۸، پوشاک بچگانه", "23", "پردیس"),
        ("شهرک صنعتی الوند", "26", "البرز"),
        ("ما شیروان خراسان هستیم", "28", "شیروان"),
        ("نورآباد ممسنی", "07", "ممسنی"),
        ("آقا، نی‌ریز؛ کپسول نیمه‌پر", "07", "نی ریز"),
        ("ساکن درگز. خرید از آهن‌فروشی در گنبد", "27", "گنبد کاووس"),
        ("تور کیش از آژانس ستاره شرق (بجنورد)، در کیش هتل را عوض کردند", "28", "بجنورد"),
        ("دکتر تو گوهردشت", "30", "کرج"),
        ("سلام، گمیش‌تپه", "27", "گمیشان"),
        ("جنوب کرمان", "08", None),
        ("شهرستان جازموریان", "08", "جازموریان"),
        ("شهر بوشهر", "18", "بوشهر"),
        ("مەهاباد", "04", "مهاباد"),
    ],
)
def test_place_is_found(text: str, province: str, county: str | None) -> None:
    place = find_place(text)
    assert (place.province, place.county) == (province, county)


@pytest.mark.parametrize(
    "text",
    [
        "خیابان تهران",
        "«مرغ فروشی اصفهان» کم کشید",
        "آقای کاشمری",
        "سلام مهران هستم",
        "در صحنه حاضر شد",
        "از سامان خریدم",
        "از بانه‌کالا یخچال خریدم",
        "بلوار کرمان",
        "برنج گیلان",
        "فرش تبریز",
        "آقای شیراز",
        "فروشگاه اصفهان",
        "دیر آمد",
        "خمیر نان",
        "بهار امسال",
        "۲۰ مهر",
        "رستم",
        "بن خرید",
        "دفتر مرکزی",
        "خبرگزاری فارس",
        "نورآباد",
        "خراسان",
        "انار کیلویی",
        "مهران احمدی",
        "رستوران تبریز",
        "پرواز مشهد تاخیر داشت",
        "بلیط هواپیما تهران مشهد",
        "برنج هاشمی گیلان",
        "کفش تبریز خریدم",
        "شهر بغلی",
        "به شهر برگشتم",
        "در میانه راه",
        "سوپر گلستان",
        "رشته آش",
        "شورای هر کاشانه",
        "m.rostami.karaj@yahoo.com",
        "",
    ],
)
def test_word_that_only_looks_like_a_place_is_none(text: str) -> None:
    place = find_place(text)
    assert (place.province, place.county) == (None, None)


@pytest.mark.parametrize(
    ("text", "province", "county"),
    [
        ("az Ghazvin zang mizanam", "26", "قزوین"),
        ("khoramabad", "15", "خرم آباد"),
        ("khorram abad", "15", "خرم آباد"),
        ("bandar e abbas", "22", "بندرعباس"),
        ("tehroon", "23", "تهران"),
        ("ma karajim", "30", "کرج"),
        ("shahre kord", "14", "شهرکرد"),
        ("qaem shahr", "02", "قائم شهر"),
        ("masjed soleyman", "06", "مسجدسلیمان"),
        ("aligudarz", "15", "الیگودرز"),
        ("doroud, khoramabad", "15", "دورود"),
        ("alborz, mahdasht", "30", "کرج"),
        ("az shahre ghods", "23", "قدس"),
        ("to Khoy", "04", "خوی"),
        ("a clinic in Bushehr", "18", "بوشهر"),
        ("Təbrizdə", "03", "تبریز"),
        ("Parsabaddan yaziram", "24", "پارس آباد"),
    ],
)
def test_place_in_latin_letters_is_found(text: str, province: str, county: str) -> None:
    place = find_place(text)
    assert (place.province, place.county) == (province, county)


@pytest.mark.parametrize(
    "text",
    [
        "do miliard toman",
        "karemoon be beimarestan keshid",
        "our foreman",
        "dorud bar shoma",
        "bargh e mahale",
        "az sare kuche",
    ],
)
def test_word_in_latin_letters_is_no_place(text: str) -> None:
    assert find_place(text).province is None


def test_landline_tells_places_of_one_name_apart() -> None:
    reading = read("قصابی در نورآباد")
    assert find_place_in(reading).province is None
    assert find_place_in(reading, {"15"}) == Place("15", "دلفان")
    assert find_place_in(read("شرکت سلامت گستر بم"), {"08"}) == Place("08", "بم")


def test_county_younger_than_the_source_is_known_where_it_is_called_one() -> None:
    assert canonical_county("01", "خمام") == "خمام"
    assert find_place("شهرستان خمام").county == "خمام"
    assert find_place("نانوایی تو خمام").county == "رشت"


@pytest.mark.parametrize(
    ("lat", "lon", "province"),
    [
        (35.70, 51.40, "23"),
        (29.6, 52.5, "07"),
        (35.83, 50.99, "30"),
        (26.54, 53.98, "22"),
        (33.98, 51.43, "10"),
        (28.67, 57.74, "08"),
        (39.65, 47.92, "24"),
        (25.3, 60.6, "11"),
    ],
)
def test_point_in_iran_has_a_province(lat: float, lon: float, province: str) -> None:
    assert nearest_province(lat, lon) == province


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (33.3, 44.4),
        (29.37, 47.98),
        (25.2, 55.27),
        (40.4, 49.9),
        (37.95, 58.38),
        (30.5, 47.8),
        (34.3, 62.2),
        (0, 0),
        (90, 180),
        (float("nan"), 51),
        (35, float("inf")),
    ],
)
def test_point_abroad_has_none(lat: float, lon: float) -> None:
    assert nearest_province(lat, lon) is None


@given(st.floats(), st.floats())
def test_any_point_can_be_asked(lat: float, lon: float) -> None:
    assert nearest_province(lat, lon) in {None, *PROVINCES}


def test_area_code_hints_at_a_province() -> None:
    assert province_of_area(Phone("+982188776655", "landline")) == "23"
    assert province_of_area(Phone("+989123456789", "mobile")) is None
