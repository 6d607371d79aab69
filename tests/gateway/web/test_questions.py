"""A report one question a page, without a browser: the way through, back, and out of turn."""

from __future__ import annotations

import re
from html import unescape

import aiohttp
import pytest

from gateway.web.pages.steps import licence_id
from tests.support.citizen import ANSWERS, PHONE, SHOP, WHAT, Citizen
from tests.support.web import Site
from ticketing.tables import tickets


async def test_each_answer_leads_to_the_next_question_and_the_last_to_one_ticket(site: Site, citizen: Citizen) -> None:
    seen = []
    await citizen.open("/")
    for step, data in ANSWERS:
        await citizen.answer(step, data)
        seen.append((citizen.path.rpartition("/")[2], re.findall(r"([۰-۹]) از ۶", citizen.text)[0]))
    assert seen == [("licence", "۲"), ("shop", "۲"), ("what", "۳"), ("photos", "۴"), ("contact", "۵"), ("check", "۶")]
    await citizen.send()
    assert (citizen.status, citizen.path) == (200, "/reported")
    row = (await site.parts.database.read(tickets.select()))[0]
    assert (row["category"], row["business_name"], row["province"], row["step"]) == (
        "overcharging",
        SHOP["business.name"],
        "23",
        2,
    )
    assert row["happened_on"].isoformat() == "2026-11-11"


async def test_a_guild_id_spares_the_questions_about_the_shop(site: Site, citizen: Citizen) -> None:
    await citizen.answer("subject", {"category": "overcharging"})
    await citizen.answer("licence", {"business.guild_id": "https://qr.example/p?id=۰۵۱۲۳۴۵۶۷۸&x=1"})
    assert citizen.path == "/report/what"
    await citizen.answer("what", {"text": "شیر را گران‌تر فروخت"})
    await citizen.answer("photos")
    await citizen.answer("contact", {"phone": PHONE})
    assert "۰۵۱۲۳۴۵۶۷۸" in citizen.text
    await citizen.send()
    row = (await site.parts.database.read(tickets.select()))[0]
    assert (row["business_guild_id"], row["step"], row["missing"]) == ("0512345678", 2, [])


@pytest.mark.parametrize(
    ("typed", "guild_id"),
    [
        ("0512345678", "0512345678"),
        ("\u200f۰۵۱۲ ۳۴۵-۶۷۸\u200e ", "0512345678"),
        ("https://iranianasnaf.ir/p/0512345678", "0512345678"),
        ("https://any.example/l/٠٥١٢٣٤٥٦٧٨", "0512345678"),
        ("https://any.example/0512345678/1234567890", None),
        ("https://any.example/05123456781", None),
        ("12345", None),
    ],
)
def test_a_licence_is_read_from_number_or_link(typed: str, guild_id: str | None) -> None:
    assert licence_id(typed) == guild_id


async def test_what_was_answered_is_there_on_the_way_back_and_in_the_other_language(citizen: Citizen) -> None:
    await citizen.through("contact")
    await citizen.open("/report/what")
    assert WHAT["text"] in citizen.text
    await citizen.open("/report/shop?lang=en")
    assert f'value="{SHOP["business.name"]}"' in citizen.text
    await citizen.open("/report/subject")
    assert 'value="overcharging" checked' in citizen.text


async def test_a_wrong_answer_stays_on_its_page_with_what_was_typed(citizen: Citizen) -> None:
    await citizen.through("contact")
    await citizen.answer("contact", {"phone": "۰۹۱۲", "name": "سارا"})
    text = unescape(citizen.text)
    assert citizen.status == 422
    assert re.search("<title>خطا:", text)
    assert '<a href="#phone">' in text
    assert 'value="سارا"' in text
    await citizen.open("/report/check")
    assert citizen.path == "/report/contact"


async def test_one_answer_is_changed_and_leads_back_to_the_check(citizen: Citizen) -> None:
    await citizen.through()
    assert "/report/shop?to=check" in citizen.text
    await citizen.answer("shop", SHOP | {"business.name": "نانوایی سنگکی"}, "?to=check")
    assert citizen.path == "/report/check"
    assert "نانوایی سنگکی" in citizen.text


async def test_pages_out_of_turn_lead_to_the_first_question_that_is_open(citizen: Citizen) -> None:
    await citizen.open("/report/what")
    assert citizen.path == "/"
    await citizen.answer("subject", {"category": "fraud"})
    await citizen.open("/report/check")
    assert citizen.path == "/report/what"
    for unknown in ("/report/nothing", "/report/send"):
        await citizen.open(unknown)
        assert citizen.status == 404


async def test_open_complaints_about_the_same_shop_are_told_as_a_number(site: Site, citizen: Citizen) -> None:
    await citizen.through()
    await citizen.send()
    await citizen.through("what")
    note = re.findall(r'id="lately-title">([^<]+)<', citizen.text)
    assert len(note) == 1
    assert "۱ گزارش" in note[0]
    assert "0912" not in citizen.text
    await citizen.answer("shop", SHOP | {"business.name": "نانوایی سنگکی"})
    assert "lately-title" not in citizen.text


async def test_every_page_is_light(site: Site, citizen: Citizen) -> None:
    await citizen.through()
    weights = {}
    async with aiohttp.ClientSession(site.url, auto_decompress=False) as plain:
        for path in ("/", *(f"/report/{step}" for step in ("licence", "shop", "what", "photos", "contact", "check"))):
            await citizen.open(path)
            assert citizen.path == path
            weights[path] = len(citizen.text.encode())
            parts = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', citizen.text))
            assert len(parts) <= 3  # the sheet, the icon, one script
            for part in parts:
                async with plain.get(part, headers={"Accept-Encoding": "gzip"}) as answer:
                    weights[path] += len(await answer.read())
    assert max(weights.values()) < 24_000, weights
