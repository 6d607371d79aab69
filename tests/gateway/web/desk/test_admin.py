"""The administrator's pages: whom they open for, in both languages, and how the channels are doing."""

from __future__ import annotations

import re

import aiohttp
import pytest

from gateway.web.desk.admin import ROUTES
from tests.support.desk_pages import read, sign_in
from tests.support.web import Site

PAGES = [
    *(route.path for route in ROUTES if route.method == "GET" and "{" not in route.path),
    "/desk/admin/staff/of/boss",
    "/desk/admin/staff/of/boss/change",
    "/desk/quarantine?state=ignored",
]


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_every_page_opens_in_both_languages(http: aiohttp.ClientSession, boss: str, language: str) -> None:
    for path in PAGES:
        status, page = await read(http, f"{path}{'&' if '?' in path else '?'}lang={language}", boss)
        assert status == 200, path
        assert 'aria-current="page"' in page


async def test_others_are_kept_out(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("eve", "evaluator")
    cookie = await sign_in(http, "eve")
    for path in PAGES:
        assert (await read(http, path, cookie))[0] == 403, path


async def test_supervisor_sees_the_call_list_and_of_the_nation_the_unread(
    http: aiohttp.ClientSession, site: Site
) -> None:
    await site.add_staff("sam", "supervisor")
    await site.add_staff("tehrani", "supervisor", organisation="23")
    for name, expected in (("sam", 200), ("tehrani", 403)):
        cookie = await sign_in(http, name)
        assert (await read(http, "/desk/failed-texts", cookie))[0] == 200
        assert (await read(http, "/desk/quarantine", cookie))[0] == expected
        assert (await read(http, "/desk/admin/staff", cookie))[0] == 403


async def test_health_counts_what_came_today(http: aiohttp.ClientSession, boss: str) -> None:
    async with http.post("/api/v1/reports", json={"text": "گران‌فروشی", "phone": "09121234567"}) as answer:
        assert answer.status == 201
    status, page = await read(http, "/desk/admin?lang=en", boss)
    assert status == 200
    web_row = re.search(r'<th scope="row">Web</th>.*?</tr>', page, re.S)[0]  # type: ignore[index]
    assert '<td class="number">1</td>' in web_row
