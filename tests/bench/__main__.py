"""`make bench`: ours beside the raw reference, measured in turns in one run, then where our time goes."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from tests.bench.load import Measured, measure
from tests.bench.mail_load import measure_mail
from tests.bench.outbox import measure_outbox
from tests.bench.profile import profile_intake
from tests.bench.raw_outbox import measure_raw_outbox
from tests.bench.serving import profile_serving
from tests.support.process import GatewayProcess, run_gateway

_MAILBOX = "report@124.example"
# One phone a report, as many adjacent numbers as reports: the budgets against pumping are not what is measured.
_SETTINGS = {"security.reports_per_minute": "0", "security.sms_per_prefix_per_hour": "0"}
_CONFIG = "[http]\nport = 0\n[channels.email]\nport = 0\n"
Side = Callable[[int], Awaitable[Measured]]


@asynccontextmanager
async def _ours(folder: Path) -> AsyncIterator[GatewayProcess]:
    (folder / "config.toml").write_text(_CONFIG, encoding="utf-8")
    code, _, problem = await run_gateway(folder, "migrate", settings=_SETTINGS)
    if code:
        raise RuntimeError(problem)
    gateway = await GatewayProcess.start(folder, settings=_SETTINGS)
    yield gateway
    await gateway.stop(signal.SIGTERM)


@asynccontextmanager
async def _raw(module: str, folder: Path) -> AsyncIterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, str(folder), str(port))
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            break
    yield port
    process.terminate()
    await process.wait()


def _row(name: str, ours: Measured, raw: Measured) -> None:
    refused = f"  {ours.refused} refused" if ours.refused else ""
    print(
        f"{name:28} {ours.per_second:8.0f}/s p50 {ours.p50_ms:6.1f} ms p99 {ours.p99_ms:6.1f} ms"
        f" | raw {raw.per_second:8.0f}/s p50 {raw.p50_ms:6.1f} ms p99 {raw.p99_ms:6.1f} ms"
        f" | ratio {ours.per_second / raw.per_second:4.2f}{refused}",
        flush=True,
    )


async def _turns(ours: Side, raw: Side, turns: int, count: int) -> tuple[Measured, Measured]:
    """The median run of each side, taken in turns so that a slow moment of the machine falls on both."""
    pairs = [(await ours(turn * count), await raw(turn * count)) for turn in range(turns)]
    mine, theirs = (sorted(side, key=lambda run: run.per_second) for side in zip(*pairs, strict=True))
    return mine[turns // 2], theirs[turns // 2]


async def _reports(folder: Path, turns: int, scale: int) -> None:
    async with _ours(folder) as gateway, _raw("tests.bench.raw_http", folder) as raw_port:
        our_port, start = int(gateway.url.rsplit(":", 1)[1]), 0
        for connections, count in ((1, 300 * scale), (8, 1000 * scale), (32, 2000 * scale)):

            def run(port: int, base: int, connections: int = connections, count: int = count) -> Side:
                return lambda offset: measure(port, connections=connections, count=count, start=base + offset)

            pair = await _turns(run(our_port, start), run(raw_port, start), turns, count)
            start += turns * count
            _row(f"reports, {connections} connections", *pair)


async def _mails(folder: Path, turns: int, scale: int) -> None:
    async with _ours(folder) as gateway, _raw("tests.bench.raw_smtp", folder) as raw_port:

        def run(port: int) -> Side:
            return lambda offset: measure_mail(port, connections=8, count=300 * scale, start=offset, recipient=_MAILBOX)

        _row("mails, 8 sessions", *await _turns(run(gateway.smtp_port), run(raw_port), turns, 300 * scale))


async def _outbox(folder: Path, scale: int) -> None:
    count = 2000 * scale
    ours, raw = await measure_outbox(folder, count), measure_raw_outbox(folder, count)
    print(f"{'outbox drained':28} {ours:8.0f}/s | raw {raw:8.0f}/s | ratio {ours / raw:4.2f}", flush=True)


async def _bench(turns: int, scale: int) -> None:
    for part in (lambda f: _reports(f, turns, scale), lambda f: _mails(f, turns, scale), lambda f: _outbox(f, scale)):
        with tempfile.TemporaryDirectory() as folder:
            await part(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        await profile_intake(Path(folder), 1000 * scale)
    with tempfile.TemporaryDirectory() as folder:
        await profile_serving(Path(folder), 1000 * scale)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3, help="measure each pair so often; the median counts")
    parser.add_argument("--scale", type=int, default=2, help="how many times 2000 reports a run at 32 connections")
    given = parser.parse_args()
    uvloop.run(_bench(given.turns, given.scale))
