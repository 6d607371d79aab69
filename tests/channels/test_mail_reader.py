"""Mails read in a process of their own: the same answers, a calm event loop, and a way out when one hangs."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from channels import email
from channels.channel import Arrival, Ignored, Malformed, Parsed
from channels.mail_reader import MailReader, is_simple
from normalizer.report import Report
from tests.support.files import JPEG
from tests.support.mail import MAILS, arrival, mail, sample

BIG = "گران‌فروشی در بازار. " * 2000
HANG, DIE, BABBLE, RUIN, ENVIRONMENT = (f"x-{name}" for name in ("hang", "die", "babble", "ruin", "environment"))


def parse(given: Arrival) -> Parsed:
    """A parser that can go wrong in every way; the reader's process imports this module for it."""
    if HANG.encode() in given.raw:
        while True:
            pass
    if DIE.encode() in given.raw:
        os.abort()
    if BABBLE.encode() in given.raw:
        sys.stdout.buffer.write(b"\xff" * 64)
        sys.stdout.buffer.flush()
    if RUIN.encode() in given.raw:
        return Malformed("memory", "exhausted" if _exhausted() else "left")
    if ENVIRONMENT.encode() in given.raw:
        return Malformed("environment", ",".join(sorted(os.environ)))
    return email.parse(given)


def _exhausted() -> bool:
    try:
        bytearray(4 * 1024**3)
    except MemoryError:
        return True
    return False


@pytest.fixture
async def reader() -> AsyncIterator[MailReader]:
    reader = MailReader(parse)
    yield reader
    await reader.stop()


async def test_reading_elsewhere_gives_the_same_report(reader: MailReader) -> None:
    raw = mail(BIG, files=[("عکس.jpg", JPEG, "image/jpeg"), ("b.jpg", JPEG + b"b", "image/jpeg")])
    given = arrival(raw, max_attachment_bytes=10_000)
    assert not is_simple(raw)
    assert await reader.parse(given) == email.parse(given)


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
async def test_every_sample_reads_the_same_in_both_places(reader: MailReader, path: Path) -> None:
    raw = sample(path.stem)
    padded = arrival(raw.replace(b"\r\n\r\n", b"\r\nX-Padding: " + b"p" * 17_000 + b"\r\n\r\n", 1))
    assert not is_simple(padded.raw)
    elsewhere = await reader.parse(padded)
    assert elsewhere == email.parse(padded)
    if isinstance(elsewhere, Report):
        here = email.parse(arrival(raw))
        assert isinstance(here, Report)
        assert replace(elsewhere, raw=raw) == here


async def test_simple_mail_starts_no_process() -> None:
    reader = MailReader(parse)
    assert isinstance(await reader.parse(arrival(mail())), Report)
    assert reader._process is None
    await reader.stop()


@pytest.mark.parametrize(
    ("mark", "answer"),
    [(DIE, Malformed("mail", "unreadable")), (BABBLE, Malformed("mail", "unreadable"))],
)
async def test_threat_10_dying_reader_costs_one_mail_only(reader: MailReader, mark: str, answer: Malformed) -> None:
    assert await reader.parse(arrival(mail(BIG, headers=[("X-Mark", mark)]))) == answer
    assert isinstance(await reader.parse(arrival(mail(BIG))), Report)


async def test_threat_10_memory_of_the_reader_is_capped(reader: MailReader) -> None:
    assert await reader.parse(arrival(mail(BIG, headers=[("X-Mark", RUIN)]))) == Malformed("memory", "exhausted")


async def test_threat_36_hanging_mail_is_given_up_and_the_next_is_read() -> None:
    reader = MailReader(parse, timeout_s=1)
    assert await reader.parse(arrival(mail(BIG, headers=[("X-Mark", HANG)]))) == Malformed("mail", "too_slow")
    assert isinstance(await reader.parse(arrival(mail(BIG))), Report)
    await reader.stop()


async def test_reader_that_does_not_start_leaves_the_mail_for_later() -> None:
    def nowhere(given: Arrival) -> Parsed:
        return email.parse(given)

    nowhere.__module__ = "channels.no_such_channel"
    reader = MailReader(nowhere)
    with pytest.raises(OSError, match="does not start"):
        await reader.parse(arrival(mail(BIG)))
    await reader.stop()


