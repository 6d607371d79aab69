"""Clients that relay, smuggle, babble or hang up: refused in SMTP's own words, with no trace in the log."""

from __future__ import annotations

import logging

import pytest

from channels.smtp import MailServer
from tests.channels.smtp.conftest import Keeper
from tests.support.mail import RawClient


async def test_only_known_addresses_are_taken(client: RawClient) -> None:
    await client.greet()
    await client.say("MAIL FROM:<a@b.ir>")
    for address in ("other@124.example", "report@elsewhere.example", "report"):
        assert (await client.say(f"RCPT TO:<{address}>")).startswith("550")
    assert (await client.say("DATA")).startswith("503")


@pytest.mark.parametrize("ending", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r"])
async def test_threat_43_only_crlf_dot_crlf_ends_a_mail(client: RawClient, keeper: Keeper, ending: bytes) -> None:
    await client.begin()
    smuggled = b"one" + ending + b"MAIL FROM:<admin@124.example>\r\n"
    assert (await client.say(smuggled + b".")).startswith("250")
    assert len(keeper.kept) == 1
    assert b"MAIL FROM:<admin" in keeper.kept[0][0]


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
