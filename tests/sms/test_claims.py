"""Leases on notices: a dead process's is asked about, a restart need not wait for it, a late writer is refused."""

from __future__ import annotations

from datetime import timedelta

from sms.claims import lease, record
from tests.sms.conftest import Post, ScriptedSender, outcome


async def test_lease_of_a_dead_process_is_asked_about_not_resent(post: Post) -> None:
    notice_id = await post.put_one()
    now = post.clock.now()
    await post.database.write(
        lambda tx: lease(tx, [notice_id], "sending", now + timedelta(seconds=60))  # type: ignore[arg-type]
    )
    sender = ScriptedSender()
    sender.answers_to_asking = [outcome("accepted", provider_id="was-sent")]
    dispatcher = post.dispatcher(sender)
    assert await dispatcher.drain() == 0
    post.clock.advance(seconds=60)
    await dispatcher.drain()
    assert (sender.calls, sender.asked) == ([], [[notice_id]])
    assert (await post.row(notice_id))["provider_id"] == "was-sent"


async def test_on_sqlite_a_restart_need_not_wait_for_leases(post: Post) -> None:
    notice_id = await post.put_one()
    later = post.clock.now() + timedelta(seconds=60)
    await post.database.write(lambda tx: lease(tx, [notice_id], "sending", later))  # type: ignore[arg-type]
    recovered = await post.dispatcher(ScriptedSender()).recover()
    assert recovered == (1 if post.database.dialect == "sqlite" else 0)


async def test_late_writer_is_refused(post: Post) -> None:
    notice_id = await post.put_one()
    until = post.clock.now() + timedelta(seconds=60)
    old = await post.database.write(lambda tx: lease(tx, [notice_id], "sending", until))  # type: ignore[arg-type]
    await post.database.write(lambda tx: lease(tx, [notice_id], "sending", until))  # type: ignore[arg-type]
    before = dict(await post.row(notice_id))
    late = {name: before[name] for name in ("due_at", "attempts", "asks", "sent_at", "finished_at", "prefix_index")}
    late |= {"notice_id": notice_id, "state": "failed", "reason": "late", "provider": None, "provider_id": None}
    await post.database.write(lambda tx: record(tx, old, [late]))  # type: ignore[arg-type]
    assert dict(await post.row(notice_id)) == before
