"""The sandbox: everything is taken at once, and can be read back from the outbox."""

from __future__ import annotations

from sms.claims import lease
from sms.providers.sandbox import Sandbox, sandbox_messages
from sms.state import State
from tests.sms.conftest import MOBILE, Post


async def test_text_is_delivered_at_once_and_read_on_the_sandboxs_phone(post: Post) -> None:
    first, second = await post.put(post.notice(text="یک"), post.notice(text="دو"))
    await post.put_one(ticket_id=2, recipient="+989350000000", text="برای دیگری")
    await post.dispatcher(Sandbox()).drain()
    assert await post.states() == ["delivered"] * 3
    read = await sandbox_messages(post.database, post.vault.unseal, post.vault.index("phone", MOBILE))
    assert [(message.to, message.text, message.localid) for message in read] == [
        (MOBILE, "یک", first),
        (MOBILE, "دو", second),
    ]
    assert read[0].at == post.clock.now()


async def test_everyones_texts_are_read_when_no_number_is_given(post: Post) -> None:
    await post.put(*(post.notice(ticket_id=n, recipient=f"+98912000000{n}") for n in range(5)))
    await post.dispatcher(Sandbox()).drain()
    read = await sandbox_messages(post.database, post.vault.unseal, limit=3)
    assert [message.to[-1] for message in read] == ["2", "3", "4"]


async def test_what_is_not_sent_yet_or_not_a_text_is_not_on_the_phone(post: Post) -> None:
    await post.put_one()
    await post.put_one(medium="bot", recipient="42")
    await post.dispatcher(Sandbox(), medium="bot").drain()
    assert await sandbox_messages(post.database, post.vault.unseal) == []


async def test_death_in_mid_send_loses_and_doubles_nothing(post: Post) -> None:
    notice_id = await post.put_one()
    now = post.clock.now()
    await post.database.write(lambda tx: lease(tx, [notice_id], State.SENDING, now))
    await post.dispatcher(Sandbox()).drain()
    assert await post.states() == ["delivered"]
    assert len(await sandbox_messages(post.database, post.vault.unseal)) == 1
