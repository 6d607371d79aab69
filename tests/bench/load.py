"""A lean HTTP load: keep-alive connections that send prepared requests one after the other and time each answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

TEXT = (
    "سلام، دیروز از سوپرمارکت رضا در تهران خیابان ولیعصر خرید کردم و برای یک کیلو برنج "
    "دو برابر قیمت درج‌شده پول گرفت و فاکتور هم نداد. "
    "وقتی اعتراض کردم گفت همین است که هست. خواهش می‌کنم رسیدگی کنید."
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: accepted per second, and the latencies' median and 99th percentile in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float
    refused: int


def requests(port: int, count: int, start: int) -> Iterator[bytes]:
    """`count` different complete reports as raw HTTP requests."""
    for number in range(start, start + count):
        phone = f"0912{number % 10_000_000:07d}"
        report = {
            "text": TEXT,
            "phone": phone,
            "category": "overcharging",
            "business": {"name": f"سوپرمارکت {number}"},
            "place": {"province": "23", "county": "تهران"},
        }
        body = json.dumps(report, ensure_ascii=False).encode()
        head = f"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        yield head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


async def measure(port: int, *, connections: int, count: int, start: int) -> Measured:
    """Send `count` reports over `connections` at once; every answer but 201 counts as refused."""
    waiting = iter(list(requests(port, count, start)))
    took: list[float] = []
    refused = 0

    async def one_connection() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            took.append(time.perf_counter() - began)
            refused += not head.startswith(b"HTTP/1.1 201")
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(connections)))
    return summed_up(took, time.perf_counter() - began, refused)


def summed_up(took: list[float], elapsed_s: float, refused: int) -> Measured:
    """The figures of a run from each request's time in seconds."""
    took.sort()
    return Measured(len(took) / elapsed_s, took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000, refused)
