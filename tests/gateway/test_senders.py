"""The adapters between the outbox and the channels' voices."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from channels.bot_account import BotAccount
from channels.mail_out import MailSender, Relay
from channels.telegram import MESSENGER
from gateway.senders import BotSender, EmailSender, SwitchedOff
from sms.outcome import Outcome, SendOutcome
from sms.sender import OutgoingNotice
from tests.support.clock import ManualClock
from tests.support.fakes.botapi import TOKEN, FakeBotApi
from tests.support.mail import FakeRelay

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CHOICES = (("satisfied:1", "بله"), ("satisfied:2", "خیر"))


def notice(recipient: str, *, account: str = "7001", **more: object) -> OutgoingNotice:
    return OutgoingNotice(id=124, account=account, recipient=recipient, text="متن", **more)  # type: ignore[arg-type]


async def test_a_bots_notice_carries_its_buttons() -> None:
    async with FakeBotApi() as api:
        account = BotAccount(MESSENGER, TOKEN, base_url=api.base_url)
        sender = BotSender({account.account: account})
        outcomes = await sender.send([notice("501", account=account.account, choices=CHOICES)])
        await account.stop()
        assert [outcome.outcome for outcome in outcomes] == [Outcome.ACCEPTED]
        assert api.buttons() == list(CHOICES)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("403", Outcome.REFUSED), ("429", Outcome.RETRY), ("401", Outcome.PAUSED), ("drop", Outcome.AMBIGUOUS)],
)
async def test_what_a_messenger_says_is_one_of_the_five_outcomes(fault: str, outcome: Outcome) -> None:
    async with FakeBotApi() as api:
        api.fail_next(fault)
        account = BotAccount(MESSENGER, TOKEN, base_url=api.base_url)
        outcomes = await BotSender({account.account: account}).send([notice("501", account=account.account)])
        await account.stop()
    assert [each.outcome for each in outcomes] == [outcome]


async def test_a_bot_that_is_switched_off_keeps_its_notices_waiting() -> None:
    outcomes = await BotSender({}).send([notice("501")])
    assert outcomes == [SendOutcome(Outcome.PAUSED, reason="no_such_account")]


async def test_a_mail_leaves_with_its_thread_and_a_subject() -> None:
    async with FakeRelay() as relay:
        sender = EmailSender(
            MailSender(Relay("127.0.0.1", relay.port, security="none")), "report@124.example", ManualClock(NOW)
        )
        headers = {"message_id": "<1@gateway-124>", "in_reply_to": "<m1@example.ir>"}
        outcomes = await sender.send([notice("maryam@example.ir", headers=headers), notice("not an address")])
        assert [outcome.outcome for outcome in outcomes] == [Outcome.ACCEPTED, Outcome.REFUSED]
        (raw,) = relay.received
    sent = message_from_bytes(raw)
    assert (sent["Message-ID"], sent["In-Reply-To"]) == ("<1@gateway-124>", "<m1@example.ir>")
    assert sent["Subject"]


async def test_a_medium_that_is_off_ends_its_notices_at_once() -> None:
    for outcomes in (await SwitchedOff("email").send([notice("x")]), await SwitchedOff("email").ask([notice("x")])):
        assert outcomes == [SendOutcome(Outcome.REFUSED, reason="switched_off")]


async def test_an_invitation_begins_a_thread_and_carries_its_calendar_file() -> None:
    file = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nSUMMARY:جلسه\r\nEND:VCALENDAR\r\n"
    async with FakeRelay() as relay:
        sender = EmailSender(
            MailSender(Relay("127.0.0.1", relay.port, security="none")), "report@124.example", ManualClock(NOW)
        )
        headers = {"subject": "دعوت به جلسه"}
        await sender.send([notice("maryam@example.ir", headers=headers, calendar=file)])
        (raw,) = relay.received
    sent = message_from_bytes(raw.removesuffix(b"\r\n.\r\n"), policy=default)
    assert (sent["Subject"], sent["Auto-Submitted"]) == ("دعوت به جلسه", "auto-generated")
    (part,) = sent.iter_attachments()
    assert (part.get_content_type(), part["Content-Type"].params["method"]) == ("text/calendar", "PUBLISH")
    assert part.get_payload(decode=True).decode() == file
