"""The live channel of the desks: told at once and not too often, only to staff, and over when the server stops."""

from __future__ import annotations

import asyncio
import json
from contextlib import ExitStack
from typing import Any

import aiohttp
import pytest

from gateway.web.hub import CALL, TICKETS, Hub, News
from tests.support.reports import web_report
from tests.support.web import Site
from ticketing.errors import TooMany
from ticketing.intake import take_in

PATIENCE_S = 60.0


async def next_news(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        async for line in answer.content:
            if line.startswith(b"data:"):
                news: dict[str, Any] = json.loads(line[5:])
                return news
    raise AssertionError("the stream is over")


async def has_opened(answer: aiohttp.ClientResponse) -> None:
    async with asyncio.timeout(PATIENCE_S):
        assert (await answer.content.readline()).startswith(b": open")


async def test_new_report_is_told_to_open_desks_without_its_data(http: aiohttp.ClientSession, site: Site) -> None:
    async with http.get("/desk/events", headers=await site.bearer("evaluator")) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        await has_opened(answer)
        await take_in(site.parts.database, site.parts.rules, web_report())
        assert await next_news(answer) == {"name": "tickets", "said": None}


async def test_nobody_hears_without_signing_in(http: aiohttp.ClientSession) -> None:
    async with http.get("/desk/events") as answer:
        assert answer.status == 401


async def test_stream_ends_when_the_server_stops(http: aiohttp.ClientSession, site: Site) -> None:
    async with http.get("/desk/events", headers=await site.bearer("operator")) as answer:
        await has_opened(answer)
        site.services.hub.close()
        async with asyncio.timeout(PATIENCE_S):
            assert b"data:" not in await answer.read()


async def test_page_that_went_away_is_forgotten_when_there_is_news(http: aiohttp.ClientSession, site: Site) -> None:
    member = await site.add_staff("oper", "operator")
    headers = {"Authorization": f"Bearer {await site.token('oper')}"}
    hub = site.services.hub
    async with http.get("/desk/events", headers=headers) as answer:
        await has_opened(answer)
    async with asyncio.timeout(PATIENCE_S):
        while hub.count:  # that a connection ended shows when there is something to say
            hub.tell(member.id, News(CALL))
            await asyncio.sleep(0)


async def test_many_commits_are_told_once_a_pause() -> None:
    hub = Hub(pause_s=0.05)
    with hub.listening(1) as listener:
        for _ in range(5):
            hub.note_commit({"tickets", "reports"})
        assert await asyncio.wait_for(listener.next(), PATIENCE_S) == News(TICKETS)
        began = asyncio.get_running_loop().time()
        hub.note_commit({"tickets"})
        assert await asyncio.wait_for(listener.next(), PATIENCE_S) == News(TICKETS)
        assert asyncio.get_running_loop().time() - began >= 0.04


async def test_commits_elsewhere_are_not_told() -> None:
    hub = Hub(pause_s=0)
    with hub.listening(1) as listener:
        hub.note_commit({"sessions", "drafts"})
        hub.tell(1, News(CALL))
        assert await listener.next() == News(CALL)


async def test_news_for_one_are_heard_by_nobody_else() -> None:
    hub = Hub()
    with hub.listening(1) as mine, hub.listening(2) as others:
        hub.tell(1, News(CALL, {"call_id": "c1"}))
        hub.close()
        assert await mine.next() == News(CALL, {"call_id": "c1"})
        assert await others.next() is None


async def test_who_does_not_take_the_news_is_let_go() -> None:
    hub = Hub()
    with hub.listening(1) as listener:
        for _ in range(100):
            hub.tell(1, News(CALL))
        assert await listener.next() is None


async def test_connections_of_one_member_are_bounded_and_the_newest_stay() -> None:
    hub = Hub()
    with ExitStack() as held:
        listeners = [held.enter_context(hub.listening(1)) for _ in range(8)]
        other = held.enter_context(hub.listening(2))
        hub.tell(1, News(CALL))
        hub.tell(2, News(CALL))
        assert [await each.next() for each in listeners] == [None, None, *[News(CALL)] * 6]
        assert await other.next() == News(CALL)
    assert hub.count == 0


async def test_nobody_is_let_in_at_the_end() -> None:
    hub = Hub()
    hub.close()
    with pytest.raises(TooMany), hub.listening(1):
        pass
