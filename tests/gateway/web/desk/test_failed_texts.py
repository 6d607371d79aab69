"""The call list: who got no text is called, and the ticket says so."""

from __future__ import annotations

import re
from html import unescape

import aiohttp
import pytest
from sqlalchemy import select, update

from sms.tables import notices
from tests.support.desk_pages import post, read, sign_in
from tests.support.web import Site


@pytest.fixture
async def notice_id(http: aiohttp.ClientSession, site: Site) -> int:
    async with http.post("/api/v1/reports", json={"text": "گران‌فروشی", "phone": "09121234567"}) as answer:
        assert answer.status == 201
    row = (await site.parts.database.read(select(notices.c.id).limit(1)))[0]

    async def fail(tx: object) -> None:
        failed = {"state": "failed", "reason": "gave_up", "finished_at": site.clock.now()}
        await tx.execute(update(notices).where(notices.c.id == row["id"]).values(**failed))  # type: ignore[attr-defined]

    await site.parts.database.write(fail)
    return int(row["id"])


async def test_call_is_noted_on_the_ticket_once(
    http: aiohttp.ClientSession, site: Site, boss: str, notice_id: int
) -> None:
    _, page = await read(http, "/desk/failed-texts?lang=en", boss)
    code = re.search(r"/desk/tickets/(\d{12})", unescape(page))[1]  # type: ignore[index]
    assert "09121234567" not in page
    assert (await post(http, "/desk/failed-texts", boss, notice=str(notice_id), note=" "))[0] == 422
    for _ in range(2):
        answer = await post(http, "/desk/failed-texts", boss, notice=str(notice_id), note="گفتم")
        assert answer[0] == 303
    _, page = await read(http, "/desk/failed-texts", boss)
    assert code not in page
    async with http.get(f"/api/v1/staff/tickets/{code}", headers={"Cookie": boss}) as said:
        notes = [each for each in (await said.json())["timeline"] if each["kind"] == "note"]
    assert [(each["actor"], each["data"]["note"]) for each in notes] == [("boss", "گفتم")]


async def test_another_organisations_are_not_listed(http: aiohttp.ClientSession, site: Site, notice_id: int) -> None:
    await site.add_staff("sam", "supervisor", organisation="10")
    sam = await sign_in(http, "sam")
    _, page = await read(http, "/desk/failed-texts", sam)
    assert str(notice_id) not in page
    assert (await post(http, "/desk/failed-texts", sam, notice=str(notice_id), note="x"))[0] == 404
