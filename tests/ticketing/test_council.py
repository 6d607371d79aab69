"""Cases before a disciplinary council: the fee, the hearing, who stays away, the expert, the decision, the address."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from channels.mail_out import MailSender, Relay
from gateway.senders import EmailSender
from tests.support.clock import ManualClock
from tests.support.council import (
    CHAIR,
    DETAILS,
    LETTER,
    RESPONDENT_PHONE,
    SECRETARY,
    STARTS_AT,
    complaint,
    filed,
    opened,
)
from tests.support.council_case import Case
from tests.support.mail import FakeRelay
from tests.support.meetings import OFFICE
from tests.support.reports import AT
from tests.support.staging import act, errors_of, member
from ticketing.appointment_reminders import remind
from ticketing.appointments import free_slots
from ticketing.database import Database
from ticketing.errors import Conflict, Invalid
from ticketing.filing import checked_filing
from ticketing.membership import Membership, import_memberships
from ticketing.rules import Rules
from ticketing.sittings import days_without_sitting

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])
SITTING = {"members_present": 3, "minutes": "شورا تشکیل شد."}
DECISION: dict[str, Any] = {
    "outcome": "upheld",
    "number": "1405/12",
    "date": "1405-09-15",
    "members_present": 4,
    "text": "مشتکی‌عنه به تذکر کتبی محکوم می‌شود.",
}


@pytest.fixture
async def case(database: Database, rules: Rules) -> Case:
    await opened(database, rules)
    return Case(database, rules, await filed(database, rules))


async def test_nothing_is_done_before_the_fees_receipt_is_known(case: Case) -> None:
    assert await case.stands() == ("lodged", "citizen", None)
    (told,) = (await case.seen())["notices"]
    assert "۴,۹۰۵,۰۰۰" in told["text"]
    assert "۲-۱۰۱۰۱۴۳۳-۸۱۰۰-۳۲۰" in told["text"]
    with pytest.raises(Conflict):
        await case.does("submit")
    assert await case.hears("پرداخت کردم") == "asked"
    assert await case.hears("شماره رسید ۱۴۰۵۰۸۳۰۱۲۳۴، مبلغ ۴۹۰۵۰۰۰ ریال") == "answered"
    assert await case.stands() == ("admitted", "council_secretary", None)
    assert (await case.seen())["facts"]["details"]["fee_receipt"] == "140508301234"
    await case.does("refuse_receipt")
    assert await case.stands() == ("admitted", "citizen", None)
    assert await case.hears("123456789012") == "answered", "a receipt may be as long as a tracking code"
    assert await case.stands() == ("admitted", "council_secretary", None)


async def test_silence_about_the_fee_is_reminded_of_once_and_then_closes(case: Case) -> None:
    await case.waits(5)
    assert [each["kind"] for each in (await case.seen())["notices"]] == ["step", "question"]
    await case.waits(10)
    assert await case.stands() == ("lodged", None, "unreachable")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"respondent_name": None}, {"details.respondent_name": "required"}),
        ({"respondent_email": "nobody"}, {"details.respondent_email": "invalid_email"}),
        ({"fee_receipt": "پرداخت شد"}, {"details.fee_receipt": "invalid_receipt"}),
    ],
)
async def test_a_filing_is_refused_by_field(case: Case, changes: dict[str, Any], wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_filing(case.rules, complaint(**changes), AT)
    assert {error.field: error.code for error in refusal.value.errors} == wrong


async def test_both_sides_are_invited_with_a_calendar_file_that_programs_read(case: Case) -> None:
    await case.admitted(urgent=True)
    assert (await case.seen())["urgent"]
    await case.scheduled()
    await case.does("invite", reason="ادای توضیح و ارائهٔ قرارداد")
    texts, mails = await case.sent("sms"), await case.sent("email")
    assert [each.recipient for each in texts[:2]] == ["+989121234567", RESPONDENT_PHONE]
    assert all(words in texts[1].text for words in ("۱۴۰۵-۰۰۰۰۰۱", "آپادانا", "ادای توضیح", "۱۰:۰۰"))
    assert case.code not in json.dumps([each.text for each in texts])
    async with FakeRelay() as relay:
        carrier = MailSender(Relay("127.0.0.1", relay.port, security="none"))
        await EmailSender(carrier, "report@124.example", ManualClock(AT)).send(mails)
        read = [message_from_bytes(raw.removesuffix(b"\r\n.\r\n"), policy=default) for raw in relay.received]
    assert {mail["To"] for mail in read} == {"maryam@example.ir", "info@rayan.example"}
    first, again = (event_in(read[place]) for place in (0, 2))
    assert first["UID"] == again["UID"]
    assert int(first["SEQUENCE"]) < int(again["SEQUENCE"])
    assert (first["DTSTART"], first["DTEND"]) == ("20261206T063000Z", "20261206T073000Z")
    assert first["LOCATION"].startswith("تهران")


def event_in(mail: EmailMessage) -> dict[str, str]:
    """The lines of the calendar file a mail carries, by name."""
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return dict(line.partition(":")[::2] for line in lines if line)


async def test_the_complainant_who_stays_away_from_the_first_hearing_withdraws(case: Case) -> None:
    await case.admitted()
    await case.scheduled()
    with pytest.raises(Conflict) as early:
        await case.does("hold", complainant="absent", respondent="absent", **SITTING)
    assert early.value.code == "too_early"
    case.at = STARTS_AT + timedelta(hours=1)
    absent = {"complainant": "absent", "respondent": "present", "minutes": "نیامد"}
    few = act(case.database, case.rules, SECRETARY, case.code, "hold", at=case.at, members_present=2, **absent)
    assert await errors_of(few) == {"members_present": "no_quorum"}
    await case.does("hold", members_present=3, **absent)
    assert await case.stands() == ("invited", None, "withdrawn")
    last = (await case.seen())["notices"][-1]
    assert (last["kind"], "نخستین جلسه" in last["text"]) == ("close", True)


async def test_the_respondents_absence_stops_nothing_and_a_decision_is_served(case: Case) -> None:
    await case.admitted()
    await case.scheduled()
    with pytest.raises(Invalid) as refusal:
        await case.does("defend", received_on="1405-08-30")
    assert [(error.field, error.code) for error in refusal.value.errors] == [("files", "required")]
    await case.does("defend", files=LETTER, received_on="1405-08-30")
    await case.does("name_proxy", files=LETTER, side="respondent", name="آقای کریمی", letter="۱۲")
    assert (await case.seen())["facts"]["details"]["proxies"] == {"respondent": "آقای کریمی"}
    case.at = STARTS_AT + timedelta(hours=1)
    with pytest.raises(Conflict) as late:
        await case.does("defend", files=LETTER, received_on="1405-08-30")
    assert late.value.code == "too_late"
    await case.does("hold", complainant="present", respondent="absent", **SITTING)
    assert await case.stands() == ("heard", "council_secretary", None)
    await expert_heard(case)
    await adjourned(case)
    await case.does("decide", **DECISION)
    closed = await case.seen()
    assert (closed["step"], closed["outcome"]) == ("decided", "upheld")
    mails = (await case.sent("email"))[-2:]
    assert [each.recipient for each in mails] == ["maryam@example.ir", "info@rayan.example"]
    assert all(words in mails[0].text for words in ("شماره تصمیم: ۱۴۰۵/۱۲", "۱۴۰۵/۰۹/۱۵", DECISION["text"], "وارد است"))
    assert (await case.sent("sms"))[-1].recipient == RESPONDENT_PHONE
    told = [each["step"] for each in closed["notices"] if each["kind"] == "step"]
    assert told == [1, 2, 3, 5, 6], "the invitation tells of the fourth"


async def expert_heard(case: Case) -> None:
    """The respondent asks for an expert, with the council's consent, and pays."""
    asked = {"asked_by": "respondent", "fee_rial": 90_000_000, "question": "آیا نرم‌افزار کامل است؟"}
    refused = act(case.database, case.rules, SECRETARY, case.code, "appoint_expert", at=case.at, **asked)
    assert await errors_of(refused) == {"consented_on": "required"}
    await case.does("appoint_expert", consented_on="1405-09-15", **asked)
    charged = (await case.sent("sms"))[-1]
    assert (charged.recipient, "۹۰,۰۰۰,۰۰۰" in charged.text) == (RESPONDENT_PHONE, True)
    with pytest.raises(Conflict):
        await case.does("report_expert", files=LETTER, text="کامل نیست")
    await case.does("pay_expert", receipt="رسید 445566")
    await case.does("report_expert", files=LETTER, text="کامل نیست")


