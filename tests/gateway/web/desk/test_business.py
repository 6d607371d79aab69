"""Businesses at the desks and in the API of staff: on the queue, led to from a ticket, never beyond what is seen."""

from __future__ import annotations

import aiohttp

from tests.gateway.web.desk.test_queue import at_desk
from tests.support.web import Site
from ticketing.ticket import Identity

SHOP = "سوپر بهار"


async def test_a_surge_stands_above_the_queue_and_leads_to_the_business(
    site: Site, http: aiohttp.ClientSession
) -> None:
    desk = await at_desk(site, http, "sara")
    tickets = [await desk.put(business_name=SHOP, identity=Identity(phone=f"+98912000000{n}")) for n in range(5)]
    business = f"/desk/businesses/{tickets[0].business_id}"
    for path in ("/desk/queue", "/desk/businesses", f"/desk/tickets/{tickets[0].code}"):
        assert business in await desk.get(path), path
    assert "۵ شکایت باز در ۷۲ ساعت" in await desk.get("/desk/queue")
    assert "۴ شکایت دیگر از این واحد" in await desk.get(f"/desk/tickets/{tickets[0].code}")
    assert business not in await desk.get("/desk/queue?tab=all")
    shown = await desk.get(business)
    assert SHOP in shown
    assert all(each.code in shown for each in tickets)
    assert "5 complaints, 5 open" in await desk.get(f"{business}?lang=en")
    elsewhere = await at_desk(site, http, "reza", organisation="10")
    await elsewhere.get(business, status=404)


async def test_the_api_tells_of_businesses_as_of_their_tickets(site: Site, http: aiohttp.ClientSession) -> None:
    desk = await at_desk(site, http, "sara")
    tickets = [await desk.put(business_name=SHOP) for _ in range(5)]
    await desk.put(business_name="قصابی کوثر")
    bearer = {"Authorization": f"Bearer {await site.token('sara')}"}
    async with http.get("/api/v1/staff/businesses", headers=bearer) as answer:
        item = (await answer.json())["items"][0]
    assert (item["open"], item["surging"], item["upheld"]) == (5, 5, 0)
    its = item["business"]["id"]
    async with http.get(f"/api/v1/staff/businesses/{its}", headers=bearer) as answer:
        assert (await answer.json())["counts"]["by_category"] == {"overcharging": 5}
    async with http.get("/api/v1/staff/tickets", params={"business": its}, headers=bearer) as answer:
        listed = [each["tracking_code"] for each in (await answer.json())["items"]]
    assert listed == [each.code for each in reversed(tickets)]
