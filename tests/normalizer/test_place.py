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
    nearest_province,
    organisation_of,
    province_of,
    province_of_area,
)

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
    ],
)
def test_place_is_found(text: str, province: str, county: str | None) -> None:
    place = find_place(text)
    assert (place.province, place.county) == (province, county)


@pytest.mark.parametrize(
    "text",
    [
        "خیابان تهران",
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
        "",
    ],
)
def test_word_that_only_looks_like_a_place_is_none(text: str) -> None:
    place = find_place(text)
    assert (place.province, place.county) == (None, None)


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
