"""`make screens`: a picture of every screen, at both widths and in both languages, into docs/screens."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.screens.screens import SCREENS
from tests.screens.visit import LANGUAGES, WIDTHS, Round, going_round


async def _photograph(on: Round, into: Path) -> None:
    for screen in SCREENS:
        for width, viewport in WIDTHS.items():
            context = await on.seat(screen, viewport=viewport)
            page = await context.new_page()
            for language in LANGUAGES:
                await page.goto(on.address(screen, language), wait_until="load")
                path = into / f"{screen.name}-{width}-{language}.png"
                await page.screenshot(path=path, animations="disabled", caret="hide", type="png")
                print(f"{path.name:32} {path.stat().st_size / 1000:6.1f} kB", flush=True)
            await context.close()


def _emptied(into: Path) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    for old in into.glob("*.png"):
        old.unlink()
    return into


async def _all(into: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with going_round(Path(folder), SCREENS) as on:
            await _photograph(on, into)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("docs/screens"))
    asyncio.run(_all(_emptied(parser.parse_args().into)))
