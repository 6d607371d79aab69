"""The mail server over real sockets: what is acknowledged is kept, what was cut short is not."""

from __future__ import annotations

import asyncio

import pytest

from channels.smtp import MailServer
from tests.channels.smtp.conftest import Keeper, Open
from tests.support.mail import RawClient, mail


async def test_mail_is_kept_whole_before_it_is_acknowledged(client: RawClient, keeper: Keeper) -> None:
    keeper.gate.clear()
    assert (await client.begin(to="REPORT@124.example")).startswith("354")
    answer = asyncio.create_task(client.say(b"Subject: x\r\n\r\n..dot\r\nbody\r\n."))
    await keeper.reached.wait()
    assert not answer.done()
    keeper.gate.set()
    assert (await answer).startswith("250 2.0.0")
    raw, sender, recipients, peer = keeper.kept[0]
    assert raw == b"Subject: x\r\n\r\n.dot\r\nbody\r\n"
    assert (sender, recipients, peer) == ("maryam@example.ir", ("REPORT@124.example",), "127.0.0.1")


async def test_null_sender_is_taken_and_named(client: RawClient, keeper: Keeper) -> None:
    await client.begin(sender="")
    assert (await client.say("x\r\n.")).startswith("250")
    assert keeper.kept[0][1] == ""


async def test_two_mails_over_one_connection(client: RawClient, keeper: Keeper) -> None:
    await client.begin()
    await client.say("one\r\n.")
    await client.say("MAIL FROM:<b@example.ir>")
    await client.say("RCPT TO:<report@124.example>")
    await client.say("DATA")
    assert (await client.say("two\r\n.")).startswith("250")
    assert (await client.say("QUIT")).startswith("221")
    assert [(raw, sender) for raw, sender, _, _ in keeper.kept] == [
        (b"one\r\n", "maryam@example.ir"),
        (b"two\r\n", "b@example.ir"),
    ]


async def test_threat_4_client_that_hangs_up_after_the_dot_changes_nothing(client: RawClient, keeper: Keeper) -> None:
    keeper.gate.clear()
    await client.begin()
    client.writer.write(b"kept\r\n.\r\n")
    await client.writer.drain()
    await keeper.reached.wait()
    client.hang_up()
    await asyncio.sleep(0)
    keeper.gate.set()
    await keeper.done.wait()
    assert keeper.kept[0][0] == b"kept\r\n"


async def test_threat_4_half_closed_client_still_gets_its_answer(server: MailServer, keeper: Keeper) -> None:
    client = await RawClient.dial(server.port)
    talk = b"EHLO x\r\nMAIL FROM:<a@b.ir>\r\nRCPT TO:<report@124.example>\r\nDATA\r\nall at once\r\n.\r\n"
    client.writer.write(talk)
    client.writer.write_eof()
    said = (await client.reader.read()).decode()
    assert "250 2.0.0 OK" in said
    assert keeper.kept[0][0] == b"all at once\r\n"
    await client.close()


async def test_mail_cut_short_is_not_kept(client: RawClient, keeper: Keeper, server: MailServer) -> None:
    await client.begin()
    client.writer.write(b"half a mail\r\n")
    client.writer.write_eof()
    await client.reader.read()
    assert keeper.kept == []


async def test_threat_5_failure_to_store_is_temporary_and_tells_nothing(
    client: RawClient, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    keeper.error = RuntimeError("INSERT INTO reports VALUES ('maryam')")
    await client.begin()
    reply = await client.say("x\r\n.")
    assert reply.startswith("451 4.3.0")
    assert "INSERT" not in reply + caplog.text
    assert "Traceback" not in caplog.text
    keeper.error = None
    await client.say("MAIL FROM:<b@example.ir>")
    await client.say("RCPT TO:<report@124.example>")
    await client.say("DATA")
    assert (await client.say("again\r\n.")).startswith("250")


async def test_lines_of_any_length_are_taken(client: RawClient, keeper: Keeper) -> None:
    await client.begin()
    body = b"x" * 300_000 + b"\r\n.." + b"z" * 70_000 + b"\r\n"
    assert (await client.say(body + b".")).startswith("250")
    assert keeper.kept[0][0] == body.replace(b"\r\n..", b"\r\n.")


async def test_stop_waits_for_mails_being_kept_and_sends_idle_clients_away(opened: Open, keeper: Keeper) -> None:
    server = await opened()
    idle, busy = await RawClient.dial(server.port), await RawClient.dial(server.port)
    await idle.greet()
    await busy.begin()
    keeper.gate.clear()
    answer = asyncio.create_task(busy.say("last one\r\n."))
    await keeper.reached.wait()
    stopping = asyncio.create_task(server.stop())
    assert (await idle.reply()).startswith("421")
    assert not stopping.done()
    keeper.gate.set()
    assert (await answer).startswith("250")
    await stopping
    assert keeper.kept[0][0] == b"last one\r\n"
    with pytest.raises(OSError):  # noqa: PT011 the port is closed: any refusal will do
        await RawClient.dial(server.port)
    await idle.close()
    await busy.close()


async def test_many_mails_at_once_are_all_kept(server: MailServer, keeper: Keeper) -> None:
    async def send(number: int) -> str:
        client = await RawClient.dial(server.port)
        await client.begin()
        reply = await client.say(mail(message_id=f"<{number}@x>") + b".")
        await client.close()
        return reply

    replies = await asyncio.gather(*(send(number) for number in range(50)))
    assert {reply[:3] for reply in replies} == {"250"}
    assert len(keeper.kept) == 50
