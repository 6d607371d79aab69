"""Kavenegar by itself: codes, asking, receipts, the inbox, its hooks' payloads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.outcome import Outcome, SendOutcome
from sms.providers.kavenegar import Kavenegar, create, parse_inbound, parse_receipt
from sms.providers.kavenegar_api import KavenegarError, _entries
from sms.providers.kavenegar_codes import RETURN_CODES, STATUSES, meaning_of
from sms.providers.provider import Inbound, MalformedPayloadError, ProviderUnavailableError
from sms.receipts import ReceiptReport
from sms.sender import OutgoingNotice
from tests.sms.conftest import LINE, MOBILE
from tests.support.clock import ManualClock
from tests.support.fakes.kavenegar import FakeKavenegar

NOTICE = OutgoingNotice(77, "", MOBILE, "سلام")

DOCUMENTED = (
    *(400, 401, 402, 403, 404, 405, 406, 407, 409, 411, 412, 413, 414, 415, 416, 417, 418, 419, 420, 422),
    *(424, 426, 427, 428, 429, 431, 432, 451, 501, 607),
)
NEVER_AGAIN = (400, 406, 411, 413, 414, 415, 417, 419, 420, 422, 424, 428, 431, 432, 607)
BUSY = (402, 409, 451)


def test_every_documented_code_has_its_meaning() -> None:
    assert set(RETURN_CODES) == set(DOCUMENTED)
    assert set(STATUSES) == {1, 2, 4, 5, 6, 10, 11, 13, 14}


@pytest.mark.parametrize("code", [*DOCUMENTED, 433, 499, 500, 503])
async def test_return_code_leads_to_its_outcome(fake: FakeKavenegar, kavenegar: Kavenegar, code: int) -> None:
    fake.fail("sendarray", f"code:{code}")
    (outcome,) = await kavenegar.send([NOTICE])
    if code in NEVER_AGAIN:
        expected = Outcome.REFUSED
    elif code in BUSY or code in (433, 499):
        expected = Outcome.RETRY
    elif code in (500, 503):
        expected = Outcome.AMBIGUOUS
    else:
        expected = Outcome.PAUSED
    assert outcome == SendOutcome(expected, reason=meaning_of(code).reason)


@pytest.mark.parametrize("status", [1, 2, 4, 5, 6, 10, 11, 13, 14, 100, 99])
async def test_status_of_a_taken_message_is_understood(fake: FakeKavenegar, kavenegar: Kavenegar, status: int) -> None:
    fake.initial_status = status
    (outcome,) = await kavenegar.send([NOTICE])
    receipts = {6: "failed", 10: "delivered", 11: "failed", 13: "failed", 14: "failed"}
    if status == 100:
        assert outcome == SendOutcome(Outcome.AMBIGUOUS, reason="garbage")
    else:
        assert (outcome.outcome, outcome.receipt) == (Outcome.ACCEPTED, receipts.get(status))
        assert outcome.provider_id in {str(i) for i in fake.messages}


async def test_known_localid_gives_the_old_record_back(fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    first, again = await kavenegar.send([NOTICE]), await kavenegar.send([NOTICE])
    assert first == again
    assert fake.really_sent == {"77": 1}


async def test_asking_finds_what_was_taken_and_knows_what_was_not(fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    (sent,) = await kavenegar.send([NOTICE])
    other = OutgoingNotice(78, "", MOBILE, "سلام")
    known, unknown = await kavenegar.ask([NOTICE, other])
    assert (known.outcome, known.provider_id) == (Outcome.ACCEPTED, sent.provider_id)
    assert unknown == SendOutcome(Outcome.RETRY, reason="not_sent")


@pytest.mark.parametrize(("code", "outcome"), [(403, Outcome.PAUSED), (418, Outcome.PAUSED), (404, Outcome.AMBIGUOUS)])
async def test_asking_that_fails_decides_nothing(
    fake: FakeKavenegar, kavenegar: Kavenegar, code: int, outcome: Outcome
) -> None:
    fake.fail("statuslocalmessageid", f"code:{code}")
    assert [answer.outcome for answer in await kavenegar.ask([NOTICE])] == [outcome]


async def test_answer_about_somebody_else_is_not_believed(fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    await kavenegar.send([NOTICE])
    stranger = OutgoingNotice(77, "", "+989350000000", "سلام")
    assert await kavenegar.send([stranger]) == [SendOutcome(Outcome.AMBIGUOUS, reason="other_receptor")]


async def test_receipts_are_polled_by_their_ids(fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    outcomes = await kavenegar.send([OutgoingNotice(n, "", f"+98912000000{n}", "س") for n in range(1, 4)])
    ids = [str(outcome.provider_id) for outcome in outcomes]
    for message, status in zip(fake.messages.values(), (10, 14, 4), strict=True):
        message.status = status
    reports = await kavenegar.fetch_receipts([*ids, "999"])
    assert reports == [
        ReceiptReport(ids[0], "delivered"),
        ReceiptReport(ids[1], "failed", "blocked_by_recipient"),
        ReceiptReport(ids[2], "accepted"),
    ]


async def test_polling_that_fails_names_a_code_only(fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    fake.fail("status", "code:418")
    with pytest.raises(ProviderUnavailableError, match=r"^no_credit$"):
        await kavenegar.fetch_receipts(["1"])


async def test_inbox_is_read_a_hundred_at_a_time_and_a_lost_batch_is_found_again(
    fake: FakeKavenegar, kavenegar: Kavenegar
) -> None:
    rows = [fake.text_in(MOBILE, f"متن {n}", LINE) for n in range(250)]
    fake.text_in(MOBILE, "به خطی دیگر", "1000")
    batches = [await kavenegar.fetch_inbox() for _ in range(4)]
    assert [len(batch) for batch in batches] == [100, 100, 50, 0]
    assert batches[0][0] == Inbound(MOBILE, LINE, str(rows[0].messageid), "متن 0")
    found = await kavenegar.fetch_read_inbox()
    assert [text.message_id for text in found] == [str(row.messageid) for row in rows]
    (first_page, *_) = fake.calls("inboxpaged")
    assert int(first_page["enddate"]) - int(first_page["startdate"]) == 2 * 24 * 3600


async def test_unreadable_inbox_row_does_not_hold_up_the_others(fake: FakeKavenegar, kavenegar: Kavenegar) -> None:
    fake.text_in("", "بی‌فرستنده", LINE)
    fake.text_in(MOBILE, "خوب", LINE)
    assert [text.text for text in await kavenegar.fetch_inbox()] == ["خوب"]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (
            {"from": "09121234567", "to": "30001240", "messageid": "81", "message": "سلام"},
            Inbound("09121234567", "30001240", "81", "سلام"),
        ),
        (
            {"from": "۰۹۱۲۱۲۳۴۵۶۷", "to": "۳۰۰۰", "messageid": "٨١", "message": "کد ۱۲۳"},
            Inbound("09121234567", "3000", "81", "کد ۱۲۳"),
        ),
        ({"from": 989121234567, "messageid": 81, "message": ""}, Inbound("989121234567", "", "81", "")),
        (
            {"sender": "9121234567", "receptor": "3000", "messageid": 81, "message": "x", "date": 1},
            Inbound("9121234567", "3000", "81", "x"),
        ),
    ],
    ids=["as documented", "persian digits", "json numbers", "inbox row"],
)
def test_inbound_payload_is_read(payload: dict[str, Any], expected: Inbound) -> None:
    assert parse_inbound(payload) == expected


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("from", {"from": None}),
        ("from", {"from": "  "}),
        ("from", {"from": ["0912"]}),
        ("from", {"from": True}),
        ("message", {"message": None}),
        ("message", {"message": {"a": 1}}),
        ("messageid", {"messageid": None}),
        ("messageid", {"messageid": ""}),
        ("messageid", {"messageid": "1" * 65}),
        ("messageid", {"messageid": "1\r\nX: y"}),
        ("to", {"to": ["3000"]}),
    ],
)
def test_malformed_inbound_payload_names_its_field(field: str, change: dict[str, Any]) -> None:
    good = {"from": "09121234567", "to": "3000", "messageid": "81", "message": "سلام"}
    with pytest.raises(MalformedPayloadError) as refusal:
        parse_inbound({**good, **change})
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"messageid": "85", "status": "10"}, ReceiptReport("85", "delivered")),
        ({"messageid": 85, "status": 11}, ReceiptReport("85", "failed", "undelivered")),
        ({"messageid": "۸۵", "status": "۴"}, ReceiptReport("85", "accepted")),
        ({"messageid": "85", "status": "77"}, ReceiptReport("85", "accepted")),
        (
            {"messageid": "85", "status": "14", "statustext": "بلاک", "sender": "3000", "receptor": "0912"},
            ReceiptReport("85", "failed", "blocked_by_recipient"),
        ),
    ],
)
def test_receipt_payload_is_read(payload: dict[str, Any], expected: ReceiptReport) -> None:
    assert parse_receipt(payload) == expected


@pytest.mark.parametrize(
    ("field", "payload"),
    [
        ("messageid", {"status": "10"}),
        ("status", {"messageid": "85"}),
        ("status", {"messageid": "85", "status": "delivered"}),
        ("status", {"messageid": "85", "status": "²"}),
        ("status", {"messageid": "85", "status": "1" * 5000}),
        ("status", {"messageid": "85", "status": -1}),
    ],
)
def test_threat_25_malformed_receipt_names_its_field(field: str, payload: dict[str, Any]) -> None:
    with pytest.raises(MalformedPayloadError) as refusal:
        parse_receipt(payload)
    assert refusal.value.field == field


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
ENVELOPE = st.fixed_dictionaries({"return": st.fixed_dictionaries({"status": JSON}) | JSON, "entries": JSON}) | JSON


@given(status=st.sampled_from([200, 204, 302, 400, 409, 500, 599]), answer=ENVELOPE)
def test_threat_20_any_answer_is_entries_or_a_closed_error(status: int, answer: object) -> None:
    try:
        entries = _entries(status, json.dumps(answer).encode())
    except KavenegarError as error:
        outcome = error.meaning.outcome
    else:
        outcome = Outcome.ACCEPTED
        assert all(isinstance(entry, dict) for entry in entries)
    assert outcome is not Outcome.ACCEPTED or status == 200


@given(body=st.binary(max_size=200))
def test_threat_20_any_bytes_under_200_are_never_an_acceptance(body: bytes) -> None:
    with pytest.raises(KavenegarError) as failure:
        _entries(200, body)
    assert failure.value.meaning.outcome is Outcome.AMBIGUOUS


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"return":{"status":' + b"9" * 5000 + b"}}", b"\xff\xfe", b""])
def test_threat_20_hostile_bodies_are_garbage(body: bytes) -> None:
    with pytest.raises(KavenegarError, match="garbage"):
        _entries(200, body)


def test_missing_key_is_named() -> None:
    settings = {"api_key": "", "base_url": "https://api.kavenegar.com", "sender": LINE, "timeout_s": 10}
    with pytest.raises(ValueError, match=r"^sms\.kavenegar\.api_key is empty$"):
        create(settings, ManualClock())
