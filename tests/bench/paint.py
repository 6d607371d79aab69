"""How heavy each screen is, and how soon it shows: at 400 kbit/s, 400 ms away, on a six times slower processor.

First paint is what the browser itself says of it, the median of a few fresh visits; bytes are what crossed the line.
Pages a citizen comes to by others have what those brought; a screen without an address of its own is not timed.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path
from statistics import median

from playwright.async_api import CDPSession

from tests.screens.screens import SCREENS, Screen
from tests.screens.visit import WIDTHS, Round, going_round
from tests.support.chromium import running_chromium

_LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
_SLOWER = 6
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"


async def _visit(on: Round, screen: Screen) -> tuple[float, float, int]:
    """Milliseconds to the first paint and to the end of loading, and bytes over the line."""
    context = await on.sit_down(screen.seat, viewport=WIDTHS["phone"])
    page = await context.new_page()
    line: CDPSession = await context.new_cdp_session(page)
    received: list[int] = []
    line.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", _LINE)
    await line.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    await page.goto(on.address(screen, "fa"), wait_until="load")
    await page.wait_for_function(f"() => !Number.isNaN({_PAINT})")
    paint_ms = await page.evaluate(_PAINT)
    load_ms = await page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart")
    await context.close()
    return paint_ms, load_ms, sum(received)


async def _weigh(turns: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_chromium() as browser, going_round(Path(folder), browser) as on:
            for screen in (each for each in SCREENS if each.walk is None):
                visits = [await _visit(on, screen) for _ in range(turns)]
                paint_ms, load_ms, size = (median(each) for each in zip(*visits, strict=True))
                print(
                    f"{screen.name:20} first paint {paint_ms / 1000:5.2f} s   loaded {load_ms / 1000:5.2f} s"
                    f"   {size / 1000:6.1f} kB",
                    flush=True,
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3, help="fresh visits of each screen; the median counts")
    asyncio.run(_weigh(parser.parse_args().turns))
