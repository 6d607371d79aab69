"""The mail server over real sockets: what is acknowledged is kept, what is refused is refused in SMTP's own words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest

from channels.smtp import MailServer
from channels.smtp_session import SmtpLimits
from tests.support.mail import RawClient, mail


@dataclass
class Keeper:
    """Stands where the database does: it can be slow, and it can fail."""

    kept: list[tuple[bytes, str, tuple[str, ...], str]] = field(default_factory=list)
    error: Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, raw: bytes, sender: str, recipients: tuple[str, ...], peer: str) -> None:
        self.reached.set()
        await self.gate.wait()
        if self.error:
            raise self.error
        self.kept.append((raw, sender, recipients, peer))
        self.done.set()


@pytest.fixture
def keeper() -> Keeper:
    keeper = Keeper()
    keeper.gate.set()
    return keeper


Open = Callable[..., Awaitable[MailServer]]


@pytest.fixture
async def opened(keeper: Keeper) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def open_server(limits: SmtpLimits | None = None) -> MailServer:
            server = MailServer(keeper, ["Report@124.example"], port=0, limits=limits)
            await server.start()
            stack.push_async_callback(server.stop)
            return server

        yield open_server


@pytest.fixture
async def server(opened: Open) -> MailServer:
    return await opened()


@pytest.fixture
async def client(server: MailServer) -> AsyncIterator[RawClient]:
    client = await RawClient.dial(server.port)
    yield client
    await client.close()


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


async def test_only_known_addresses_are_taken(client: RawClient) -> None:
    await client.greet()
    await client.say("MAIL FROM:<a@b.ir>")
    for address in ("other@124.example", "report@elsewhere.example", "report"):
        assert (await client.say(f"RCPT TO:<{address}>")).startswith("550")
    assert (await client.say("DATA")).startswith("503")


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


async def test_lines_of_any_length_are_taken(client: RawClient, keeper: Keeper) -> None:
    await client.begin()
    body = b"x" * 300_000 + b"\r\n.." + b"z" * 70_000 + b"\r\n"
    assert (await client.say(body + b".")).startswith("250")
    assert keeper.kept[0][0] == body.replace(b"\r\n..", b"\r\n.")


@pytest.mark.parametrize("ending", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r"])
async def test_threat_43_only_crlf_dot_crlf_ends_a_mail(client: RawClient, keeper: Keeper, ending: bytes) -> None:
    await client.begin()
    smuggled = b"one" + ending + b"MAIL FROM:<admin@124.example>\r\n"
    assert (await client.say(smuggled + b".")).startswith("250")
    assert len(keeper.kept) == 1
    assert b"MAIL FROM:<admin" in keeper.kept[0][0]


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


@pytest.mark.parametrize(
    "line",
    [
        b"MAIL FROM:<" + b"(" * 400 + b">",
        b"MAIL FROM:<\xff\xfe@x.ir>",
        b"MAIL FROM:<a@b.ir> SIZE=\xdb\xb1\xdb\xb2",
        b"MAIL FROM:<a@[>",
        b'MAIL FROM:<"a@b.ir>',
        b"MAIL FROM:",
        b"RCPT TO:<x>",
        b"VRFY \xff",
        b"\x00\x01\x02",
        b"\xff\xff",
        b"",
        b"EHLO",
        b"HELP \xff",
        b"AUTH PLAIN AAAA",
        b"STARTTLS",
        b"x" * 5000,
        b"y" * 200_000,
        b"DATA now",
        b"BDAT 5",
        b"FROB",
    ],
)
async def test_threat_36_nonsense_gets_an_answer_and_no_traceback(
    client: RawClient, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await client.greet()
    assert (await client.say(line))[:1] in ("2", "4", "5")
    assert (await client.say("NOOP")).startswith("250")
    assert "Traceback" not in caplog.text


async def test_rude_ends_leave_no_trace_in_the_log(
    server: MailServer, caplog: pytest.LogCaptureFixture, keeper: Keeper
) -> None:
    caplog.set_level(logging.INFO)
    for words in (b"", b"EHLO", b"EHLO x\r\nMAIL FROM:<a@b.ir>\r\nRCPT TO:<report@124.example>\r\nDATA\r\nhalf"):
        client = await RawClient.dial(server.port)
        await client.reply()
        client.writer.write(words)
        await client.writer.drain()
        client.hang_up()
    last = await RawClient.dial(server.port)
    await last.begin()
    assert (await last.say("fine\r\n.")).startswith("250")
    await last.close()
    assert caplog.records == []
    assert len(keeper.kept) == 1


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
