"""Texts received: their identity, and what is no text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.channel import Arrival, Malformed, Parsed
from channels.sms import parse
from normalizer.report import Report

TEXT = {"sender": "09121234567", "line": "10008663", "message_id": "8792343", "text": "نان گران است"}


def read(**fields: Any) -> Parsed:
    return parse(Arrival("kavenegar", TEXT | fields, b"raw", datetime(2026, 11, 21, 8, 0, tzinfo=UTC)))


def report(**fields: Any) -> Report:
    parsed = read(**fields)
    assert isinstance(parsed, Report)
    return parsed


def test_text_becomes_a_report_that_can_be_asked_back() -> None:
    said = report()
    assert (said.text, said.sender.phone, said.medium, said.converses) == ("نان گران است", "09121234567", "sms", True)
    assert said.message_ids == ("8792343",)
    assert not said.always_complaint


@pytest.mark.parametrize(
    "same",
    [{}, {"sender": "+989121234567"}, {"sender": "00989121234567"}, {"text": " نان گران است \r\n"}],
)
def test_same_text_by_hook_and_from_the_inbox_is_one_report(same: dict[str, str]) -> None:
    assert report(**same).external_id == report().external_id


@pytest.mark.parametrize(
    "other",
    [{"text": "نان ارزان است"}, {"sender": "09121234568"}, {"line": "10008664"}, {"message_id": "8792344"}],
)
def test_same_id_with_other_content_is_another_report(other: dict[str, str]) -> None:
    assert report(**other).external_id != report().external_id


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"sender": None}, ("sender", "required")),
        ({"sender": " "}, ("sender", "required")),
        ({"message_id": ""}, ("message_id", "required")),
        ({"message_id": 5}, ("message_id", "wrong_type")),
        ({"text": ["x"]}, ("text", "wrong_type")),
        ({"text": "x" * 10_001}, ("text", "too_long")),
    ],
)
def test_what_is_no_text_names_its_field(fields: dict[str, Any], error: tuple[str, str]) -> None:
    assert read(**fields) == Malformed(*error)


def test_every_missing_field_is_told() -> None:
    parsed = read(sender=None, line=None)
    assert isinstance(parsed, Malformed)
    assert parsed.errors == (("sender", "required"), ("line", "required"))


def test_bytes_are_no_text() -> None:
    assert parse(Arrival("x", b"raw", b"raw", datetime(2026, 11, 21, tzinfo=UTC))) == Malformed("message", "wrong_type")


ANY = st.none() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=3), max_size=2)


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(TEXT, ANY)))
def test_threat_36_no_payload_makes_the_parser_raise(payload: dict[str, Any]) -> None:
    parsed = parse(Arrival("x", payload, b"", datetime(2026, 11, 21, tzinfo=UTC)))
    assert isinstance(parsed, Report | Malformed)
    if isinstance(parsed, Report):
        (parsed.text + parsed.external_id + (parsed.sender.phone or "")).encode()