async def adjourned(case: Case) -> None:
    """Another hearing, from which the complainant may stay away."""
    case.at = STARTS_AT - timedelta(days=1)
    await case.scheduled()
    case.at = STARTS_AT + timedelta(hours=3)
    await case.does("hold", complainant="absent", respondent="proxy", **SITTING)
    assert await case.stands() == ("heard", "council_secretary", None)


@pytest.mark.parametrize("is_member", [True, False])
async def test_an_address_that_is_not_theirs_is_looked_up_then_asked_for(case: Case, *, is_member: bool) -> None:
    await case.admitted()
    if is_member:
        known = Membership("21-1042", email="office@rayan.example", address=DETAILS["respondent_address"])
        await import_memberships(case.database, case.rules.vault, [known], AT)
    await case.does("address_unknown")
    details = (await case.seen())["facts"]["details"]
    assert "respondent_address" not in details
    if is_member:
        assert details["respondent_email"] == "office@rayan.example"
        assert await case.stands() == ("docketed", "council_secretary", None)
        await case.does("address_unknown")
    assert await case.stands() == ("docketed", "citizen", None)
    assert (await case.seen())["missing"] == ["respondent"]
    assert await case.hears("کرج، میدان آزادگان، پلاک ۴ نزدیک بانک") == "answered"
    assert (await case.seen())["facts"]["details"]["respondent_address"].startswith("کرج")
    assert await case.stands() == ("docketed", "council_secretary", None)
    await case.scheduled()
    assert {each.recipient for each in await case.sent("sms")} == {"+989121234567"}
    assert (await case.seen())["timeline"][-2]["data"]["by_post"] is True