async def test_cancelled_reading_never_gives_its_answer_to_the_next_mail(reader: MailReader) -> None:
    first = asyncio.create_task(reader.parse(arrival(mail(BIG, subject="یک"))))
    await asyncio.sleep(0)
    first.cancel()
    second = await reader.parse(arrival(mail(BIG, subject="دو")))
    assert isinstance(second, Report)
    assert second.subject == "دو"


async def test_threat_60_reader_knows_no_secrets(reader: MailReader) -> None:
    os.environ["GATEWAY_SMS__KAVENEGAR__API_KEY"] = "secret"
    try:
        seen = await reader.parse(arrival(mail(BIG, headers=[("X-Mark", ENVIRONMENT)])))
    finally:
        del os.environ["GATEWAY_SMS__KAVENEGAR__API_KEY"]
    assert isinstance(seen, Malformed)
    assert "GATEWAY" not in seen.reason


async def test_many_mails_at_once_get_each_its_own_answer(reader: MailReader) -> None:
    given = [arrival(mail(BIG, subject=f"شماره {number}")) for number in range(20)]
    read = await asyncio.gather(*map(reader.parse, given))
    assert [report.subject for report in read if isinstance(report, Report)] == [f"شماره {n}" for n in range(20)]


HOSTILE = {
    "addresses": b"From: a@b.ir\r\nTo: " + b"a@b.ir, " * 900 + b"\r\nX: " + b"y" * 20_000 + b"\r\n\r\nhi",
    "parameters": b"From: a@b.ir\r\nContent-Type: text/plain" + b';"' * 30_000 + b"\r\n\r\nx",
    "encoded words": b"From: a@b.ir\r\nSubject: " + b"=?a?q?" * 10_000 + b"\r\n\r\nx",
    "nested tags": b"From: a@b.ir\r\nContent-Type: text/html\r\n\r\nx" + b"<div>\n" * 9_000,
    "nested parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(195)
    ),
    "blank lines": b"From: a@b.ir\r\n\r\nx" + b"\r\n" * 900_000,
    "large file": b"From: a@b.ir\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + (b"/9j/" * 19 + b"\r\n") * 130_000,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_threat_11_hostile_mail_never_holds_up_the_loop(reader: MailReader, name: str) -> None:
    # Measured in the loop's own processor time, which other programs on the machine do not stretch.
    stalls: list[float] = []

    async def probe() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.005)
            stalls.append(time.thread_time() - before)

    probing = asyncio.create_task(probe())
    parsed = await reader.parse(arrival(HOSTILE[name]))
    probing.cancel()
    assert isinstance(parsed, Report | Ignored | Malformed)
    assert max(stalls, default=0) < 0.2


SIMPLE_BUT_NASTY = {
    "addresses": b"From: " + b"a@b.ir," * 99 + b"\r\n\r\nx",
    "parameters": b"Content-Type: text/plain" + b';"' * 200 + b"\r\n\r\nx",
    "encoded words": b"Subject: " + b"=?a?q?" * 100 + b"y" * 12_000 + b"\r\n\r\nx",
    "tags": b"Content-Type: text/html\r\n\r\n" + b"<b>" * 500 + b"\r\n",
    "folded": b"Subject: " + b"x\r\n " * 3_000 + b"\r\n\r\nx",
    "comments": b"From: " + b"(" * 8_000 + b"\r\n\r\nx",
    "quotes": b"From: a@b.ir\r\n\r\n" + b">\r\n" * 5_000,
    "rules": b"From: a@b.ir\r\n\r\n" + b"_" * 16_000,
    "parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 2_000,
    "mails": b"Content-Type: message/rfc822\r\n\r\n" * 480,
    "thread": b"References: " + b"<a@b> " * 99 + b"<" * 300 + b"\r\n\r\nx",
}


@pytest.mark.parametrize("name", SIMPLE_BUT_NASTY)
def test_threat_11_what_is_read_in_place_is_read_at_once(name: str) -> None:
    raw = SIMPLE_BUT_NASTY[name]
    assert is_simple(raw)
    assert min(_took_s(raw) for _ in range(3)) < 0.1  # the least: on a busy machine one may take longer


def _took_s(raw: bytes) -> float:
    started = time.thread_time()
    email.parse(arrival(raw))
    return time.thread_time() - started


@pytest.mark.parametrize(
    "raw",
    [b"x" * 20_000, b"multipart/" * 4, b";" * 201, b"=?" * 101, b"<" * 501, b"@" * 101],
)
def test_anything_larger_or_odder_is_not_simple(raw: bytes) -> None:
    assert not is_simple(raw)
