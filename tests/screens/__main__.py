"""`make screens`: a picture of every screen, at both widths and in both languages, into docs/screens."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.screens.screens import SCREENS
from tests.screens.visit import LANGUAGES, WIDTHS, Round, going_round
from tests.support.chromium import running_chromium


async def _photograph(on: Round, into: Path) -> None:
    for screen in SCREENS:
        for width in WIDTHS:
            page = await on.page(screen, width)
            for language in LANGUAGES:
                await on.show(page, screen, language)
                path = into / f"{screen.name}-{width}-{language}.png"
                await page.screenshot(path=path, animations="disabled", caret="hide", type="png")
                print(f"{path.name:36} {path.stat().st_size / 1000:6.1f} kB", flush=True)
            await page.close()


def _emptied(into: Path) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    for old in into.glob("*.png"):
        old.unlink()
    return into


async def _all(into: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running_chromium() as browser, going_round(Path(folder), browser) as on:
            await _photograph(on, into)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("docs/screens"))
    asyncio.run(_all(_emptied(parser.parse_args().into)))
