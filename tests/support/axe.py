"""Runs axe in a page and says in one line each what breaks WCAG 2.2 AA; made to see Persian text.

axe takes joined letters for an icon font's ligatures and silently skips their contrast, so the measurement it tells
them by is answered with the plain sum of widths. It needs a page with scripts on.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

from playwright.async_api import Page

_SEE_PERSIAN: Final = """() => {
  CanvasRenderingContext2D.prototype.measureText = (text) => ({ width: 10 * text.length });
}"""
_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN: Final = """async (runOnly) => {
  const found = await axe.run(document, { runOnly, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) => ({
    rule: rule.id, help: rule.help, where: node.target.join(" "), why: node.failureSummary,
  })));
}"""


@cache
def _source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


async def violations(page: Page) -> list[str]:
    """What is wrong with the page as it stands, one line each; none where all is well."""
    return await _run(page, {"type": "tag", "values": _TAGS})


async def pale(page: Page) -> list[str]:
    """What of the page is hard to tell from its ground, one line each: what a change of colours alone can break."""
    return await _run(page, {"type": "rule", "values": ["color-contrast"]})


async def _run(page: Page, rules: dict[str, Any]) -> list[str]:
    if await page.evaluate("typeof axe === 'undefined'"):
        await page.evaluate(_SEE_PERSIAN)
        await page.evaluate(_source())
    found: list[dict[str, Any]] = await page.evaluate(_RUN, rules)
    return [f"{each['rule']}: {each['where']}: {each['why']}" for each in found]
