"""The dashboard's numbers: each opens the tickets it counts, small samples are marked, and files hold what is shown."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import aiohttp
import pytest

from tests.gateway.web.desk.test_dashboard import PAGE, read, sit, stage, tile
from tests.support.staging import NOW, a_ticket, act, asked_about, close, member, put
from tests.support.web import Site
from ticketing.states import State

LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٪٫", "0123456789%.", "٬ ()\u00a0\u200e")


def shown(html: str) -> str:
    """The text of a piece of page: its digits in Latin, and nothing that a file writes otherwise."""
    return unescape(re.sub(r"<[^>]+>", "", html)).translate(LATIN).replace("\n", "").strip()


async def stage_more(site: Site) -> None:
    """Beside the usual: one waiting for nobody, one merged, one reopened, one that is late only since this month,
    two whose citizens were asked how it was."""
    await stage(site)
    rules, database = site.parts.rules, site.parts.database
    nobody = a_ticket(rules, State(1, None), opened_at=NOW - timedelta(days=3), category=None, organisation="")
    merged, again = (a_ticket(rules, opened_at=NOW - timedelta(days=50)) for _ in range(2))
    long_late = a_ticket(rules, opened_at=NOW - timedelta(days=60), due_at=NOW - timedelta(days=35))
    rated, silent = (a_ticket(rules, opened_at=NOW - timedelta(days=2)) for _ in range(2))
    await put(database, rules, nobody, merged, again, long_late, rated, silent)
    await asked_about(database, rated, 2)
    await asked_about(database, silent, None)
    for ticket, outcome in ((merged, "merged"), (again, "unrelated")):
        await close(database, rules, ticket, outcome, at=NOW - timedelta(days=6))
    await act(database, rules, member("supervisor", ""), again, "reopen", NOW - timedelta(days=2))


@pytest.mark.parametrize("organisation", ["", "23"])
async def test_every_number_is_a_link(http: aiohttp.ClientSession, site: Site, organisation: str) -> None:
    await stage_more(site)
    page = await read(http, await sit(site, organisation=organisation))
    numbers = re.findall(r'<td class="number">(.*?)</td>', page, re.DOTALL)
    numbers += re.findall(r'<dd class="(?:figure|quiet)">(.*?)</dd>', page, re.DOTALL)
    bare = [shown(each) for each in numbers if "<a " not in each]
    assert len(numbers) > 100
    assert [each for each in bare if re.search("[1-9]", each)] == []


async def test_every_link_opens_the_tickets_it_counts(http: aiohttp.ClientSession, site: Site) -> None:
    await stage_more(site)
    headers = await sit(site)
    links = re.findall(r'<a href="(/desk/queue\?[^"]*)">([^<]*)</a>', await read(http, headers))
    assert len(links) > 60
    for href, text in dict.fromkeys(links):
        queue = await read(http, headers, unescape(href))
        assert 'class="note" role="alert"' not in queue, href
        found = queue.count('<tr id="t-')
        assert found == int(shown(text)) if re.fullmatch("[۰-۹]+", text) else found > 0, (href, text)


async def test_what_a_median_or_share_was_taken_of_is_what_it_leads_to(http: aiohttp.ClientSession, site: Site) -> None:
    await stage_more(site)
    headers = await sit(site)
    page = await read(http, headers)
    for text, count in (("میانهٔ ۱ پرونده", 1), ("۰ دیر از ۱ پرونده", 1), ("۱ پرونده در همین دوره عقب افتاد", 1)):
        href = re.search(rf'<a href="([^"]+)">{text}</a>', page)
        assert href is not None, text
        assert (await read(http, headers, unescape(href[1]))).count('<tr id="t-') == count
    then = re.search(r'<a href="([^"]+)">در آغاز دوره: ([۰-۹]+)</a>', page)
    assert then is not None
    assert (await read(http, headers, unescape(then[1]))).count('<tr id="t-') == int(shown(then[2]))


async def test_shares_of_few_say_so(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    page = await read(http, await sit(site))
    assert page.count("نمونهٔ کم: سهم‌ها از ۳ پرونده به دست آمده‌اند.") == 2
    assert "نمونهٔ کم: سهم‌ها از ۱ پرونده" in page
    rules = site.parts.rules
    await put(site.parts.database, rules, *(a_ticket(rules, opened_at=NOW - timedelta(days=1)) for _ in range(20)))
    assert "سهم‌ها از ۳ پرونده" not in await read(http, await sit(site, "admin"))
    assert "نمونهٔ کم" not in tile(await read(http, await sit(site, "admin", "23")), "received")


async def test_files_hold_every_table_as_it_is_shown(http: aiohttp.ClientSession, site: Site) -> None:
    await stage_more(site)
    headers = await sit(site)
    page = await read(http, headers)
    written = await read(http, headers, f"{PAGE}.csv")
    rows = [[shown(cell) for cell in row] for row in csv.reader(io.StringIO(written))]
    tables = re.findall(r"<table>(.*?)</table>", page, re.DOTALL)
    assert len(tables) == 10
    for table in tables:
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL):
            cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            kept = [shown(cell) for cell in cells if '<svg class="line"' not in cell and shown(cell) != "روند"]
            assert kept in rows
    for note in re.findall(r'</h2>\s*<p class="quiet">([^<]+)</p>', page):
        assert [shown(note)] in rows
    async with http.get(f"{PAGE}.xlsx", headers=headers) as answer:
        book = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert len([name for name in book.namelist() if "worksheets/sheet" in name]) == len(tables) + 2
