"""A meeting with an official as people live it: asked for on the form, agreed by text, reminded of, held."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.acceptance.reading import heard
from tests.acceptance.world import open_world
from tests.support.clock import ManualClock
from tests.support.gateway import Gateways

PHONE = "+989121234567"
STAFF = (("clerk", "service_clerk", {}), ("office", "office", {}))
FORM = {
    "details.kind": "meeting",
    "details.official": "مدیرکل",
    "text": "می‌خواهم دربارهٔ پرونده‌ام با مدیرکل صحبت کنم",
    "phone": "۰۹۱۲۱۲۳۴۵۶۷",
    "name": "مریم احمدی",
}
PLACE = "تهران، اتاق ۱۲"
AGREED = ("مدیرکل رضا احمدی", "۵ آذر", "۱۰:۰۰", PLACE)
EVE = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)  # 17:00 in Tehran
MET = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_meeting_goes_from_the_offer_by_a_text_and_a_reminder_to_its_result(gateways: Gateways) -> None:
    async with open_world(gateways, clock=ManualClock(), staff=STAFF) as world:
        official = {"name": "رضا احمدی", "post": "مدیرکل"}
        _, made = await world.call("POST", "/api/v1/staff/calendar/officials", official, by="office")
        times = {"day": "1405-09-05", "begins": "10", "ends": "11", "minutes": 30, "place": PLACE}
        calendar = f"/api/v1/staff/calendar/officials/{made['id']}/slots"
        assert (await world.call("POST", calendar, times, by="office"))[1] == {"added": 2}

        code = await world.file("request", FORM)
        filed, reviewed = await heard(world, PHONE, 2)
        assert ("درخواست شما رسید" in filed, "در میز خدمت بررسی می‌شود" in reviewed) == (True, True)
        assert (await world.ticket(code, by="clerk"))["facts"]["details"]["official"] == "مدیرکل"

        _, kept = await world.call("GET", "/api/v1/staff/calendar?since=1405-09-05", by="clerk")
        slot = kept["officials"][0]["slots"][0]
        offered = await world.act("clerk", code, "offer", slot=slot["id"])
        assert (offered["step"], offered["waiting_for"]) == ("offered", "citizen")
        offer = (await heard(world, PHONE, 3))[-1]
        assert all(words in offer for words in (*AGREED[:3], "۱. می‌آیم"))
        assert "پاسخ شما" in await world.track(code, "4567")

        assert await world.text_in("09121234567", "۱", "comes") == 200
        confirmed = (await heard(world, PHONE, 4))[-1]
        assert all(words in confirmed for words in ("قطعی شد", *AGREED))
        assert (await world.ticket(code, by="office"))["waiting_for"] == "office"
        page = await world.track(code, "4567")
        shown = ("مدیرکل رضا احمدی", "۵ آذر ۱۴۰۵", "۱۰:۰۰", PLACE, "دفتر مسئول نتیجهٔ دیدار را ثبت می‌کند")
        assert all(words in page for words in shown), page

        await world.at(EVE)
        reminder = (await heard(world, PHONE, 5))[-1]
        assert all(words in reminder for words in ("یادآوری", *AGREED))
        status, problem = await world.try_to("office", code, "record", result="held", text="دیدار انجام شد")
        assert (status, problem["code"]) == (409, "too_early")

        await world.at(MET)
        result = "دستور رسیدگی داده شد."
        closed = await world.act("office", code, "record", result="held", text=result)
        assert (closed["step"], closed["outcome"], closed["appointments"][0]["state"]) == ("closed", "held", "held")
        assert "پایان یافت" in (await heard(world, PHONE, 6))[-1]
        page = await world.track(code, "4567")
        assert ("ملاقات انجام شد" in page, result in page) == (True, True)
        kinds = [event["kind"] for event in closed["timeline"]]
        assert [kind for kind in kinds if kind in ("offer", "choose", "record")] == ["offer", "choose", "record"]
