"""The work queue's page: what waits for a role, found and filtered by its address, taken on by form and by script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.support.crowd import crowd
from tests.support.desk_pages import OURS
from tests.support.staging import a_ticket, put
from tests.support.web import Site
from ticketing.desk import MOST_LOOKED
from ticketing.states import State
from ticketing.ticket import Identity, Ticket

SCRIPT = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}


class Desk:
    """Somebody signed in, in front of the queue."""

    def __init__(self, site: Site, http: aiohttp.ClientSession, token: str) -> None:
        self.site, self._http = site, http
        self._cookie = {"Cookie": f"desk={token}"}

    async def get(self, path: str, status: int = 200) -> str:
        async with self._http.get(path, headers={**self._cookie, **OURS}, allow_redirects=False) as answer:
            assert answer.status == status
            return await answer.text() if status == 200 else answer.headers.get("Location", "")

    async def post(self, path: str, status: int = 303, **typed: str) -> str:
        sent = self._http.post(path, data=typed, headers={**self._cookie, **OURS}, allow_redirects=False)
        async with sent as answer:
            assert answer.status == status
            return answer.headers["Location"] if status == 303 else await answer.text()

    async def script(self, path: str, **typed: str) -> tuple[int, dict[str, Any]]:
        async with self._http.post(path, data=typed, headers={**self._cookie, **SCRIPT}) as answer:
            return answer.status, await answer.json()

    async def news(self, path: str) -> dict[str, Any]:
        async with self._http.get(path, headers={**self._cookie, **SCRIPT}) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def put(self, **changes: Any) -> Ticket:
        ticket = a_ticket(self.site.parts.rules, **{"opened_at": self.site.clock.now(), **changes})
        await put(self.site.parts.database, self.site.parts.rules, ticket, at=self.site.clock.now())
        return ticket


async def at_desk(site: Site, http: aiohttp.ClientSession, username: str, role: str = "evaluator", **more: Any) -> Desk:
    await site.add_staff(username, role, **more)
    return Desk(site, http, await site.token(username))


@pytest.fixture
async def desk(site: Site, http: aiohttp.ClientSession) -> Desk:
    return await at_desk(site, http, "sara")


def codes(page: str) -> list[str]:
    return re.findall(r'id="t-(\d+)"', page)


async def test_queue_holds_what_waits_for_the_role_overdue_first(desk: Desk) -> None:
    now = desk.site.clock.now()
    later = await desk.put(due_at=now + timedelta(days=5))
    late = await desk.put(due_at=now - timedelta(days=2))
    await desk.put(state=State(3, "self_regulator"))
    page = await desk.get("/desk/queue")
    assert codes(page) == [late.code, later.code]
    assert "۲ روز دیرکرد" in page
    assert "۵ روز مانده" in page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("tab=overdue", "late"),
        ("tab=today", "today"),
        ("tab=waiting&category=fraud", "fraud"),
        ("tab=all&step=3", "sent"),
        ("tab=all&status=closed", "closed"),
        ("tab=waiting&province=01", "fraud"),
        ("tab=waiting&channel=sms", "today"),
    ],
)
async def test_address_says_which_tab_and_which_filters(desk: Desk, query: str, name: str) -> None:
    now = desk.site.clock.now()
    staged = {
        "late": await desk.put(due_at=now - timedelta(hours=3)),
        "today": await desk.put(due_at=now + timedelta(hours=1), channel="sms"),
        "fraud": await desk.put(due_at=now + timedelta(days=3), category="fraud", province="01"),
        "sent": await desk.put(state=State(3, "self_regulator")),
        "closed": await desk.put(state=State(2, None, "closed", "unrelated")),
    }
    assert codes(await desk.get(f"/desk/queue?{query}")) == [staged[name].code]


async def test_what_an_address_says_wrongly_is_named_and_left_out(desk: Desk) -> None:
    ticket = await desk.put()
    page = await desk.get("/desk/queue?tab=court&step=99&cursor=!!&channel=pigeon&category=fraud%00")
    assert codes(page) == [ticket.code]
    for field in ("tab", "step", "cursor", "channel", "category"):
        assert f"<bdi>{field}:" in page


async def test_every_page_of_a_long_queue_is_reached_and_none_twice(desk: Desk) -> None:
    now = desk.site.clock.now()
    due = {None: None, 1: now + timedelta(hours=1), 2: now + timedelta(hours=2)}
    staged = [await desk.put(due_at=due[n % 3 or None]) for n in range(120)]
    seen: list[str] = []
    more: re.Match[str] | None = None
    for number in range(3):
        page = await desk.get(more[1].replace("&amp;", "&") if more else "/desk/queue")
        seen += codes(page)
        more = re.search(r'class="button" href="([^"]+cursor=[^"]+)"', page)
        assert bool(more) == (number < 2)
    assert sorted(seen) == sorted(each.code for each in staged)


@pytest.mark.parametrize(
    ("language", "said", "onward"),
    [
        ("fa", "در این صفحه ۲۰۰۰ پرونده دیده شد؛ بقیهٔ صف هنوز دیده نشده است.", "ادامه"),
        ("en", "This page looked at 2000 tickets", "Look further"),
    ],
)
async def test_page_that_looked_at_enough_says_so_and_leads_on(
    desk: Desk, language: str, said: str, onward: str
) -> None:
    now = desk.site.clock.now()
    far = await desk.put(channel="letter", due_at=now + timedelta(days=1))
    await crowd(desk.site.parts.database, MOST_LOOKED + 1, now)
    page = await desk.get(f"/desk/queue?tab=waiting&channel=letter&lang={language}")
    assert codes(page) == []
    assert said in page
    link = re.search(rf'class="button" href="([^"]+cursor=[^"]+)">{onward}<', page)
    assert link is not None
    last = await desk.get(link[1].replace("&amp;", "&"))
    assert codes(last) == [far.code]
    assert "cursor=" not in "".join(re.findall(r'class="button" href="([^"]+)"', last))


@pytest.mark.parametrize("role", ["operator", "evaluator", "self_regulator", "dispatcher", "penalties_clerk"])
@pytest.mark.parametrize("language", ["fa", "en"])
async def test_an_empty_queue_says_what_to_do(
    site: Site, http: aiohttp.ClientSession, role: str, language: str
) -> None:
    desk = await at_desk(site, http, "kian", role)
    for tab in ("mine_overdue", "mine", "today", "unassigned", "overdue", "waiting", "all"):
        assert 'class="card empty"' in await desk.get(f"/desk/queue?tab={tab}&lang={language}")


async def test_nobody_sees_another_organisations_tickets(site: Site, http: aiohttp.ClientSession) -> None:
    desk = await at_desk(site, http, "gilan", organisation="01")
    own = await desk.put(organisation="01", province="01")
    foreign = await desk.put(organisation="23")
    assert codes(await desk.get("/desk/queue?tab=all")) == [own.code]
    assert await desk.post("/desk/queue/take", 404, code=foreign.code)


async def test_taking_by_form_comes_back_to_the_same_queue_and_counts_as_mine(desk: Desk) -> None:
    ticket = await desk.put(category="fraud")
    there = await desk.post("/desk/queue/take?tab=unassigned&category=fraud", code=ticket.code)
    assert there == f"/desk/queue?tab=unassigned&category=fraud#t-{ticket.code}"
    assert codes(await desk.get("/desk/queue?tab=unassigned")) == []
    assert codes(await desk.get("/desk/queue?tab=mine")) == [ticket.code]
    await desk.post("/desk/queue/give-back", code=ticket.code)
    assert codes(await desk.get("/desk/queue?tab=mine")) == []


async def test_second_taker_hears_who_was_first_and_goes_on_with_the_next(
    desk: Desk, site: Site, http: aiohttp.ClientSession
) -> None:
    now = site.clock.now()
    wanted = await desk.put(due_at=now + timedelta(hours=1))
    following = await desk.put(due_at=now + timedelta(hours=2))
    await desk.post("/desk/queue/take", code=wanted.code)
    other = await at_desk(site, http, "reza")
    page = await other.post("/desk/queue/take", 409, code=wanted.code)
    assert "این پرونده را \u2068sara\u2069 ساعت ۱۱:۳۰ برداشته است." in page
    assert f'data-focus="{following.code}"' in page
    status, said = await other.script("/desk/queue/take", code=wanted.code)
    assert (status, said["assignee"]) == (409, "sara")
    assert "sara" in said["cell"]


async def test_script_gets_the_rows_end_anew(desk: Desk) -> None:
    ticket = await desk.put()
    status, said = await desk.script("/desk/queue/take?tab=waiting", code=ticket.code)
    assert (status, said["assignee"], said["said"]) == (200, "sara", "پرونده با شماست.")
    assert 'action="/desk/queue/give-back?tab=waiting"' in said["cell"]


async def test_ticket_that_moved_on_is_not_taken(desk: Desk) -> None:
    ticket = await desk.put(state=State(4, "inspector"))
    assert "دیگر در این مرحله منتظر شما نیست" in await desk.post("/desk/queue/take", 409, code=ticket.code)


async def test_ticket_is_handed_to_a_colleague_of_the_role_it_waits_for(
    desk: Desk, site: Site, http: aiohttp.ClientSession
) -> None:
    ticket = await desk.put()
    boss = await at_desk(site, http, "boss", "supervisor")
    page = await boss.get(f"/desk/queue/assign?tab=all&code={ticket.code}")
    assert '<option value="sara"' in page
    assert '<option value="boss"' not in page
    refused = await boss.post("/desk/queue/assign?tab=all", 422, code=ticket.code, assignee="boss")
    assert "همکاری با این نام برای این پرونده نیست." in refused
    await boss.post("/desk/queue/assign?tab=all", code=ticket.code, assignee="sara")
    assert codes(await desk.get("/desk/queue?tab=mine")) == [ticket.code]


async def test_next_leads_through_the_queue_and_past_what_others_took(
    desk: Desk, site: Site, http: aiohttp.ClientSession
) -> None:
    now = site.clock.now()
    first, taken, third = [await desk.put(due_at=now + timedelta(hours=hour)) for hour in (1, 2, 3)]
    other = await at_desk(site, http, "reza")
    await other.post("/desk/queue/take", code=taken.code)

    async def after(code: str) -> str:
        return urlsplit(await desk.get(f"/desk/queue/next?tab=waiting&after={code}", 303)).path

    assert await after(first.code) == f"/desk/tickets/{third.code}"
    assert await after(third.code) == f"/desk/tickets/{first.code}"
    assert await after("nonsense") == f"/desk/tickets/{first.code}"


async def test_next_goes_on_from_where_a_ticket_stood_that_left_the_queue(desk: Desk) -> None:
    now = desk.site.clock.now()
    _, acted, third = [await desk.put(due_at=now + timedelta(hours=hour)) for hour in (1, 2, 3)]
    page = await desk.get("/desk/queue")
    link = re.search(rf'href="(/desk/tickets/{acted.code}\?[^"]+)"', page)
    assert link is not None
    place = parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)["place"][0]
    gone = "999999999999"
    there = await desk.get(f"/desk/queue/next?tab=waiting&after={gone}&place={place}", 303)
    assert urlsplit(there).path == f"/desk/tickets/{third.code}"
    assert "place=" in there


async def test_next_of_an_empty_queue_is_the_queue(desk: Desk) -> None:
    assert await desk.get("/desk/queue/next?tab=mine&after=1", 303) == "/desk/queue?tab=mine"


async def test_news_are_of_this_queue_and_of_what_happened_since(desk: Desk) -> None:
    before = await desk.put()
    page = await desk.get("/desk/queue")
    asked = re.search(r'data-news="([^"]+)"', page)
    assert asked is not None
    sent = await desk.put(state=State(4, "inspector"))
    fresh = await desk.put()
    heard = await desk.news(asked[1].replace("&amp;", "&"))
    is_here = {each["tracking_code"]: each["is_here"] for each in heard["tickets"]}
    assert is_here.items() >= {fresh.code: True, sent.code: False}.items()
    assert is_here.keys() <= {fresh.code, sent.code, before.code}
    assert (await desk.news(f"/desk/queue/news?since={2**63 - 1}"))["tickets"] == []


async def test_news_are_of_nothing_one_may_not_see(site: Site, http: aiohttp.ClientSession) -> None:
    desk = await at_desk(site, http, "gilan", organisation="01")
    own = await desk.put(organisation="01")
    await desk.put(organisation="23")
    assert [each["tracking_code"] for each in (await desk.news("/desk/queue/news?since=0"))["tickets"]] == [own.code]


async def test_a_rows_end_is_told_as_it_is_now(desk: Desk, site: Site, http: aiohttp.ClientSession) -> None:
    ticket = await desk.put()
    other = await at_desk(site, http, "reza")
    await other.post("/desk/queue/take", code=ticket.code)
    row = await desk.news(f"/desk/queue/row?tab=waiting&code={ticket.code}")
    assert row["assignee"] == "reza"
    assert "۱۱:۳۰" in row["cell"]
    await desk.get("/desk/queue/row?code=1", 404)


async def test_search_leads_to_a_ticket_by_its_code_and_to_an_address_by_words(desk: Desk) -> None:
    ticket = await desk.put(text="سنگک بی‌کیفیت و گران")
    spoken = " ".join(ticket.code[start : start + 4] for start in (0, 4, 8))
    assert await desk.post("/desk/queue/search", q=spoken) == f"/desk/tickets/{ticket.code}"
    there = await desk.post("/desk/queue/search?tab=mine", q="سنگك")
    assert codes(await desk.get(there)) == [ticket.code]
    assert 'class="card empty"' in await desk.get("/desk/queue?q=دوچرخه")


async def test_a_phone_searched_for_gets_into_no_address(desk: Desk) -> None:
    ticket = await desk.put(identity=Identity(phone="+989351112233"))
    page = await desk.post("/desk/queue/search", 200, q="۰۹۳۵ ۱۱۱ ۲۲۳۳")
    assert codes(page) == [ticket.code]
    addresses = re.findall(r'(?:href|action|data-news)="([^"]*)"', page)
    assert not [each for each in addresses if "1112233" in each or "%DB%B1%DB%B1%DB%B1" in each]
