"""Tracking codes: Damm's arithmetic and every way of writing a code down."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.tracking_code import damm_digit, find_codes, is_code, make_code, parse_code

CODE, ANONYMOUS = "482139057168", "7310284619573101"


@pytest.mark.parametrize(("digits", "check"), [("572", "4"), ("5724", "0"), ("43881234567", "9"), ("", "0")])
def test_check_digit_is_damms(digits: str, check: str) -> None:
    assert damm_digit(digits) == check


@given(st.integers(), st.booleans())
def test_made_codes_are_codes(seed: int, anonymous: bool) -> None:
    code = make_code(random.Random(seed).randrange, anonymous=anonymous)
    assert is_code(code)
    assert len(code) == (16 if anonymous else 12)
    assert not code.startswith(("0", "98"))


@given(st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place: int, by: int) -> None:
    wrong = CODE[:place] + str((int(CODE[place]) + by) % 10) + CODE[place + 1 :]
    assert not is_code(wrong)


@given(st.integers(0, 10))
def test_swapped_neighbours_are_noticed(place: int) -> None:
    swapped = CODE[:place] + CODE[place + 1] + CODE[place] + CODE[place + 2 :]
    assert swapped == CODE or not is_code(swapped)


@pytest.mark.parametrize(
    "digits", ["", "4821390571", "48213905716八", "٤٨٢١٣٩٠٥٧١٦٨", "012345678903", "980000000000", CODE[:-1] + "9"]
)
def test_other_strings_are_no_codes(digits: str) -> None:
    assert not is_code(digits)


@pytest.mark.parametrize(
    "written",
    [
        "482139057168",
        "4821 3905 7168",
        "4821-3905-7168",
        "۴۸۲۱ ۳۹۰۵ ۷۱۶۸",
        "٤٨٢١٣٩٠٥٧١٦٨",
        " ۴۸۲۱\u200c۳۹۰۵–۷۱۶۸ ",
        "48 21 39 05 71 68",
    ],
)
def test_code_is_read_in_any_script_and_grouping(written: str) -> None:
    assert parse_code(written) == CODE


@pytest.mark.parametrize("written", ["", "کد 482139057168", "482139057169", "4821"])
def test_text_that_is_more_or_less_than_a_code_is_none(written: str) -> None:
    assert parse_code(written) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"کد رهگیری من {CODE} است", [CODE]),
        (f"کد ۴۸۲۱ ۳۹۰۵ ۷۱۶۸ و {ANONYMOUS}", [CODE, ANONYMOUS]),
        ("7310 2846 1957 3101", [ANONYMOUS]),
        (f"شماره کارت {ANONYMOUS}", []),
        ("989123456789", []),
        ("482139057169", []),
    ],
)
def test_codes_are_found_in_text(text: str, found: list[str]) -> None:
    assert list(find_codes(text)) == found
