"""A bot polled: updates committed before they are confirmed, files fetched afterwards, nothing lost over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from gateway.app import Gateway
from tests.support.fakes.botapi import TOKEN, FakeBotApi
from tests.support.files import JPEG
from tests.support.gateway import Gateways, rows_of, until
from ticketing.tables import attachments, reports, tickets

SECRET = "a-secret-of-128-bits-or-more"
COMPLAINT = "سوپرمارکت بهار در تهران شیر را گران فروخت"


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as running:
        yield running


def settings(api: FakeBotApi) -> dict[str, Any]:
    return {"channels": {"telegram": {"enabled": True, "token": TOKEN, "base_url": api.base_url}}}


async def until_reports(gateway: Gateway, count: int) -> None:
    async def there() -> bool:
        return len(await rows_of(gateway, reports)) == count

    await until(gateway, there)


async def until_sent(gateway: Gateway, api: FakeBotApi, count: int) -> None:
    async def there() -> bool:
        return len(api.sent) >= count

    await until(gateway, there)


async def test_an_update_becomes_a_ticket_and_is_answered_in_the_chat(gateways: Gateways, api: FakeBotApi) -> None:
    gateway = await gateways.start(settings(api))
    api.push_text(COMPLAINT)
    await until_reports(gateway, 1)
    (ticket,) = await rows_of(gateway, tickets)
    assert ticket["channel"] == "telegram"
    await until_sent(gateway, api, 1)
    assert api.sent[0]["chat_id"] == "501"


async def test_updates_that_come_again_change_nothing(gateways: Gateways, api: FakeBotApi) -> None:
    first = await gateways.start(settings(api))
    update = api.push_text(COMPLAINT)
    await until_reports(first, 1)
    api.push_update(update, update_id=update["update_id"])  # as after a crash between commit and confirmation
    api.push_text("و نان را هم")
    await until_reports(first, 2)
    assert len(await rows_of(first, tickets)) == 1


async def test_an_update_nobody_can_read_is_quarantined_and_the_next_goes_on(
    gateways: Gateways, api: FakeBotApi
) -> None:
    gateway = await gateways.start(settings(api))
    api.push_update({"message": {"chat": "no chat"}})
    api.push_text(COMPLAINT)

    async def both() -> bool:
        return {row["state"] for row in await rows_of(gateway, reports)} == {"quarantined", "ticketed"}

    await until(gateway, both)


async def test_a_photo_is_fetched_and_a_file_of_no_allowed_kind_is_given_up(
    gateways: Gateways, api: FakeBotApi
) -> None:
    gateway = await gateways.start(settings(api))
    api.push_photo(JPEG, COMPLAINT)
    api.push_photo(b"MZ not a photo", "و این")

    async def settled() -> bool:
        rows = await rows_of(gateway, attachments)
        return len(rows) == 2 and all(row["sha256"] or row["attempts"] for row in rows)

    await until(gateway, settled)
    photo, other = await rows_of(gateway, attachments)
    assert await gateway.parts.files.read(photo["sha256"]) == JPEG
    assert (photo["media_type"], photo["size"]) == ("image/jpeg", len(JPEG))
    assert other["sha256"] is None


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_two_gateways_poll_an_account_once(gateways: Gateways, api: FakeBotApi) -> None:
    first = await gateways.start(settings(api))
    api.push_text(COMPLAINT)
    await until_reports(first, 1)
    second = await gateways.start(settings(api))
    api.push_text("و نان را هم")
    await until_reports(first, 2)
    assert not await second.parts.leadership.holds("bot:telegram:7001")


async def test_a_messenger_is_told_where_the_hook_is_and_what_comes_there_is_taken(
    gateways: Gateways, api: FakeBotApi
) -> None:
    changes = settings(api)
    changes["channels"]["telegram"] |= {"mode": "webhook", "secret": SECRET}
    gateway = await gateways.start({**changes, "http": {"public_url": "https://124.example/"}})
    async with asyncio.timeout(60):
        while not api.webhook:
            await api.called.wait()
            api.called.clear()
    assert api.webhook == f"https://124.example/hooks/telegram/{SECRET}"
    update = api.push_text(COMPLAINT)
    async with aiohttp.ClientSession() as session:
        for path, status in ((SECRET, 200), (SECRET, 200), ("wrong", 404)):
            async with session.post(f"{gateway.url}/hooks/telegram/{path}", json=update) as answer:
                assert answer.status == status
    assert len(await rows_of(gateway, tickets)) == 1


async def test_two_messengers_may_give_out_the_same_account(gateways: Gateways, api: FakeBotApi) -> None:
    async with FakeBotApi() as other:
        changes = settings(api)
        changes["channels"]["bale"] = {"enabled": True, "token": TOKEN, "base_url": other.base_url}
        gateway = await gateways.start(changes)
        api.push_text(COMPLAINT)
        other.push_text(COMPLAINT)
        await until_reports(gateway, 2)
        assert {row["channel"] for row in await rows_of(gateway, tickets)} == {"telegram", "bale"}
        await until_sent(gateway, api, 1)
        await until_sent(gateway, other, 1)
