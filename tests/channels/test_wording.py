"""Foreign text made safe to keep, and nothing more than that."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.address import is_address
from channels.wording import one_line, storable


@pytest.mark.parametrize(
    ("text", "kept"),
    [("گران‌فروشی", "گران‌فروشی"), ("a\x00b", "ab"), ("a\ud800b", "a\ufffdb"), ("a\u202eb\r\n", "a\u202eb\r\n")],
)
def test_threat_50_only_what_no_column_holds_is_taken_out(text: str, kept: str) -> None:
    assert storable(text) == kept


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters()), st.integers(1, 40))
def test_threat_46_one_line_is_one_line(text: str, limit: int) -> None:
    flat = one_line(text, limit)
    assert len(flat) <= limit
    assert len(flat.splitlines()) <= 1
    assert flat == flat.strip()
    flat.encode()


@pytest.mark.parametrize("address", ["a@b.ir", "first.last+tag@sub.example.ir", "root@localhost", "مریم@مثال.ایران"])
def test_usual_addresses_are_addresses(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "@b",
        "a@",
        "a b@c",
        "a@b@c",
        "a@b,c@d",
        "a@b\r\nRCPT TO:<c@d>",
        "a@b\x00",
        "<a@b>",
        '"a"@b',
        "a@b\ud800",
    ],
)
def test_threat_46_anything_that_carries_more_is_none(address: str) -> None:
    assert not is_address(address)
