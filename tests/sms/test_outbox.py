"""What is written into the outbox, and how it is read back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sms.outbox import fetch_backlog, masked, notices_of
from sms.state import State, below
from tests.sms.conftest import MOBILE, Post, ScriptedSender
from ticketing.vault import VaultError


async def test_notice_reads_back_masked_with_its_localid(post: Post) -> None:
    notice_id = await post.put_one(text="کد ۱۲۳۴", step=1)
    (view,) = await notices_of(post.database.read, post.vault.unseal, 1)
    assert (view.kind, view.step, view.medium, view.to) == ("step", 1, "sms", "+98912***4567")
    assert (view.text, view.localid, view.state) == ("کد ۱۲۳۴", notice_id, "pending")


async def test_neither_number_nor_words_lie_open_in_the_row(post: Post) -> None:
    row = await post.row(await post.put_one(text="کد ۱۲۳۴"))
    kept = b"".join(bytes(row[name]) for name in ("recipient", "recipient_index", "body"))
    assert b"9121234567" not in kept
    assert "کد".encode() not in kept
    with pytest.raises(VaultError):
        post.vault.unseal("notices.body", row["id"], row["recipient"])


async def test_notices_are_read_inside_the_unit_that_wrote_them(post: Post) -> None:
    await post.put_one(text="یک")

    async def work(tx: object) -> int:
        return len(await notices_of(tx.rows, post.vault.unseal, 1))  # type: ignore[attr-defined]

    assert await post.database.write(work) == 1


@pytest.mark.parametrize("recipient", ["+982112345678", "+14155550100", "09121234567", "30001240", "", "+98912123456۷"])
async def test_threat_33_text_to_anything_but_an_iranian_mobile_is_never_sent(post: Post, recipient: str) -> None:
    notice_id = await post.put_one(recipient=recipient)
    sender = ScriptedSender()
    await post.dispatcher(sender).drain()
    row = await post.row(notice_id)
    assert (row["state"], row["reason"], sender.calls) == ("failed", "not_a_mobile", [])


async def test_mail_and_chat_addresses_are_no_business_of_that_rule(post: Post) -> None:
    await post.put_one(medium="email", recipient="a@b.example")
    await post.put_one(medium="bot", recipient="123456789")
    assert await post.states() == ["pending", "pending"]


async def test_unknown_kind_or_medium_is_refused(post: Post) -> None:
    with pytest.raises(ValueError, match="no notice is of kind gossip"):
        await post.put_one(kind="gossip")
    with pytest.raises(ValueError, match="medium pigeon"):
        await post.put_one(medium="pigeon")


async def test_what_may_be_said_once_is_refused_a_second_time(post: Post) -> None:
    await post.put_one(once="step:1:1:sms")
    with pytest.raises(Exception, match=r"(?i)unique"):
        await post.put_one(once="step:1:1:sms")
    assert await post.states() == ["pending"]


async def test_segments_are_counted_when_written(post: Post) -> None:
    short, long = await post.put(post.notice(text="س" * 70), post.notice(text="س" * 71))
    assert [(await post.row(notice_id))["segments"] for notice_id in (short, long)] == [1, 2]


async def test_notice_is_not_sent_before_its_time(post: Post) -> None:
    await post.put_one(not_before=post.clock.now() + timedelta(hours=1))
    dispatcher = post.dispatcher(ScriptedSender())
    assert await dispatcher.drain() == 0
    post.clock.advance(hours=1)
    assert await dispatcher.drain() == 1


async def test_backlog_counts_what_waits_by_medium(post: Post) -> None:
    written = post.clock.now()
    await post.put(post.notice(), post.notice(ticket_id=2), post.notice(medium="bot", recipient="99"))
    waiting = {(entry.medium, entry.state): entry for entry in await fetch_backlog(post.database.read)}
    assert {key: entry.count for key, entry in waiting.items()} == {("sms", "pending"): 2, ("bot", "pending"): 1}
    assert waiting["sms", "pending"].oldest_due_at == written


@pytest.mark.parametrize(
    ("medium", "recipient", "shown"),
    [
        ("sms", MOBILE, "+98912***4567"),
        ("email", "sara@example.com", "s***@example.com"),
        ("bot", "123456789", "***6789"),
        ("bot", "42", "***"),
    ],
)
def test_address_is_masked(medium: str, recipient: str, shown: str) -> None:
    assert masked(medium, recipient) == shown


def test_nothing_climbs_out_of_delivered() -> None:
    assert State.DELIVERED not in below(State.DELIVERED)
    assert State.FAILED in below(State.DELIVERED)
    assert State.DELIVERED not in below(State.FAILED)
