"""Every fact says where it stands, how surely it was read and by which rule."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.fact import CONFIDENCE, Fact
from normalizer.identifiers import find_identifiers
from normalizer.normalize import normalize
from normalizer.text import fold
from tests.normalizer.messages import report_of

FOUND: Final = {
    "کد ملی ۰۰۷۶۲۲۹۶۴۵": [("national_id", "0076229645", "۰۰۷۶۲۲۹۶۴۵", "called")],
    "0076229645": [("national_id", "0076229645", "0076229645", "checked")],
    "شناسه ملی شرکت ۱۰۳۸۰۲۸۴۷۹۰ است": [("legal_id", "10380284790", "۱۰۳۸۰۲۸۴۷۹۰", "called")],
    "10380284790": [("legal_id", "10380284790", "10380284790", "checked")],
    "شناسه ملی 10380284792": [],
    "کد پستی ۱۵۹۸۸-۴۷۶۱۵": [("postal_code", "1598847615", "۱۵۹۸۸-۴۷۶۱۵", "called")],
    "کدپستی 11936-12345": [("postal_code", "1193612345", "11936-12345", "unusual")],
    "شماره مغازه 0912 123 45 67": [("phone", "+989121234567", "0912 123 45 67", "prefixed")],
    "به 9121234567 زنگ بزنید": [("phone", "+989121234567", "9121234567", "bare")],
    "کد 4821 3905 7168": [("tracking_code", "482139057168", "4821 3905 7168", "checked")],
    "A.B@Mail.ir": [("email", "a.b@mail.ir", "A.B@Mail.ir", "written")],
    "ali83 @ mail.ir": [("email", "ali83@mail.ir", "ali83 @ mail.ir", "written")],
    "ali83 [at] gmail [dot] com": [("email", "ali83@gmail.com", "ali83 [at] gmail [dot] com", "spelled")],
    "ali83 at جیمیل دات کام": [("email", "ali83@gmail.com", "ali83 at جیمیل دات کام", "spelled")],
    "a@b.ir یا c@d.ir": [("email", "a@b.ir", "a@b.ir", "written"), ("email", "c@d.ir", "c@d.ir", "written")],
    "عضو شوید @kanal.ir": [],
    "شناسه صنفی روی فاکتور 0477853387": [("guild_id", "0477853387", "0477853387", "called")],
    "شناسه صنفیش را یافتم، روی رسید خریدم نوشته بودند، یادداشت کنید لطفا: 0477853387": [
        ("guild_id", "0477853387", "0477853387", "announced")
    ],
    "شناسه صنفی ندارد و فقط یک برگه داد که رویش نوشته بود 0477853387": [],
    "بارکد https://iranianasnaf.ir/q/0412345678.": [
        ("licence_url", "https://iranianasnaf.ir/q/0412345678", "https://iranianasnaf.ir/q/0412345678", "written"),
        ("guild_id", "0412345678", "0412345678", "licence"),
    ],
}
PLATES: Final = {
    "۱۲ ب ۳۴۵ ایران ۶۷": ("12ب345-67", "iran"),
    "12ب345 ایران 67": ("12ب345-67", "iran"),
    "۱۲ب۳۴۵-ایران۶۷": ("12ب345-67", "iran"),
    "ایران ۶۷ - ۱۲ ب ۳۴۵": ("12ب345-67", "iran"),
    "ایران 67 345 ب 12": ("12ب345-67", "iran"),
    "پلاک ۱۲ الف ۳۴۵ - ۶۷": ("12الف345-67", "called"),
    "پلاک ماشینش ۷۷ عین ۹۱۲ ایران ۱۱": ("77ع912-11", "iran"),
    "pelak 12 jim 345 iran 67": ("12ج345-67", "iran"),
    "موتور با پلاک ۱۲۳-۴۵۶۷۸": ("123-45678", "motorcycle"),
}


@pytest.mark.parametrize("text", FOUND)
def test_number_is_found_where_it_stands(text: str) -> None:
    found = find_identifiers(fold(text)).facts
    assert [(fact.kind, fact.value, text[fact.start : fact.end], fact.rule) for fact in found] == FOUND[text]


@pytest.mark.parametrize("text", PLATES)
def test_plate_is_read_in_its_spellings(text: str) -> None:
    [plate] = [fact for fact in find_identifiers(fold(text)).facts if fact.kind == "plate"]
    assert (plate.value, plate.rule) == PLATES[text]


@pytest.mark.parametrize("text", ["پلاک ۱۲", "۲۰ ت ۵۰۰ ۱۲", "خیابان ایران پلاک ۱۲ واحد ۳", "ایران ۶۷", "12 ب 345 67"])
def test_house_number_or_sum_is_no_plate(text: str) -> None:
    assert not [fact for fact in find_identifiers(fold(text)).facts if fact.kind == "plate"]


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("شماره من 09121234567", "own"),
        ("شماره مغازه 09121234567", "shop"),
        ("شماره همسایه 09121234567", "other"),
        ("شماره 09121234567", None),
    ],
)
def test_phone_is_whose_the_text_says(text: str, whose: str | None) -> None:
    [phone] = find_identifiers(fold(text)).facts
    assert phone.whose == whose


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("ایمیلم ali@x.ir", "own"),
        ("ایمیل من: ali@x.ir", "own"),
        ("ایمیل شرکت ali@x.ir", None),
        ("به ali@x.ir نوشتم", None),
    ],
)
def test_mail_address_is_whose_the_text_says(text: str, whose: str | None) -> None:
    [mail] = find_identifiers(fold(text)).facts
    assert mail.whose == whose


def test_place_business_and_grievance_point_at_their_words() -> None:
    complaint = normalize(report_of("سوپرمارکت رضا در کرج دیروز شیر را گران فروخت"))
    said = {fact.kind: (fact.value, complaint.text[fact.start : fact.end]) for fact in complaint.facts}
    assert said["business"] == ("سوپرمارکت رضا", "سوپرمارکت رضا")
    assert said["province"] == ("30", "کرج")
    assert said["county"] == ("کرج", "کرج")
    assert said["category"][0] == "overcharging"
    assert "گران" in said["category"][1]


def test_what_the_text_does_not_say_is_no_fact_of_it() -> None:
    complaint = normalize(report_of("سلام", category="overcharging", phone="09121234567"))
    assert complaint.category == "overcharging"
    assert complaint.facts == ()


def test_table_of_numbers_is_read_so_far_only() -> None:
    table = "، ".join(f"0912{number:07d}" for number in range(2_000_000, 2_001_500))
    assert len(find_identifiers(fold(table)).phones) == 400


WORDS: Final = st.sampled_from(
    (
        *FOUND,
        *PLATES,
        "۲۰۰ هزار تومان",
        "از ۸۰ به ۱۲۰ هزار تومن",
        "یک میلیون و نیم تومن گرفت",
        "دیروز",
        "۲۰ آبان",
        "1405/8/20",
        "فوری",
        "مسموم شدیم",
        "در کرج",
        "سوپرمارکت رضا",
        "گران‌فروشی",
        "۰۹۱۲",
        "\u200c",
        "ﷲ",
    )
)


@given(st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=12).map(" ".join))
def test_every_fact_stands_in_the_text_and_holds_its_digits(text: str) -> None:
    complaint = normalize(report_of(text))
    for fact in complaint.facts:
        assert 0 <= fact.start < fact.end <= len(complaint.text)
        assert 0 <= fact.confidence <= 1
        assert fact.rule in CONFIDENCE[fact.kind]
        if fact.kind in DIGITS:
            _holds_its_digits(complaint.text, fact)


DIGITS: Final = frozenset(
    ("phone", "national_id", "legal_id", "postal_code", "guild_id", "tracking_code", "plate", "email", "licence_url")
)


def _holds_its_digits(text: str, fact: Fact) -> None:
    """The digits written there end with the value's, but for an international prefix and leading zeros."""
    written = "".join(character for character in fold(text[fact.start : fact.end]) if character in "0123456789")
    value = "".join(character for character in fact.value.removeprefix("+98") if character in "0123456789")
    if fact.kind == "plate":
        assert sorted(written) == sorted(value)
    elif fact.kind == "national_id":
        assert written.zfill(len(value)) == value
    else:
        assert written.endswith(value)
