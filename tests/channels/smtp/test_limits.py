"""What the mail server takes at the most: recipients, bytes, connections, commands and time."""

from __future__ import annotations

import asyncio

from channels.smtp_session import SmtpLimits
from tests.channels.smtp.conftest import Keeper, Open
from tests.support.mail import RawClient


async def test_recipients_are_capped(opened: Open) -> None:
    server = await opened(SmtpLimits(recipients=2))
    client = await RawClient.dial(server.port)
    await client.greet()
    await client.say("MAIL FROM:<a@b.ir>")
    replies = [await client.say("RCPT TO:<report@124.example>") for _ in range(3)]
    assert [reply[:3] for reply in replies] == ["250", "250", "452"]
    await client.close()


async def test_threat_38_declared_size_is_refused_at_once(opened: Open) -> None:
    server = await opened(SmtpLimits(message_bytes=10_000))
    client = await RawClient.dial(server.port)
    await client.greet()
    assert (await client.say("MAIL FROM:<a@b.ir> SIZE=10001")).startswith("552")
    assert (await client.say("MAIL FROM:<a@b.ir> SIZE=10000")).startswith("250")
    await client.close()


async def test_threat_38_undeclared_size_is_refused_after_draining(opened: Open, keeper: Keeper) -> None:
    server = await opened(SmtpLimits(message_bytes=10_000))
    client = await RawClient.dial(server.port)
    await client.begin()
    assert (await client.say(b"x" * 70 + b"\r\n" + b"y" * 400_000 + b"\r\n.")).startswith("552")
    await client.say("MAIL FROM:<a@b.ir>")
    await client.say("RCPT TO:<report@124.example>")
    await client.say("DATA")
    assert (await client.say("small\r\n.")).startswith("250")
    assert [raw for raw, *_ in keeper.kept] == [b"small\r\n"]
    await client.close()


async def test_threat_38_mails_in_flight_share_one_budget(opened: Open, keeper: Keeper) -> None:
    limits = SmtpLimits(message_bytes=200_000, held_bytes=400_000)
    server = await opened(limits)
    keeper.gate.clear()
    clients = [await RawClient.dial(server.port) for _ in range(4)]
    body = (b"x" * 998 + b"\r\n") * 190 + b"."
    for client in clients:
        await client.begin()
    waiting = [asyncio.create_task(client.say(body)) for client in clients]
    refused, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    assert {task.result()[:9] for task in refused} == {"452 4.3.1"}
    keeper.gate.set()
    replies = sorted([(await task)[:3] for task in waiting])
    assert replies.count("250") >= 1
    await clients[0].say("MAIL FROM:<a@b.ir>")
    await clients[0].say("RCPT TO:<report@124.example>")
    await clients[0].say("DATA")
    assert (await clients[0].say(body)).startswith("250"), "the budget is given back"
    for client in clients:
        await client.close()


async def test_threat_44_connections_are_capped_per_peer(opened: Open) -> None:
    server = await opened(SmtpLimits(connections_per_peer=2))
    clients = [await RawClient.dial(server.port) for _ in range(3)]
    replies = [await client.reply() for client in clients]
    assert [reply[:3] for reply in replies] == ["220", "220", "421"]
    assert await clients[2].reply() == ""
    await clients[0].say("QUIT")
    await clients[0].reply()
    again = await RawClient.dial(server.port)
    assert (await again.reply()).startswith("220")
    for client in (*clients, again):
        await client.close()


async def test_threat_44_idle_client_is_cut_off(opened: Open) -> None:
    server = await opened(SmtpLimits(command_s=0.05))
    client = await RawClient.dial(server.port)
    await client.reply()
    assert await client.reply() == ""
    await client.close()


async def test_threat_44_dripping_data_is_cut_off(opened: Open, keeper: Keeper) -> None:
    server = await opened(SmtpLimits(data_s=0.05))
    client = await RawClient.dial(server.port)
    await client.begin()
    client.writer.write(b"slow")
    assert await client.reply() == ""
    assert keeper.kept == []
    await client.close()


async def test_too_many_commands_end_the_connection(client: RawClient) -> None:
    await client.greet()
    replies = [await client.say("NOOP") for _ in range(51)]
    assert replies[-1].startswith("421")
