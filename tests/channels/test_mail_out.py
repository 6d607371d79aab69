"""Composing replies and handing them to a relay that does everything a relay can do."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.channel import Ignored
from channels.email import parse
from channels.mail_out import MailSender, Relay
from channels.mail_reply import compose_reply
from tests.support.mail import FakeRelay, arrival

SENT_AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def compose(**changes: object) -> bytes:
    known: dict[str, object] = {
        "to": "maryam@example.ir",
        "from_": "report@124.example",
        "from_name": "سامانهٔ ۱۲۴",
        "subject": "شکایت از نانوایی",
        "text": "کد پیگیری شما: ۱۲۳۴\nنام <فروشگاه> چیست؟",
        "message_id": "<n1@gateway-124>",
        "sent_at": SENT_AT,
        "in_reply_to": "<m2@example.ir>",
        "references": ("<m1@example.ir>",),
    }
    return compose_reply(**(known | changes))  # type: ignore[arg-type]


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def test_reply_is_threaded_and_marked_as_automatic() -> None:
    reply = read(compose())
    assert reply["Subject"] == "Re: شکایت از نانوایی"
    assert reply["From"] == "سامانهٔ ۱۲۴ <report@124.example>"
    assert reply["In-Reply-To"] == "<m2@example.ir>"
    assert reply["References"] == "<m1@example.ir> <m2@example.ir>"
    assert (reply["Auto-Submitted"], reply["X-Gateway-124"]) == ("auto-replied", "1")
    assert reply["Message-ID"] == "<n1@gateway-124>"


def test_reply_says_its_words_plainly_and_right_to_left() -> None:
    reply = read(compose())
    plain, page = reply.get_body(("plain",)), reply.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == "کد پیگیری شما: ۱۲۳۴\nنام <فروشگاه> چیست؟"
    assert 'dir="rtl"' in page.get_content()
    assert "نام &lt;فروشگاه&gt; چیست؟" in page.get_content()


def test_reply_keeps_a_re_that_is_there() -> None:
    assert read(compose(subject="RE: x"))["Subject"] == "RE: x"


def test_threat_40_our_own_reply_is_never_answered() -> None:
    assert parse(arrival(compose())) == Ignored("own_mail")


@pytest.mark.parametrize("address", ["", "nobody", "a@b.ir\r\nBcc: all@x.ir", "a b@c.ir", "a@b.ir, c@d.ir"])
def test_threat_46_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 ours or the standard library's
        compose(to=address)


EVIL = st.text(st.sampled_from("a\r\n\u2028\x85\x0b:<> ب\x00\ud800"), max_size=30)


@settings(max_examples=60, deadline=None)
@given(EVIL, EVIL, EVIL, EVIL)
def test_threat_46_no_value_starts_a_header_of_its_own(subject: str, name: str, thread: str, text: str) -> None:
    wanted = set(read(compose()).keys())
    raw = compose(
        subject=subject + "\r\nBcc: x@y.ir",
        from_name=name + "\r\nX-Evil: 1",
        in_reply_to=f"<{thread}\r\nX-Evil: 2>",
        references=(f"<{thread}\n\nbody>",),
        text=text,
    )
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert set(message_from_bytes(head).keys()) == wanted


@pytest.mark.parametrize(
    ("fail", "outcome", "reason"),
    [
        ({}, "accepted", ""),
        ({"MAIL": "550 no"}, "refused", "smtp_550"),
        ({"MAIL": "451 later"}, "retry", "smtp_451"),
        ({"RCPT": "550 unknown"}, "refused", "smtp_550"),
        ({"RCPT": "450 grey"}, "retry", "smtp_450"),
        ({"RCPT": "drop"}, "retry", "unreachable"),
        ({"RCPT": "hang"}, "retry", "unreachable"),
        ({"DATA": "554 no"}, "refused", "smtp_554"),
        ({"DOT": "552 too big"}, "refused", "smtp_552"),
        ({"DOT": "452 full"}, "retry", "smtp_452"),
        ({"DOT": "hang"}, "ambiguous", "no_answer"),
        ({"DOT": "drop"}, "ambiguous", "no_answer"),
        ({"EHLO": "drop"}, "retry", "unreachable"),
    ],
)
async def test_every_answer_of_a_relay_has_one_outcome(fail: dict[str, str], outcome: str, reason: str) -> None:
    async with FakeRelay(fail) as relay:
        patience_s = 1 if "hang" in fail.values() else 60
        sender = MailSender(Relay("127.0.0.1", relay.port, security="none", timeout_s=patience_s))
        delivery = await sender.send(compose(), "report@124.example", "maryam@example.ir")
        assert (delivery.outcome, delivery.reason) == (outcome, reason)
        if outcome == "accepted":
            assert read(relay.received[0].removesuffix(b"\r\n.\r\n"))["Subject"] == "Re: شکایت از نانوایی"


async def test_nobody_listening_is_retried() -> None:
    sender = MailSender(Relay("127.0.0.1", 9, security="none", timeout_s=60))
    assert (await sender.send(b"x", "a@b.ir", "c@d.ir")).outcome == "retry"


async def test_threat_46_address_with_a_line_break_reaches_no_relay() -> None:
    async with FakeRelay() as relay:
        sender = MailSender(Relay("127.0.0.1", relay.port, security="none", timeout_s=60))
        delivery = await sender.send(b"x", "report@124.example", "a@b.ir>\r\nRCPT TO:<all@x.ir")
        assert (delivery.outcome, relay.received) == ("refused", [])


async def test_relay_that_cannot_sign_in_pauses() -> None:
    async with FakeRelay() as relay:
        account = Relay("127.0.0.1", relay.port, "user", "s3cret", security="none", timeout_s=60)
        delivery = await MailSender(account).send(b"x", "a@b.ir", "c@d.ir")
        assert delivery.outcome in ("paused", "retry")
        assert "s3cret" not in repr(account) + repr(delivery)
