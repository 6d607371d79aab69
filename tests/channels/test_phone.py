"""What staff file for citizens, and when the telephone is answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from channels.channel import Arrival, Malformed
from channels.phone import CHANNELS, is_open
from normalizer.report import Report

NOON = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def read(code: str = "phone", **fields: Any) -> Report | Malformed:
    payload = {"text": "گران فروخت", "phone": "09121234567", "channel": code} | fields
    context = {"external_id": "once-1", "filed_by": 77}
    parsed = CHANNELS[code].parse(Arrival("staff/reports", payload, b"", NOON, context))
    assert isinstance(parsed, Report | Malformed)
    return parsed


@pytest.mark.parametrize("channel", ["phone", "counter", "letter"])
def test_report_carries_its_channel_and_who_filed_it(channel: str) -> None:
    said = read(channel, call_id="1795248000.17")
    assert isinstance(said, Report)
    assert (said.channel, said.filed_by, said.call_id, said.medium) == (channel, 77, "1795248000.17", None)
    assert said.always_complaint


def test_call_id_is_no_identity() -> None:
    one, two = read(call_id="c1"), read(call_id="c2")
    assert isinstance(one, Report)
    assert isinstance(two, Report)
    assert one.external_id == two.external_id


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"call_id": "x" * 65}, ("call_id", "too_long")),
        ({"call_id": "a\r\nb"}, ("call_id", "control_character")),
        ({"call_id": 5}, ("call_id", "wrong_type")),
        ({"channel": "pigeon"}, ("channel", "not_allowed")),
        ({"channel": None}, ("channel", "not_allowed")),
        ({"phone": None}, ("phone", "required")),
    ],
)
def test_wrong_field_is_named(fields: dict[str, Any], error: tuple[str, str]) -> None:
    parsed = read("phone", **fields)
    assert isinstance(parsed, Malformed)
    assert parsed.errors == (error,)


@pytest.mark.parametrize(
    ("utc", "opens", "closes", "answered"),
    [
        ("04:29", "08:00", "21:00", False),
        ("04:30", "08:00", "21:00", True),
        ("17:29", "08:00", "21:00", True),
        ("17:30", "08:00", "21:00", False),
        ("21:00", "20:00", "06:00", True),
        ("12:00", "20:00", "06:00", False),
        ("03:00", "08:00", "08:00", True),
    ],
)
def test_opening_hours_are_tehrans(utc: str, opens: str, closes: str, answered: bool) -> None:
    at = datetime.fromisoformat(f"2026-11-21T{utc}:00+00:00")
    assert is_open(at, opens, closes) is answered
