"""What Bot API updates are read as: a table, then whatever can be thrown at it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.bot import parser
from channels.channel import Arrival, Ignored, Malformed, Parsed
from normalizer.report import Attachment, Place, Report

parse = parser("bale")
CHAT = {"id": 501, "type": "private"}
AUTHOR = {"id": 501, "is_bot": False, "first_name": "مریم"}


def read(update: Any) -> Parsed:
    raw = json.dumps(update).encode()
    return parse(Arrival("7001", update, raw, datetime(2026, 11, 21, 8, 0, tzinfo=UTC)))


def message(**fields: Any) -> dict[str, Any]:
    return {"update_id": 9, "message": {"message_id": 71, "chat": CHAT, "from": AUTHOR} | fields}


def report(update: dict[str, Any]) -> Report:
    parsed = read(update)
    assert isinstance(parsed, Report), parsed
    return parsed


def test_text_message_becomes_a_report_with_its_identity_and_voice() -> None:
    said = report(message(text="گران فروخت"))
    assert (said.channel, said.account, said.external_id) == ("bale", "7001", "9")
    assert (said.text, said.sender.chat, said.sender.name) == ("گران فروخت", "501", "مریم")
    assert (said.medium, said.converses, said.message_ids, said.choice) == ("bot", True, ("501/71",), None)
    assert not said.always_complaint


@pytest.mark.parametrize(
    ("text", "choice", "rest"),
    [
        ("/start", "start:", ""),
        ("/START@gateway_124_bot", "start:", ""),
        ("/help", "start:", ""),
        ("/track ۱۲۳۴ ۵۶۷۸ ۹۰۱۲", "track:۱۲۳۴ ۵۶۷۸ ۹۰۱۲", "۱۲۳۴ ۵۶۷۸ ۹۰۱۲"),
        ("/track", "track:", ""),
        ("/cancel", "cancel:", ""),
        ("/unknown thing", None, "/unknown thing"),
        ("قیمت 2/start", None, "قیمت 2/start"),
    ],
)
def test_commands_become_choices(text: str, choice: str | None, rest: str) -> None:
    said = report(message(text=text))
    assert (said.choice, said.text) == (choice, rest)


def test_own_contact_card_gives_the_phone() -> None:
    said = report(message(contact={"phone_number": "989121234567", "user_id": 501}))
    assert (said.choice, said.sender.phone) == ("contact:shared", "+989121234567")


@pytest.mark.parametrize("owner", [{}, {"user_id": 502}, {"user_id": True}, {"user_id": "501"}])
def test_threat_42_a_foreign_contact_card_is_not_taken_as_the_senders(owner: dict[str, Any]) -> None:
    said = report(message(contact={"phone_number": "989121234567"} | owner))
    assert (said.choice, said.sender.phone) == ("contact:foreign", None)


def test_location_gives_the_place() -> None:
    said = report(message(location={"latitude": 35.7, "longitude": 51}))
    assert (said.choice, said.place) == ("location:shared", Place(lat=35.7, lon=51.0))


@pytest.mark.parametrize(
    "location", [{}, {"latitude": 91, "longitude": 0}, {"latitude": True, "longitude": 1}, {"latitude": "35"}]
)
def test_impossible_location_is_malformed(location: dict[str, Any]) -> None:
    assert read(message(location=location)) == Malformed("message.location", "out_of_range")


def test_photo_is_taken_at_its_largest_with_its_caption() -> None:
    said = report(message(photo=[{"file_id": "s"}, {"file_id": "l"}], caption="فاکتور"))
    assert said.text == "فاکتور"
    assert said.attachments == (Attachment("photo.jpg", "image/jpeg", source="l"),)


def test_threat_46_document_name_loses_its_line_breaks() -> None:
    given = {"file_id": "d", "file_name": "a\r\nSet-Cookie: x.pdf", "mime_type": "application/pdf"}
    assert report(message(document=given)).attachments[0].name == "a Set-Cookie: x.pdf"


def test_pressed_button_is_a_choice_on_the_message_it_hung_on() -> None:
    query = {"id": "1", "from": AUTHOR, "data": "category:fraud", "message": {"message_id": 70, "chat": CHAT}}
    said = report({"update_id": 10, "callback_query": query})
    assert (said.choice, said.sender.chat, said.replies_to, said.text) == ("category:fraud", "501", ("501/70",), "")


def test_button_of_a_message_too_old_still_names_its_chat() -> None:
    said = report({"update_id": 10, "callback_query": {"id": "1", "from": AUTHOR, "data": "answer:1"}})
    assert (said.sender.chat, said.replies_to) == ("501", ())


def test_reply_names_the_message_replied_to() -> None:
    assert report(message(text="بله", reply_to_message={"message_id": 60})).replies_to == ("501/60",)


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ({"update_id": 1, "edited_message": {"text": "x"}}, "edited_message"),
        ({"update_id": 1, "channel_post": {"text": "x"}}, "channel_post"),
        ({"update_id": 1, "my_chat_member": {}}, "my_chat_member"),
        ({"update_id": 1}, "empty"),
        (message(chat={"id": -5, "type": "group"}, text="x"), "not_private"),
        (message(**{"from": AUTHOR | {"is_bot": True}}, text="x"), "from_a_bot"),
        (message(new_chat_members=[{}]), "no_content"),
        (message(text="  \n "), "no_content"),
        (message(sticker={"file_id": "s"}), "no_content"),
        ({"update_id": 1, "callback_query": {"from": AUTHOR, "data": "nonsense"}}, "unknown_button"),
    ],
)
def test_what_is_no_report_is_ignored_with_a_reason(update: dict[str, Any], reason: str) -> None:
    assert read(update) == Ignored(reason)


@pytest.mark.parametrize(
    ("update", "field"),
    [
        ({}, "update_id"),
        ({"update_id": True}, "update_id"),
        ({"update_id": "7"}, "update_id"),
        ({"update_id": 2**70, "message": {}}, "update_id"),
        ({"update_id": 1, "message": "text"}, "message"),
        ({"update_id": 1, "message": {}}, "message.chat.id"),
        (message(text=5), "message.text"),
        (message(text="x" * 10_001), "message.text"),
        (message(contact={"user_id": 501}), "message.contact.phone_number"),
        ({"update_id": 1, "callback_query": {"data": "a:b"}}, "callback_query.from.id"),
    ],
)
def test_malformed_update_names_its_field(update: dict[str, Any], field: str) -> None:
    parsed = read(update)
    assert isinstance(parsed, Malformed)
    assert parsed.field == field


def test_lone_surrogates_and_nuls_never_reach_a_column() -> None:
    assert report(message(text="a\ud800b\x00c")).text == "a\ufffdbc"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
PARTS = ("chat", "from", "text", "caption", "contact", "location", "photo", "document", "voice", "reply_to_message")


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PARTS), JSON, max_size=6), st.sampled_from(["message", "callback_query", "other"])
)
def test_threat_36_no_update_makes_the_parser_raise(parts: dict[str, Any], kind: str) -> None:
    parsed = parse(Arrival("1", {"update_id": 1, kind: parts}, b"", datetime(2026, 11, 21, tzinfo=UTC)))
    assert isinstance(parsed, Report | Ignored | Malformed)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_threat_36_no_message_body_makes_the_parser_raise(body: Any) -> None:
    full = {"message_id": body, "chat": CHAT, "from": body, "contact": body, "photo": [body], "document": body}
    parsed = parse(Arrival("1", {"update_id": 1, "message": full}, b"", datetime(2026, 11, 21, tzinfo=UTC)))
    assert isinstance(parsed, Report | Ignored | Malformed)
