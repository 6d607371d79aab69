"""A ticket that bodies answer, as responders see it: what it is about, what an answer would do, how it climbed."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import aiohttp
import pytest

from tests.support.clock import ManualClock
from tests.support.desk_pages import post, read, sign_in
from tests.support.web import Site
from ticketing.sweep import sweep

REPORT: dict[str, Any] = {
    "procedure": "guild_body",
    "details": {"against": "union", "union": "اتحادیه نانوایان"},
    "text": "اتحادیه پروانه مرا بی‌دلیل صادر نمی‌کند",
    "phone": "09121234567",
    "place": {"province": "02", "county": "ساری"},
}
CHAMBER, COMMISSION, PROVINCE = "02-07-chamber", "02-07-county_commission", "02-provincial_commission"


@pytest.fixture
async def code(http: aiohttp.ClientSession) -> str:
    async with http.post("/api/v1/reports", json=REPORT) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["tracking_code"])


async def responder(site: Site, http: aiohttp.ClientSession, body: str) -> str:
    await site.add_staff(f"at.{body}", "responder", organisation="02", body=body)
    return await sign_in(http, f"at.{body}")


def words(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


async def test_its_page_names_the_bodies_and_what_an_answer_would_do_here(
    site: Site, http: aiohttp.ClientSession, code: str
) -> None:
    cookie = await responder(site, http, CHAMBER)
    _, queue = await read(http, "/desk/queue", cookie)
    assert "شکایت از سازمان صنفی" in words(queue)
    assert "اتحادیه‌های صنفی شهرستان ساری" in words(queue), "the body complained of stands where a shop would"
    assert 'name="procedure"' not in queue, "they work in one procedure only"
    status, page = await read(http, f"/desk/tickets/{code}", cookie)
    seen = words(page)
    assert status == 200
    assert "شکایت از کدام مرجع است اتحادیه صنفی" in seen
    assert "نام اتحادیه اتحادیه نانوایان" in seen
    assert "مرجع پاسخگو اتاق اصناف شهرستان ساری" in seen
    assert "خودبه‌خود به مرجع بالاتر می‌رود" in seen
    assert "پرونده به مرحلهٔ «راستی‌آزمایی پاسخ» می‌رود" in seen
    assert "پرونده به مرحلهٔ «اعلام پاسخ» می‌رود" not in seen, "this body's answers are verified above"


async def test_the_body_above_verifies_an_answer_it_can_read(
    site: Site, http: aiohttp.ClientSession, code: str
) -> None:
    cookie = await responder(site, http, CHAMBER)
    _, page = await read(http, f"/desk/tickets/{code}", cookie)
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    typed = {"text": "پروانه صادر می‌شود", "article": "ماده ۱۲", "legal_unit": "خانم رضایی", "legal_on.day": "۲۰"}
    said = {**typed, "legal_on.month": "۸", "legal_on.year": "۱۴۰۵", "outcome": "upheld", "version": version}
    path = f"/desk/tickets/{code}/actions/answer"
    status, onward, text = await post(http, path, cookie, **said, procedure=REPORT["procedure"])
    assert (status, onward) == (303, f"/desk/tickets/{code}?done=answer"), words(text)
    assert (await read(http, onward, cookie))[0] == 404, "it is the commission's now"
    _, page = await read(http, f"/desk/tickets/{code}", await responder(site, http, COMMISSION))
    answer, form = words(page).index("پاسخی که راستی‌آزمایی می‌شود نتیجه: تأیید شکایت"), words(page).index("چه کنیم؟")
    assert answer < form
    assert "متن پاسخ به شاکی: پروانه صادر می‌شود" in words(page)
    assert "به: کمیسیون نظارت شهرستان ساری" in words(page)
    assert "پاسخ درست است: تأیید شکایت" in words(page)


async def test_the_commission_of_the_province_announces_and_the_climb_stands_in_words(
    site: Site, http: aiohttp.ClientSession, clock: ManualClock, code: str
) -> None:
    for _ in range(2):
        clock.advance(days=30)
        await sweep(site.parts.database, site.parts.rules, clock.now())
    _, page = await read(http, f"/desk/tickets/{code}", await responder(site, http, PROVINCE))
    seen = words(page)
    assert "مهلت گذشت؛ از اتاق اصناف شهرستان ساری به کمیسیون نظارت شهرستان ساری رفت" in seen
    assert "پرونده به مرحلهٔ «اعلام پاسخ» می‌رود" in seen
    assert "راستی‌آزمایی پاسخ» می‌رود" not in seen
