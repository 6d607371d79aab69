"""Bodies of actions: every type's good and bad values, alternatives, groups, and what all bodies share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from normalizer.phone import Phone
from tests.support.staging import NOW
from ticketing.action_body import read_body, wrong_version
from ticketing.errors import Invalid
from ticketing.procedure_files import load_procedures

ACTIONS = load_procedures()["consumer"].actions
INSPECTION = {"violation": True, "finding": "تخلف محرز است"}
VERDICT = {"text": "محکوم", "number": "123/الف", "date": "1405-08-20"}


def refused(action: str, body: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        read_body(ACTIONS[action], body, NOW)
    return {error.field: error.code for error in refusal.value.errors}


@pytest.mark.parametrize(
    ("action", "body", "errors"),
    [
        ("settle", {}, {"result": "required"}),
        ("settle", {"result": None}, {"result": "required"}),
        ("settle", {"result": "maybe"}, {"result": "not_allowed"}),
        ("settle", {"result": True}, {"result": "wrong_type"}),
        ("settle", {"result": "settled", "mood": "good"}, {"mood": "unknown_field"}),
        ("answer", {"satisfied": "true"}, {"satisfied": "wrong_type"}),
        ("answer", {"satisfied": 1}, {"satisfied": "wrong_type"}),
        ("evaluate", {}, {"route": "required", "reject": "required"}),
        (
            "evaluate",
            {"route": "inspection", "reject": "unrelated", "answer": "x"},
            {"route": "only_one_of_these", "reject": "only_one_of_these"},
        ),
        ("evaluate", {"reject": "unrelated"}, {"answer": "required"}),
        ("evaluate", {"reject": "unrelated", "answer": "  \u200f "}, {"answer": "required"}),
        ("evaluate", {"route": "self_regulation", "body": "اتحادیه"}, {"body": "wrong_value"}),
        ("decline", {"reason": 5}, {"reason": "wrong_type"}),
        ("decline", {"reason": "x" * 1001}, {"reason": "too_long"}),
        ("decline", {"reason": "a\x00b"}, {"reason": "control_character"}),
        ("decline", {"reason": "\ud800"}, {"reason": "wrong_value"}),
        ("transfer", {"organisation": "99"}, {"organisation": "not_allowed"}),
        ("transfer", {"organisation": ["01"]}, {"organisation": "wrong_type"}),
        ("dispatch", {"inspector": "a b"}, {"inspector": "wrong_value"}),
        ("join", {"tracking_code": "123"}, {"tracking_code": "invalid_tracking_code"}),
        ("inspect", INSPECTION | {"amount_rial": -1}, {"amount_rial": "out_of_range"}),
        ("inspect", INSPECTION | {"amount_rial": 10**15 + 1}, {"amount_rial": "out_of_range"}),
        ("inspect", INSPECTION | {"amount_rial": 1.5}, {"amount_rial": "wrong_type"}),
        ("inspect", INSPECTION | {"amount_rial": True}, {"amount_rial": "wrong_type"}),
        ("inspect", INSPECTION | {"lat": 91}, {"lat": "out_of_range"}),
        ("inspect", INSPECTION | {"lon": float("nan")}, {"lon": "out_of_range"}),
        ("inspect", INSPECTION | {"lat": "35"}, {"lat": "wrong_type"}),
        ("inspect", INSPECTION | {"accuracy_m": -1}, {"accuracy_m": "out_of_range"}),
        ("inspect", INSPECTION | {"taken_at": "yesterday"}, {"taken_at": "wrong_value"}),
        ("inspect", INSPECTION | {"taken_at": "2026-11-21T07:00:00"}, {"taken_at": "no_time_zone"}),
        ("inspect", INSPECTION | {"taken_at": "2026-11-21T09:00:00Z"}, {"taken_at": "in_the_future"}),
        ("inspect", INSPECTION | {"taken_at": "0001-01-01T00:00:00+14:00"}, {"taken_at": "out_of_range"}),
        ("inspect", INSPECTION | {"taken_at": 5}, {"taken_at": "wrong_type"}),
        ("verdict", VERDICT | {"date": "1405-13-01"}, {"date": "invalid_date"}),
        ("verdict", VERDICT | {"date": "1405-09-01"}, {"date": "in_the_future"}),
        ("verdict", {"text": "x"}, {"number": "required", "date": "required"}),
        ("complete", {"phone": "+4915112345678"}, {"phone": "foreign_phone"}),
        ("complete", {"phone": "12"}, {"phone": "invalid_phone"}),
        ("complete", {"national_id": "1111111111"}, {"national_id": "invalid_national_id"}),
        ("complete", {"email": "a@b"}, {"email": "invalid_email"}),
        ("complete", {"category": "theft"}, {"category": "not_allowed"}),
        ("complete", {"place": {"province": "77"}}, {"place.province": "not_allowed"}),
        ("complete", {"place": "تهران"}, {"place": "unknown_field"}),
        ("complete", {"business": {"guild_id": "12"}}, {"business.guild_id": "invalid_guild_id"}),
        ("complete", {"business": {"colour": "red"}}, {"business.colour": "unknown_field"}),
        ("complete", {"happened_on": "2026-11-22"}, {"happened_on": "in_the_future"}),
        ("accept", {"note": 7}, {"note": "wrong_type"}),
        ("accept", {"note": "x" * 4001}, {"note": "too_long"}),
    ],
)
def test_a_wrong_body_names_its_fields(action: str, body: dict[str, Any], errors: dict[str, str]) -> None:
    assert refused(action, body) == errors


@pytest.mark.parametrize(
    ("action", "body", "fields"),
    [
        ("verdict", VERDICT | {"date": "۱۴۰۵/۰۸/۲۰"}, {"date": date(2026, 11, 11)}),
        ("verdict", VERDICT | {"date": "2026-11-21", "fine_rial": 0}, {"date": date(2026, 11, 21), "fine_rial": 0}),
        ("inspect", INSPECTION | {"amount_rial": 10**15, "lat": -90}, {"amount_rial": 10**15, "lat": -90.0}),
        (
            "inspect",
            INSPECTION | {"taken_at": "2026-11-21T11:30:00+03:30"},
            {"taken_at": datetime(2026, 11, 21, 8, tzinfo=UTC)},
        ),
        ("complete", {"phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷"}, {"phone": Phone("+989121234567", "mobile")}),
        ("complete", {"place": {"province": "23", "lat": 35.7, "county": None}}, {"place.province": "23"}),
        ("evaluate", {"route": "self_regulation", "body": " Asnaf-THR "}, {"body": "asnaf-thr"}),
        ("transfer", {"organisation": ""}, {"organisation": ""}),
        ("decline", {"reason": "راه\u202e دور \u200fاست"}, {"reason": "راه دور است"}),
    ],
)
def test_a_right_body_is_read(action: str, body: dict[str, Any], fields: dict[str, Any]) -> None:
    read = read_body(ACTIONS[action], body, NOW).fields
    assert {name: read[name] for name in fields} == fields


def test_the_note_is_cleaned_and_an_empty_one_is_none() -> None:
    assert read_body(ACTIONS["accept"], {"note": " سلام\u202e "}, NOW).note == "سلام"
    assert read_body(ACTIONS["accept"], {"note": " "}, NOW).note is None


@pytest.mark.parametrize(
    ("version", "code"), [(None, "required"), ("1", "wrong_type"), (True, "wrong_type"), (1.0, "wrong_type"), (3, None)]
)
def test_a_version_is_a_whole_number(version: object, code: str | None) -> None:
    assert wrong_version(version) == code
