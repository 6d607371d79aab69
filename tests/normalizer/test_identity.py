"""Ids of persons and businesses: check digits, soft forms, and what a text calls them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.identifiers import find_identifiers
from normalizer.identity import (
    find_guild_ids,
    find_national_ids,
    guild_id_ok,
    legal_id_ok,
    national_id_ok,
    parse_guild_id,
    parse_national_id,
    postal_code_ok,
)
from normalizer.text import fold


@pytest.mark.parametrize("written", ["0076229645", "1583250689", "۰۰۷۶۲۲۹۶۴۵", "76229645", "007-622964-5"])
def test_right_national_ids(written: str) -> None:
    assert national_id_ok(written)


@pytest.mark.parametrize(
    "written", ["0076229646", "1111111111", "0000000000", "1230000009", "7622964", "00762296450", "abc", ""]
)
def test_wrong_national_ids(written: str) -> None:
    assert not national_id_ok(written)


def test_short_national_id_is_padded() -> None:
    assert parse_national_id("76229645") == "0076229645"


@pytest.mark.parametrize(
    ("written", "right"),
    [("10380284790", True), ("10380284792", False), ("۱۰۳۸۰۲۸۴۷۹۰", True), ("1038028479", False), ("1" * 11, False)],
)
def test_legal_ids(written: str, right: bool) -> None:
    assert legal_id_ok(written) is right


@pytest.mark.parametrize(
    ("written", "usual"),
    [("1598847615", True), ("15988-47615", True), ("11936-12345", False), ("1111147615", False), ("159884761", False)],
)
def test_postal_codes_have_a_usual_form(written: str, usual: bool) -> None:
    assert postal_code_ok(written) is usual


@pytest.mark.parametrize(
    ("written", "guild_id"),
    [
        ("0412345678", "0412345678"),
        ("۰۴۱۲۳۴۵۶۷۸", "0412345678"),
        ("https://iranianasnaf.ir/q/0412345678?x=1", "0412345678"),
        ("041234567", None),
        ("", None),
    ],
)
def test_guild_id_by_hand_or_by_barcode(written: str, guild_id: str | None) -> None:
    assert parse_guild_id(written) == guild_id
    assert guild_id_ok(written) is (guild_id is not None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("شناسه صنفی ۰۴۱۲۳۴۵۶۷۸", ["0412345678"]),
        ("کد صنفی: 0412345678", ["0412345678"]),
        ("شناسه کسب و کار 0412345678", ["0412345678"]),
        ("پروانه کسب شماره 0412345678", ["0412345678"]),
        ("بارکد را خواندم https://asnaf.ir/p?id=0412345678", ["0412345678"]),
        ("شماره 0412345678", []),
        ("شناسه صنفی 041234", []),
    ],
)
def test_guild_ids_are_those_the_text_calls_so(text: str, found: list[str]) -> None:
    assert list(find_guild_ids(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("کد ملی من 0076229645", ["0076229645"]),
        ("کدملی ۷۶۲۲۹۶۴۵", ["0076229645"]),
        ("0076229645", ["0076229645"]),
        ("سفارش 0076229645", []),
        ("کد ملی 0076229646", []),
        ("شناسه ملی 10380284790", []),
    ],
)
def test_national_ids_need_the_right_check_digit(text: str, found: list[str]) -> None:
    assert list(find_national_ids(text)) == found


def test_each_number_is_taken_for_one_thing() -> None:
    found = find_identifiers(fold("کد ملی 0076229645 شناسه صنفی 1583250689 تماس 9123456789 کد 4821 3905 7168 a@b.ir"))
    assert found.national_ids == ("0076229645",)
    assert found.guild_ids == ("1583250689",)
    assert found.phones == ("+989123456789",)
    assert found.tracking_codes == ("482139057168",)
    assert found.emails == ("a@b.ir",)


@given(st.text(max_size=60))
def test_any_text_can_be_asked(text: str) -> None:
    assert national_id_ok(text) in (True, False)
    assert legal_id_ok(text) in (True, False)
    assert postal_code_ok(text) in (True, False)
    find_identifiers(fold(text))
