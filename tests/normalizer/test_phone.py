"""Phones: every usual spelling, one E.164 form, and no other opinion on validity than phonenumbers'."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.phone import Phone, PhoneProblem, find_phones, parse_phone

MOBILE = Phone("+989123456789", "mobile")


@pytest.mark.parametrize(
    "written",
    [
        "09123456789",
        "9123456789",
        "989123456789",
        "+989123456789",
        "00989123456789",
        "۰۹۱۲۳۴۵۶۷۸۹",
        "٠٩١٢٣٤٥٦٧٨٩",
        "0912 345 6789",
        "0912-345-67-89",
        "(0912) 3456789",
        "+98 912 345 6789",
        "+98 0912 345 6789",
        "\u202a09123456789\u202c",
    ],
)
def test_mobile_in_any_spelling_is_one_number(written: str) -> None:
    assert parse_phone(written) == MOBILE


@pytest.mark.parametrize("written", ["02188776655", "2188776655", "+982188776655", "021-8877 6655", "۰۲۱۸۸۷۷۶۶۵۵"])
def test_landline_is_kept_as_a_contact(written: str) -> None:
    phone = parse_phone(written)
    assert phone == Phone("+982188776655", "landline")
    assert phone.area_code == "021"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "124",
        "110",
        "30002225",
        "+9830002225",
        "0955123",
        "09551234567",
        "سلام",
        "0912345678",
        "091234567890",
        "1" * 500,
    ],
)
def test_short_codes_lines_and_nonsense_are_no_phones(written: str) -> None:
    assert parse_phone(written) == PhoneProblem("invalid_phone")


@pytest.mark.parametrize("written", ["+442079460958", "00905321234567", "+14155552671"])
def test_foreign_number_is_told_apart(written: str) -> None:
    assert parse_phone(written) == PhoneProblem("foreign_phone")


def _judge(text: str) -> str | None:
    """What phonenumbers makes of it: E.164 if it is a valid Iranian number that is neither short nor a UAN."""
    try:
        number = phonenumbers.parse(text, "IR")
    except phonenumbers.NumberParseException:
        return None
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    ours = (
        number.country_code == 98 and phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in kinds
    )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if ours else None


@given(
    st.sampled_from(["", "0", "98", "+98", "0098", "+980", "00980"]), st.from_regex(r"[1-9][0-9]{5,10}", fullmatch=True)
)
def test_validity_agrees_with_phonenumbers(prefix: str, number: str) -> None:
    ours = parse_phone(prefix + number)
    assert (ours.e164 if isinstance(ours, Phone) else None) == _judge(prefix + number)


@given(st.integers(900_0000000, 999_9999999), st.sampled_from(["0", "98", "+98"]))
def test_mobile_range_agrees_with_phonenumbers(number: int, prefix: str) -> None:
    ours = parse_phone(f"{prefix}{number}")
    assert (ours.e164 if isinstance(ours, Phone) else None) == _judge(f"{prefix}{number}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("با ۰۹۱۲۳۴۵۶۷۸۹ یا 0935-123-4567 تماس بگیرید", ["+989123456789", "+989351234567"]),
        ("شماره‌ها 09123456789 09351234567", ["+989123456789", "+989351234567"]),
        ("فاکتور شماره 9123456789", []),
        ("کد ملی 9123456789", []),
        ("تلفن:021 88776655", ["+982188776655"]),
        ("قیمت 9 123 456 789 ریال و کد ۱۲۳۴۵", []),
        ("از سرشماره 30002225 و 124", []),
        ("09123456789، دوباره +989123456789", ["+989123456789"]),
    ],
)
def test_phones_are_found_in_text(text: str, found: list[str]) -> None:
    assert [phone.e164 for phone in find_phones(text)] == found


@given(st.text(max_size=60))
def test_any_text_can_be_asked(text: str) -> None:
    assert isinstance(parse_phone(text), Phone | PhoneProblem)
    find_phones(text)
