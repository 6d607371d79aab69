"""The SMS provider asked: its inbox read batch by batch, receipts fetched, a batch that was lost found again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.loops.inbox import InboxPoll
from gateway.loops.receipts import ReceiptPoll
from gateway.loops.supervisor import TryLaterError
from sms.poller import ReceiptPoller
from sms.tables import notices
from tests.support.fakes.kavenegar import FakeKavenegar
from tests.support.gateway import Gateways, rows_of, until
from ticketing.tables import reports, tickets

LINE = "30001240"
COMPLAINT = "سوپرمارکت بهار در تهران شیر را گران فروخت"


@pytest.fixture
async def provider() -> AsyncIterator[FakeKavenegar]:
    async with FakeKavenegar() as running:
        yield running


def settings(provider: FakeKavenegar, **more: Any) -> dict[str, Any]:
    table = {"api_key": provider.api_key, "base_url": provider.url, "sender": LINE, "status_poll_s": 0}
    return {
        "sms": {"provider": "kavenegar", "kavenegar": {**table, **more}},
        "channels": {"email": {"enabled": False}, "sms": {"line": LINE}},
    }


async def test_the_inbox_becomes_reports_and_is_answered(gateways: Gateways, provider: FakeKavenegar) -> None:
    provider.text_in("09121234567", COMPLAINT)
    provider.text_in("09127654321", COMPLAINT)
    changes = settings(provider)
    changes["channels"]["sms"] |= {"poll": True}
    gateway = await gateways.start(changes)

    async def answered() -> bool:
        return {message.receptor for message in provider.messages.values()} >= {"09121234567", "09127654321"}

    await until(gateway, answered)
    assert len(await rows_of(gateway, tickets)) == 2


async def test_a_batch_that_was_lost_after_the_provider_gave_it_is_found_again(
    gateways: Gateways, provider: FakeKavenegar
) -> None:
    gateway = await gateways.start(settings(provider))
    provider.text_in("09121234567", COMPLAINT).is_read = True  # given to a process that died before it stored it
    parts = gateway.parts
    poll = InboxPoll(parts.provider, parts.reception, parts.leadership)
    assert not await poll.pass_once()
    assert len(await rows_of(gateway, reports)) == 1
    assert not await poll.pass_once()
    assert len(provider.calls("inboxpaged")) <= 2, "what is stored is not looked for again"
    assert len(await rows_of(gateway, reports)) == 1


async def test_a_provider_that_is_away_is_left_alone_for_a_while(gateways: Gateways, provider: FakeKavenegar) -> None:
    gateway = await gateways.start(settings(provider))
    provider.fail("receive", "code:409")
    poll = InboxPoll(gateway.parts.provider, gateway.parts.reception, gateway.parts.leadership)
    with pytest.raises(TryLaterError):
        await poll.pass_once()


async def test_receipts_are_fetched_for_texts_on_their_way(gateways: Gateways, provider: FakeKavenegar) -> None:
    gateway = await gateways.start(settings(provider))
    parts = gateway.parts
    provider.text_in("09121234567", COMPLAINT)
    await InboxPoll(parts.provider, parts.reception, parts.leadership).pass_once()

    async def taken() -> bool:
        return {row["state"] for row in await rows_of(gateway, notices)} == {"accepted"}

    await until(gateway, taken)
    for message in provider.messages.values():
        message.status = 10
    poller = ReceiptPoller(parts.database, parts.provider, parts.clock, every_s=60)
    assert not await ReceiptPoll(poller, parts.leadership).pass_once()
    assert {row["state"] for row in await rows_of(gateway, notices)} == {"delivered"}
