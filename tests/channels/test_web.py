"""Reports in JSON: what is taken, and every wrong field with its code."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels import app, web
from channels.channel import Arrival, Malformed, Parsed
from channels.report_body import CODES, FactsBody, ReportBody, check
from normalizer.report import Attachment, Business, Place, Report

NOON = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
FULL: dict[str, Any] = {
    "text": "سوپرمارکت شیر را گران فروخت",
    "phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷",
    "name": "مریم احمدی",
    "national_id": "0076229645",
    "email": "maryam@example.ir",
    "anonymous": False,
    "category": "overcharging",
    "business": {"name": "سوپر گلستان", "guild_id": "0512345678", "address": "تهران", "phone": "124", "kind": "guild"},
    "place": {"province": "23", "county": "تهران", "lat": 35.7, "lon": 51},
    "damages_rial": 1_500_000,
    "happened_on": "1405-08-20",
}


def read(payload: Any, **context: Any) -> Parsed:
    return web.parse(Arrival("reports", payload, b"{...}", NOON, {"external_id": "key-1"} | context))


def errors(payload: dict[str, Any], **context: Any) -> tuple[tuple[str, str], ...]:
    parsed = read(payload, **context)
    assert isinstance(parsed, Malformed), parsed
    return parsed.errors


def test_full_report_keeps_every_field() -> None:
    said = read(FULL, attachments=(Attachment("a.jpg", "image/jpeg", b"x"),), language="en")
    assert isinstance(said, Report)
    assert (said.channel, said.account, said.external_id, said.raw) == ("web", "reports", "key-1", b"{...}")
    assert (said.sender.phone, said.sender.name, said.sender.email) == (
        "۰۹۱۲ ۱۲۳ ۴۵۶۷",
        "مریم احمدی",
        "maryam@example.ir",
    )
    assert (said.sender.national_id, said.sender.language) == ("0076229645", "en")
    assert said.business == Business("سوپر گلستان", "0512345678", "تهران", "124", "guild")
    assert said.place == Place("23", "تهران", 35.7, 51.0)
    assert (said.category, said.damages_rial, said.happened_on) == ("overcharging", 1_500_000, date(2026, 11, 11))
    assert [file.name for file in said.attachments] == ["a.jpg"]
    assert (said.medium, said.converses, said.always_complaint) == (None, False, True)


def test_least_report_needs_words_and_a_phone_only() -> None:
    said = read({"text": "گران فروخت", "phone": "02188001122"})
    assert isinstance(said, Report)
    assert (said.business, said.place, said.category) == (Business(), Place(), None)


def test_anonymous_report_needs_no_phone() -> None:
    said = read({"text": "x", "anonymous": True})
    assert isinstance(said, Report)
    assert said.anonymous


def test_blank_and_null_fields_were_not_given() -> None:
    blank = {"name": " ", "email": "", "category": None, "business": {"phone": "", "guild_id": " "}, "place": None}
    said = read({"text": "x", "phone": "09121234567"} | blank)
    assert isinstance(said, Report)
    assert (said.sender.name, said.sender.email, said.category, said.business) == (None, None, None, Business())


@pytest.mark.parametrize("phone", ["02188776655", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "+98 21 8877 6655", "1500", "۱۲۴", "8877-6655"])
def test_a_trader_has_a_phone_or_a_short_number(phone: str) -> None:
    said = read({"text": "x", "phone": "09121234567", "business": {"phone": phone}})
    assert isinstance(said, Report)
    assert said.business.phone == phone


@pytest.mark.parametrize(
    "guild_id", ["0512345678", "۰۵۱ ۲۳۴-۵۶۷۸", "https://www.iranianasnaf.ir/qr/0512345678", " 0512345678 "]
)
def test_a_guild_id_is_ten_digits_or_a_licence(guild_id: str) -> None:
    assert isinstance(read({"text": "x", "phone": "09121234567", "business": {"guild_id": guild_id}}), Report)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"text": ""}, "text", "required"),
        ({"text": " \n\u200c\t".replace("\u200c", "")}, "text", "required"),
        ({"text": None}, "text", "wrong_type"),
        ({"text": 5}, "text", "wrong_type"),
        ({"text": "x" * 10_001}, "text", "too_long"),
        ({"text": "a\x00b"}, "text", "control_character"),
        ({"text": "a\ud800b"}, "text", "wrong_value"),
        ({"phone": "123"}, "phone", "invalid_phone"),
        ({"phone": "+491711234567"}, "phone", "foreign_phone"),
        ({"phone": None}, "phone", "required"),
        ({"phone": ""}, "phone", "required"),
        ({"phone": 9121234567}, "phone", "wrong_type"),
        ({"anonymous": "true"}, "anonymous", "wrong_type"),
        ({"name": "x" * 501}, "name", "too_long"),
        ({"national_id": "0076229646"}, "national_id", "invalid_national_id"),
        ({"email": "nobody"}, "email", "invalid_email"),
        ({"email": "a@b.ir\r\nBcc: c@d.ir"}, "email", "invalid_email"),
        ({"category": "gossip"}, "category", "unknown_category"),
        ({"category": 5}, "category", "wrong_type"),
        ({"business": "shop"}, "business", "wrong_type"),
        ({"business": {"kind": "pirate"}}, "business.kind", "not_allowed"),
        ({"business": {"guild_id": 5}}, "business.guild_id", "wrong_type"),
        ({"business": {"guild_id": "123"}}, "business.guild_id", "invalid_guild_id"),
        ({"business": {"guild_id": "05123456789"}}, "business.guild_id", "invalid_guild_id"),
        ({"business": {"guild_id": "abcdefghij"}}, "business.guild_id", "invalid_guild_id"),
        ({"business": {"phone": "abc"}}, "business.phone", "invalid_phone"),
        ({"business": {"phone": "12"}}, "business.phone", "invalid_phone"),
        ({"business": {"phone": "123456789"}}, "business.phone", "invalid_phone"),
        ({"business": {"phone": "+4915123456789"}}, "business.phone", "foreign_phone"),
        ({"category": ""}, "category", "unknown_category"),
        ({"place": {"province": ""}}, "place.province", "unknown_province"),
        ({"national_id": ""}, "national_id", "invalid_national_id"),
        ({"happened_on": ""}, "happened_on", "invalid_date"),
        ({"business": {"owner": "x"}}, "business.owner", "unknown_field"),
        ({"place": {"province": "99"}}, "place.province", "unknown_province"),
        ({"place": {"province": "tehran"}}, "place.province", "unknown_province"),
        ({"place": {"lat": 90.1}}, "place.lat", "out_of_range"),
        ({"place": {"lon": -180.5}}, "place.lon", "out_of_range"),
        ({"place": {"lat": True}}, "place.lat", "wrong_type"),
        ({"place": {"lat": "35.7"}}, "place.lat", "wrong_type"),
        ({"place": {"lat": float("nan")}}, "place.lat", "out_of_range"),
        ({"place": {"lat": float("inf")}}, "place.lat", "out_of_range"),
        ({"damages_rial": -1}, "damages_rial", "out_of_range"),
        ({"damages_rial": 10**15 + 1}, "damages_rial", "out_of_range"),
        ({"damages_rial": 10**30}, "damages_rial", "out_of_range"),
        ({"damages_rial": 1.5}, "damages_rial", "wrong_type"),
        ({"damages_rial": True}, "damages_rial", "wrong_type"),
        ({"damages_rial": "1000"}, "damages_rial", "wrong_type"),
        ({"happened_on": "1405-13-01"}, "happened_on", "invalid_date"),
        ({"happened_on": "yesterday"}, "happened_on", "invalid_date"),
        ({"happened_on": "2026-11-22"}, "happened_on", "in_future"),
        ({"happened_on": "1405-09-01"}, "happened_on", "in_future"),
        ({"surprise": 1}, "surprise", "unknown_field"),
    ],
)
def test_wrong_field_is_named_with_its_code(change: dict[str, Any], field: str, code: str) -> None:
    assert errors({"text": "x", "phone": "09121234567"} | change) == ((field, code),)
    assert code in CODES


def test_every_wrong_field_is_told_at_once() -> None:
    found = errors({"category": "gossip", "place": {"province": "99"}, "damages_rial": -1})
    assert set(found) == {
        ("category", "unknown_category"),
        ("place.province", "unknown_province"),
        ("damages_rial", "out_of_range"),
        ("text", "required"),
        ("phone", "required"),
    }


def test_today_is_tehrans_day() -> None:
    late = datetime(2026, 11, 21, 20, 45, tzinfo=UTC)  # 00:15 of the 22nd in Tehran
    payload = {"text": "x", "phone": "09121234567", "happened_on": "2026-11-22"}
    assert isinstance(web.parse(Arrival("r", payload, b"", late, {"external_id": "1"})), Report)
    assert errors(payload, today=date(2026, 11, 21)) == (("happened_on", "in_future"),)


def test_half_a_position_is_none() -> None:
    said = read({"text": "x", "phone": "09121234567", "place": {"lat": 35.7}})
    assert isinstance(said, Report)
    assert said.place == Place()


def test_body_that_is_no_object_is_malformed() -> None:
    assert read(b"[]") == Malformed("report", "wrong_type")


def test_threat_46_unknown_names_come_back_short_and_on_one_line() -> None:
    ((field, _),) = errors({"text": "x", "phone": "09121234567", "a\r\nb" + "c" * 500: 1})
    assert field.startswith("a b")
    assert len(field) <= 64


def test_facts_of_a_completion_may_all_be_missing() -> None:
    assert check(FactsBody, {}, date(2026, 11, 21)) == FactsBody()
    assert check(FactsBody, {"text": "x"}, date(2026, 11, 21)) == (("text", "unknown_field"),)


def test_app_speaks_the_same_under_its_own_name() -> None:
    said = app.CHANNEL.parse(web.CHANNEL.samples[0])
    assert isinstance(said, Report)
    assert said.channel == "app"


def test_schema_can_be_published() -> None:
    schema = ReportBody.model_json_schema()
    assert schema["required"] == ["text"]
    assert schema["additionalProperties"] is False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from([*FULL, "other"]), JSON, max_size=6))
def test_threat_45_no_json_makes_the_parser_raise(change: dict[str, Any]) -> None:
    parsed = read(FULL | change)
    assert isinstance(parsed, Report | Malformed)
    if isinstance(parsed, Malformed):
        assert {code for _, code in parsed.errors} <= CODES


@pytest.mark.parametrize("text", ["\u200b", "\u200c\u200f", " \n\ufeff "], ids=["zero width", "joiner and mark", "bom"])
def test_a_text_of_invisible_marks_is_empty(text: str) -> None:
    assert errors(FULL | {"text": text}) == (("text", "required"),)
