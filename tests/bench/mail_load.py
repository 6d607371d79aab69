"""A lean SMTP load: sessions that hand over prepared mails one after the other and time each 250."""

from __future__ import annotations

import asyncio
import time
from email.message import EmailMessage

from tests.bench.load import TEXT, Measured, summed_up


def mails(count: int, start: int, recipient: str) -> list[bytes]:
    """`count` different complaints as they would come from a mail program, dot-stuffing not needed."""
    made = []
    for number in range(start, start + count):
        mail = EmailMessage()
        mail["From"] = f"citizen{number}@example.com"
        mail["To"] = recipient
        mail["Subject"] = "شکایت از گران‌فروشی"
        mail["Message-ID"] = f"<bench-{number}@example.com>"
        mail.set_content(TEXT)
        made.append(mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    return made


async def measure_mail(port: int, *, connections: int, count: int, start: int, recipient: str) -> Measured:
    """Deliver `count` mails over `connections` sessions; every final answer but 250 counts as refused."""
    waiting = iter(mails(count, start, recipient))
    took: list[float] = []
    refused = 0

    async def session() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        async def say(line: bytes) -> bytes:
            writer.write(line + b"\r\n")
            return await answer(reader)

        await answer(reader)
        await say(b"EHLO bench.example")
        for mail in waiting:
            began = time.perf_counter()
            await say(b"MAIL FROM:<citizen@example.com>")
            await say(f"RCPT TO:<{recipient}>".encode())
            await say(b"DATA")
            refused += not (await say(mail + b"\r\n.")).startswith(b"250")
            took.append(time.perf_counter() - began)
        await say(b"QUIT")
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(session() for _ in range(connections)))
    return summed_up(took, time.perf_counter() - began, refused)


async def answer(reader: asyncio.StreamReader) -> bytes:
    """One SMTP reply, its last line."""
    while True:
        line = await reader.readline()
        if line[3:4] != b"-":
            return line
