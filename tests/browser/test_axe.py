"""axe sees what it is there for: Persian text that cannot be read is caught, and only that."""

from __future__ import annotations

from playwright.async_api import Page

from tests.support.axe import violations


async def test_pale_persian_text_is_caught(page: Page) -> None:
    await page.goto("/track")
    assert await violations(page) == []
    await page.evaluate("""() => {
      const lead = document.querySelector(".lead");
      lead.style.color = "#ccd2cf";
      lead.style.fontFamily = "sans-serif";
    }""")
    found = await violations(page)
    assert len(found) == 1
    assert found[0].startswith("color-contrast: .lead")


async def test_a_field_without_a_name_is_caught(page: Page) -> None:
    await page.goto("/track")
    await page.evaluate("document.querySelector('label[for=code]').remove()")
    assert "label" in {line.partition(":")[0] for line in await violations(page)}
