"""Segments as the provider charges them."""

from __future__ import annotations

import pytest

from sms.segments import encoding, segments, units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("س" * 70, 1),
        ("س" * 71, 2),
        ("س" * 134, 2),
        ("س" * 135, 3),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 70 + "س", 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("س" * 900, 14),
    ],
    ids=lambda value: f"{value[:1]}×{len(value)}" if isinstance(value, str) else str(value),
)
def test_text_costs_its_parts(text: str, expected: int) -> None:
    assert segments(text) == expected


def test_one_persian_letter_makes_the_whole_text_ucs2() -> None:
    assert encoding("hello {world}") == "gsm7"
    assert encoding("hello ۱") == "ucs2"


def test_extended_characters_and_emoji_count_twice() -> None:
    assert units("{}") == 4
    assert units("س😀") == 3
