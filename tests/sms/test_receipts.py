"""Receipts: twice, out of order, too early, unknown, late."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from sms.receipts import ReceiptReport, record_receipts
from sms.tables import notices, parked_receipts
from tests.sms.conftest import Post, ScriptedSender
from tests.support.database import SqliteCopies
from ticketing.database import Database

RANK = {"accepted": 0, "failed": 1, "delivered": 2}


async def _receive(post: Post, provider_id: str, *states: str) -> int:
    reports = [ReceiptReport(provider_id, state, state) for state in states]
    return await post.database.write(lambda tx: record_receipts(tx, "scripted", reports, post.clock.now()))


async def _sent(post: Post) -> tuple[int, str]:
    notice_id = await post.put_one()
    await post.dispatcher(ScriptedSender()).drain()
    return notice_id, f"p{notice_id}"


async def _parked(post: Post) -> int:
    return len(await post.database.read(select(parked_receipts.c.id)))


async def test_threat_22_duplicate_receipts_change_nothing(post: Post) -> None:
    notice_id, provider_id = await _sent(post)
    changes = await asyncio.gather(*(_receive(post, provider_id, "delivered") for _ in range(50)))
    assert sum(changes) == 1
    finished_at = (await post.row(notice_id))["finished_at"]
    post.clock.advance(hours=1)
    assert await _receive(post, provider_id, "delivered") == 0
    assert (await post.row(notice_id))["finished_at"] == finished_at
    assert await _parked(post) == 0


@pytest.mark.parametrize("order", list(itertools.permutations(("accepted", "failed", "delivered"))))
async def test_threat_23_out_of_order_receipts_only_climb(post: Post, order: tuple[str, ...]) -> None:
    notice_id, provider_id = await _sent(post)
    highest = "accepted"
    for state in order:
        await _receive(post, provider_id, state)
        highest = max(highest, state, key=RANK.__getitem__)
        assert (await post.row(notice_id))["state"] == highest


@pytest.fixture
async def lasting_post(sqlite_copies: SqliteCopies, tmp_path: Path) -> AsyncIterator[Post]:
    """One database for every example of a property."""
    async with Database(await sqlite_copies.make(tmp_path)) as database:
        yield Post(database)


REPORTS = st.lists(st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(sorted(RANK))), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=REPORTS, after=REPORTS)
async def test_threat_23_any_receipts_around_the_send_end_at_the_highest(
    lasting_post: Post, before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]
) -> None:
    post = lasting_post
    ids = {name: await post.put_one(ticket_id=next(post.ids)) for name in ("a", "b")}
    for name, state in before:
        await _receive(post, f"p{ids[name]}", state)
    await post.dispatcher(ScriptedSender()).drain()
    for name, state in after:
        await _receive(post, f"p{ids[name]}", state)
    for name, notice_id in ids.items():
        said = ["accepted", *(state for about, state in (*before, *after) if about == name)]
        assert (await post.row(notice_id))["state"] == max(said, key=RANK.__getitem__)
    assert await _parked(post) == 0


async def test_late_delivered_wins_over_failed(post: Post) -> None:
    notice_id, provider_id = await _sent(post)
    await _receive(post, provider_id, "failed")
    assert ((await post.row(notice_id))["state"], (await post.row(notice_id))["reason"]) == ("failed", "failed")
    await _receive(post, provider_id, "delivered")
    assert (await post.row(notice_id))["state"] == "delivered"


async def test_threat_24_receipt_before_the_send_is_recorded_waits_for_it(post: Post) -> None:
    notice_id = await post.put_one()
    await _receive(post, f"p{notice_id}", "delivered")
    await _receive(post, f"p{notice_id}", "delivered")
    assert await _parked(post) == 1
    await post.dispatcher(ScriptedSender()).drain_once()
    assert (await post.row(notice_id))["state"] == "delivered"
    assert await _parked(post) == 0


async def test_threat_24_receipt_that_missed_its_notice_is_settled_by_the_sweep(post: Post) -> None:
    """What two processes do to each other: one parks while the other records, and neither sees the other's row."""
    notice_id = await post.put_one()
    await _receive(post, f"p{notice_id}", "delivered")
    await post.database.write(
        lambda tx: tx.execute(
            update(notices)
            .where(notices.c.id == notice_id)
            .values(state="accepted", provider="scripted", provider_id=f"p{notice_id}")
        )
    )
    await post.dispatcher(ScriptedSender()).tend()
    assert (await post.row(notice_id))["state"] == "delivered"


async def test_threat_24_unknown_receipt_is_forgotten_after_a_day(post: Post) -> None:
    dispatcher = post.dispatcher(ScriptedSender())
    await _receive(post, "nobody", "delivered")
    post.clock.advance(hours=23)
    await dispatcher.tend()
    assert await _parked(post) == 1
    post.clock.advance(hours=1)
    await dispatcher.tend()
    assert await _parked(post) == 0


async def test_threat_25_receipt_for_another_providers_id_changes_nothing(post: Post) -> None:
    notice_id, provider_id = await _sent(post)
    now = post.clock.now()
    for provider, named in (("other", provider_id), ("scripted", "1' OR '1'='1")):
        told = [ReceiptReport(named, "failed")]
        assert not await post.database.write(partial(record_receipts, provider=provider, reports=told, at=now))
    assert (await post.row(notice_id))["state"] == "accepted"


async def test_unknown_word_for_a_state_is_ignored(post: Post) -> None:
    notice_id, provider_id = await _sent(post)
    assert await _receive(post, provider_id, "pending", "cancelled", "nonsense") == 0
    assert (await post.row(notice_id))["state"] == "accepted"
