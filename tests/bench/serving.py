"""Where the serving process's time goes: what its thread is at, each millisecond, by part.

The load comes from a process of its own, so that nothing but the gateway is on the thread that is looked at.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

from gateway.app import open_gateway
from gateway.config import settings_from
from gateway.logs import configure_logs
from gateway.migrations import upgrade

_EVERY_S = 0.001
_CONNECTIONS = 32
_LOAD = """
import sys, uvloop
from tests.bench.load import measure
port, connections, count = map(int, sys.argv[1:])
uvloop.run(measure(port, connections=connections, count=count, start=1))
"""

# The innermost of our frames that stands in this list says whose time it is.
_PARTS = (
    ("sms/dispatcher", "texts sent and recorded"),
    ("sms/lane", "texts sent and recorded"),
    ("normalizer/normalize", "understood (normalizer)"),
    ("ticketing/bulk", "rows encoded"),
    ("ticketing/intake", "ticket, event and texts made (the unit)"),
    ("ticketing/writer", "group, its commit and its look-ups"),
    ("ticketing/transaction", "group, its commit and its look-ups"),
    ("ticketing/database", "other reads"),
    ("channels/", "body checked (channel)"),
    ("gateway/web/body", "body read and decoded"),
    ("structlog/", "log line"),
    ("gateway/web/", "routing, headers, answer"),
    ("aiohttp/", "HTTP (aiohttp)"),
)


class _Watch:
    """Looks at this thread's stack at every millisecond."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __enter__(self) -> _Watch:
        signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, _EVERY_S, _EVERY_S)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        self.seen[_part_of(frame)] += 1


def _part_of(frame: FrameType | None) -> str:
    while frame is not None:
        path = frame.f_code.co_filename
        for part, name in _PARTS:
            if part in path:
                return name
        frame = frame.f_back
    return "event loop, sockets, and waiting"


async def profile_serving(folder: Path, count: int) -> None:
    """Print the share of each part in the serving thread's time while `count` reports come over 32 connections."""
    url = f"sqlite+aiosqlite:///{folder}/serving.db"
    await upgrade(url)
    configure_logs(level="warning", form="json", secrets=[])
    security = {"keys_file": f"{folder}/keys", "reports_per_minute": 0, "sms_per_prefix_per_hour": 0}
    given = {
        "http": {"port": 0},
        "database": {"url": url},
        "storage": {"attachments": f"{folder}/attachments"},
        "channels": {"email": {"enabled": False}},
        "security": security,
    }
    async with open_gateway(settings_from(given)) as gateway:
        port = gateway.url.rsplit(":", 1)[1]
        with _Watch() as watch:
            told = (port, str(_CONNECTIONS), str(count))
            load = await asyncio.create_subprocess_exec(sys.executable, "-c", _LOAD, *told)
            await load.wait()
    total = watch.seen.total()
    print(f"\nthe serving thread under {_CONNECTIONS} connections, {total} looks")
    for name, times in watch.seen.most_common():
        print(f"  {100 * times / total:4.1f} %  {name}")
