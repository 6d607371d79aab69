"""The public statistics: a page and a CSV of what was published, for anybody."""

from __future__ import annotations

import re

import aiohttp

from tests.support.web import Site
from tests.ticketing.test_statistics import AT, PUBLISHING, stage_summer
from ticketing.statistics import publish_due


async def test_anybody_reads_what_was_published_and_nothing_else(http: aiohttp.ClientSession, site: Site) -> None:
    async with http.get("/statistics") as answer:
        assert "هنوز آماری منتشر نشده است" in await answer.text()
    async with http.get("/statistics.csv") as answer:
        assert answer.status == 404
    database, rules = site.parts.database, site.parts.rules
    await stage_summer(database, rules)
    await publish_due(database, rules, PUBLISHING, AT)
    async with http.get("/statistics") as answer:
        page = await answer.text()
    assert "تابستان ۱۳۹۹" in page
    assert re.search(r'<th scope="row">کل کشور</th><td>۱۷</td>', page)
    assert re.search(r'<th scope="row">آذربایجان شرقی</th><td>پوشیده</td>', page)
    assert not re.search(r"<(style)[ >]|style=", page)
    async with http.get("/statistics.csv?lang=en&season=2020-06-21") as answer:
        assert "Whole country,17," in (await answer.read()).decode("utf-8-sig")
    for asked in ("2020-06-22", "x"):
        async with http.get("/statistics", params={"season": asked}) as answer:
            assert answer.status == 404