async def test_an_urgent_cases_time_stands_still_while_the_complainant_is_asked(case: Case) -> None:
    await case.admitted(urgent=True)
    due = datetime.fromisoformat((await case.seen())["due_at"])
    assert due == AT + timedelta(days=7)
    case.at += timedelta(days=2)
    await case.does("address_unknown")
    case.at += timedelta(days=4)
    await case.hears("کرج، میدان آزادگان، پلاک ۴ نزدیک بانک")
    now = await case.seen()
    assert datetime.fromisoformat(now["due_at"]) == due + timedelta(days=4)
    assert [each["kind"] for each in now["timeline"] if each["kind"] in ("paused", "resumed")] == ["paused", "resumed"]


async def test_without_any_address_the_case_cannot_proceed(case: Case) -> None:
    await case.admitted()
    await case.does("address_unknown")
    await case.waits(5)
    await case.waits(10)
    assert await case.stands() == ("docketed", None, "unreachable")


async def test_only_the_council_is_shown_the_parties(case: Case) -> None:
    supervisor = await case.seen(member("supervisor", ""))
    assert supervisor["facts"]["details"] == {}
    assert "رایان" not in json.dumps(supervisor, ensure_ascii=False)
    assert (await case.seen(SECRETARY))["facts"]["details"]["respondent_name"] == DETAILS["respondent_name"]


async def test_both_sides_are_reminded_the_day_before(case: Case) -> None:
    await case.admitted()
    await case.scheduled()
    before = len(await case.sent("sms")), len(await case.sent("email"))
    eve = STARTS_AT - timedelta(hours=16)
    for _ in range(2):
        await remind(case.database, case.rules, time(17), eve)
    texts, mails = await case.sent("sms"), await case.sent("email")
    assert (len(texts), len(mails)) == (before[0] + 2, before[1] + 2)
    assert all("یادآوری" in each.text and "آپادانا" in each.text for each in (*texts[-2:], *mails[-2:]))


async def test_the_secretary_is_told_that_no_sitting_is_set_for_a_month(case: Case) -> None:
    read = case.database.read
    assert await days_without_sitting(read, case.rules, SECRETARY, AT) is None
    assert await days_without_sitting(read, case.rules, SECRETARY, STARTS_AT + timedelta(days=1)) == 30
    assert await days_without_sitting(read, case.rules, CHAIR, STARTS_AT + timedelta(days=1)) is None
    assert await free_slots(read, OFFICE, AT) == [], "the council's calendar is not the officials' office's"
