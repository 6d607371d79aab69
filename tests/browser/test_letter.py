"""A letter on paper: A4 pages that hold all of it, the table's head again on each."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from playwright.async_api import Browser

from gateway.catalogue import load_catalogue
from gateway.letter_settings import Letter
from gateway.letters.composing import Composer
from gateway.letters.page import to_html
from tests.support.reports import shipped_rules
from tests.support.reviewing import AS_OF, PERIOD
from ticketing.performance import REPORTED, Group, Performance, Review

_A4 = (595, 842)
_UNANSWERED = Performance(registered=30, in_progress=20, delayed=10)


async def test_the_page_prints_to_a4_with_all_of_its_table(browser: Browser, tmp_path: Path) -> None:
    groups = {Group(code, "union"): _UNANSWERED for code in REPORTED}
    composer = Composer(Letter(), shipped_rules(), load_catalogue())
    document = composer.compose(Review("guild_body", PERIOD, AS_OF, groups, {}))
    page = await browser.new_page()
    await page.set_content(to_html(document, "fa"))
    printed = pypdfium2.PdfDocument(await page.pdf(prefer_css_page_size=True))
    assert {tuple(round(each) for each in sheet.get_size()) for sheet in printed} == {_A4}
    texts = [sheet.get_textpage().get_text_range() for sheet in printed]
    assert 2 <= len(texts) <= 3
    assert sum(text.count("۳۰") for text in texts) >= len(REPORTED)
    await page.close()
