"""Officials' calendars at the desk and in the API, and the time offered, on the ticket's page and the citizen's."""

from __future__ import annotations

import re
from uuid import uuid4

import aiohttp

from tests.gateway.web.desk.test_queue import at_desk
from tests.support.desk_pages import OURS
from tests.support.web import Site

CALENDAR = "/desk/calendar"
API = "/api/v1/staff/calendar"
REPORT = {
    "text": "می‌خواهم با مدیرکل درباره پرونده‌ام صحبت کنم",
    "phone": "09121234567",
    "procedure": "request",
    "details": {"kind": "meeting"},
}


def form(**typed: str) -> dict[str, str]:
    return {"form_id": uuid4().hex, **typed}


async def test_a_time_is_put_offered_answered_and_shown_by_forms_alone(site: Site, http: aiohttp.ClientSession) -> None:
    office = await at_desk(site, http, "office", "office", organisation="")
    clerk = await at_desk(site, http, "clerk", "service_clerk", organisation="")
    new = form(name="رضا احمدی", post="مدیرکل")
    made = await office.post(f"{CALENDAR}/officials", **new)
    assert await office.post(f"{CALENDAR}/officials", **new) == made  # sent twice, done once
    official = made.rpartition("-")[2]
    row = form(day="۱۴۰۵/۱۰/۰۲", begins="10", ends="۱۱:۳۰", minutes="۳۰", weeks="1", place="اتاق ۱۲")
    refused = await office.post(f"{CALENDAR}/officials/{official}/slots", 422, **{**row, "begins": "25"})
    assert 'value="اتاق ۱۲"' in refused
    added = await office.post(f"{CALENDAR}/officials/{official}/slots", **row)
    shown = await office.get(added.partition("#")[0])
    assert shown.count("آزاد</span>") == 3
    assert "۲ دی ۱۴۰۵" in shown
    async with http.post("/api/v1/reports", json=REPORT) as answer:
        code = (await answer.json())["tracking_code"]
    page = await clerk.get(f"/desk/tickets/{code}")
    slot, title = re.findall(r'<option value="(\d+)">(.*?)</option>', page)[0]
    assert title == "۲ دی ۱۴۰۵، ساعت ۱۰:۰۰، مدیرکل رضا احمدی، اتاق ۱۲"
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    offer = form(slot=slot, version=version[1], procedure="request")
    await clerk.post(f"/desk/tickets/{code}/actions/offer", **offer)
    assert "پیشنهادشده" in await office.get(added.partition("#")[0])
    await office.post(f"{CALENDAR}/slots/{slot}/withdrawal", 409, **form())
    proof = {"code": code, "phone_last4": "4567"}
    async with http.post("/track", data=proof, headers=OURS) as answer:
        tracked = await answer.text()
    assert "مدیرکل رضا احمدی" in tracked
    assert re.findall(r'name="choice" value="(.*?)"', tracked) == [f"appointment:{number}" for number in (1, 2, 3)]
    async with http.post("/track/answer", data={**proof, "choice": "appointment:1"}, headers=OURS) as answer:
        assert answer.status == 200
    assert "قطعی" in await clerk.get(f"/desk/tickets/{code}")


async def test_the_api_keeps_calendars_apart_by_organisation(site: Site, http: aiohttp.ClientSession) -> None:
    for name, organisation in (("gilan", "01"), ("tehran", "23")):
        await site.add_staff(name, "office", organisation=organisation)
    gilan, tehran = [{"Authorization": f"Bearer {await site.token(name)}"} for name in ("gilan", "tehran")]
    async with http.post(f"{API}/officials", json={"name": "سارا", "post": "رئیس"}, headers=gilan) as answer:
        official = (await answer.json())["id"]
    row = {"day": "1405-10-02", "begins": "09:00", "ends": "10:00", "minutes": 20, "place": "رشت"}
    async with http.post(f"{API}/officials/{official}/slots", json=row, headers=tehran) as answer:
        assert answer.status == 404
    async with http.post(f"{API}/officials/{official}/slots", json=row, headers=gilan) as answer:
        assert await answer.json() == {"added": 3}
    async with http.post(f"{API}/officials/{official}/slots", json={**row, "begins": "x"}, headers=gilan) as answer:
        assert answer.status == 422
    async with http.get(API, params={"since": "1405-10-01"}, headers=gilan) as answer:
        (shown,) = (await answer.json())["officials"]
    assert [each["starts_at"][11:16] for each in shown["slots"]] == ["05:30", "05:50", "06:10"]
    async with http.get(API, headers=tehran) as answer:
        assert (await answer.json())["officials"] == []
