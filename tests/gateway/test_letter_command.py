"""`gateway letter`: the circular of a period as JSON, page and workbook; a wrong period is named."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import main
from gateway.config import load_settings
from gateway.rules import build_rules
from tests.support.reviewing import of_seed, stage
from ticketing.database import Database
from ticketing.vault import load_vault

ASKED = ("letter", "--period", "۱۳۹۹-۰۳-۰۱..1399-07-01", "--as-of", "1399-07-13")


@pytest.fixture
async def house(house: Path) -> Path:
    """With a small picture of the seed's letter in its database."""
    settings = load_settings(house / "config.toml")
    rules = build_rules(settings, load_vault(settings.security.keys_file))
    async with Database(settings.database.url.get_secret_value()) as database:
        await stage(database, rules, *of_seed())
    return house


def run(house: Path, *arguments: str) -> int:
    return main([*arguments, "--config", str(house / "config.toml")])


def test_the_letter_says_what_the_figures_give(house: Path, restored_logs: None, capfd: Any) -> None:
    assert run(house, *ASKED, "--format", "json") == 0
    letter = json.loads(capfd.readouterr().out)
    assert letter["number"] is None
    total = letter["figures"]["total"]
    assert {name: total[name] for name in ("registered", "answered", "in_progress", "delayed", "otherwise")} == {
        "registered": 17,
        "answered": 13,
        "in_progress": 1,
        "delayed": 2,
        "otherwise": 1,
    }
    words = letter["words"]["fa"]
    assert words["findings"][0] == (
        "به طور کلی ۱۷ شکایت در این بازهٔ زمانی در سامانه ثبت شده است: ۱۴ شکایت (۸۲ درصد) از اتحادیه‌های صنفی، "
        "۲ شکایت (۱۲ درصد) از اتاق‌های اصناف و ۱ شکایت (۶ درصد) از کمیسیون‌های نظارت شهرستان‌ها."
    )
    assert words["findings"][1] == (
        "از کل شکایت‌ها ۳ شکایت (۱۸ درصد) بدون پاسخ مانده است: ۱ شکایت (۶ درصد) در حال بررسی و ۲ شکایت (۱۲ درصد) تأخیری."
    )
    assert "مازندران (با ۱۰ شکایت)، خراسان رضوی (با ۵ شکایت) و تهران (با ۲ شکایت)" in "\n".join(words["findings"])
    rows = [[cell["text"] for cell in row] for row in words["tables"][1]["rows"]]
    assert [row[1] for row in rows] == ["تهران", "خراسان رضوی", "مازندران", "جمع"]
    assert "پایان روز ۱۳ مهر ۱۳۹۹" in words["opening"]
    assert not set("0123456789") & set("".join(words["findings"] + [text for row in rows for text in row]))


def test_it_comes_as_a_page_and_as_a_workbook_too(house: Path, restored_logs: None, capfd: Any) -> None:
    assert run(house, *ASKED, "--language", "en") == 0
    page = capfd.readouterr().out
    assert '<html lang="en" dir="ltr">' in page
    assert "In all, 17 complaints were registered" in page
    book = house / "letter.xlsx"
    assert run(house, *ASKED, "--format", "xlsx", "--out", str(book)) == 0
    with zipfile.ZipFile(book) as parts:
        assert "مازندران" in parts.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--period", "1399-13"), "--period: 1399-13 is none"),
        (("--period", "1480-01"), "--period: it has not begun"),
        (("--period", "1399-03", "--as-of", "1480-01-01"), "--as-of: 1480-01-01 is no day that has ended"),
        (("--period", "1399-03", "--procedure", "consumer"), "--procedure: there are guild_body"),
        (("--number", "60/1"), "no letter was issued under the number 60/1"),
    ],
)
def test_what_cannot_be_is_one_line(
    house: Path, restored_logs: None, capfd: Any, asked: tuple[str, ...], said: str
) -> None:
    assert run(house, "letter", *asked) == 1
    assert capfd.readouterr().err.startswith(f"gateway: {said}")
