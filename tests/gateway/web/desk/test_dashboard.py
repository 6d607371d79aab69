"""The dashboard over HTTP: figures that lead to what they counted, files of the same, and panels that fail alone."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from tests.support.reviewing import Told, complaint_of
from tests.support.staging import NOW, a_ticket, close, put
from tests.support.web import Site
from ticketing.organisations import ORGANISATIONS
from ticketing.states import State
from ticketing.transaction import UnitTransaction

PAGE = "/desk/dashboard"


async def sit(site: Site, role: str = "supervisor", organisation: str = "") -> dict[str, str]:
    """The headers of a browser with a session."""
    name = f"{role}{organisation}"
    await site.add_staff(name, role, organisation=organisation)
    return {"Cookie": f"desk={await site.token(name)}", "Accept": "text/html"}


async def read(http: aiohttp.ClientSession, headers: dict[str, str], path: str = PAGE, **asked: str) -> str:
    async with http.get(path, params=asked, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()


async def spoil(site: Site, statement: str) -> None:
    """Break what is stored, so that a figure cannot be measured."""

    async def work(tx: UnitTransaction) -> None:
        await tx.execute(text(statement))

    await site.parts.database.write(work)


def tile(page: str, code: str) -> str:
    """A tile's text, tags taken out."""
    found = re.search(rf'<div class="tile" id="{code}">(.*?)</div>', page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


async def stage(site: Site) -> None:
    """This month: two open (one overdue), one closed on time and rated; last month: one."""
    rules, database = site.parts.rules, site.parts.database
    late = a_ticket(rules, opened_at=NOW - timedelta(days=5), due_at=NOW - timedelta(days=2), channel="phone")
    fresh = a_ticket(rules, State(4, "inspector"), opened_at=NOW - timedelta(days=1), organisation="01", province="01")
    done = a_ticket(rules, opened_at=NOW - timedelta(days=10), due_at=NOW)
    done.record("rated", "citizen", NOW - timedelta(hours=1), rating=4)
    before = a_ticket(rules, opened_at=NOW - timedelta(days=40))
    await put(database, rules, late, fresh, done, before)
    for ticket in (done, before):
        await close(database, rules, ticket, "unrelated", at=ticket.opened_at + timedelta(days=4))


async def test_figures_are_shown_against_the_month_before(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    page = await read(http, await sit(site))
    assert tile(page, "received").startswith("دریافت‌شده ۳ ۲ بیشتر (")
    assert tile(page, "on_time").startswith("به‌موقع ۱۰۰٪ نمونهٔ کم")
    assert "۴٫۰ روز" in tile(page, "days")
    assert "۴٫۰ از ۵" in tile(page, "satisfaction")
    assert "با ۱ پاسخ" in tile(page, "satisfaction")
    assert tile(page, "overdue").startswith("اکنون عقب‌افتاده ۱")
    assert "داده‌های ساعت ۱۱:۳۰، ۳۰ آبان ۱۴۰۵" in page
    assert not re.search(r"<(script|style)[ >]|style=", page)


async def test_english_page_is_complete(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    page = await read(http, await sit(site), lang="en")
    assert tile(page, "received").startswith("Received 3 2 more (\u200e+2\u200e)")
    visible = re.sub(r'<a [^>]*lang="fa"[^>]*>[^<]*</a>|<[^>]+>', " ", page)
    assert re.findall("[؀-ۿ]+", visible) == []


async def test_filters_stay_in_the_address_and_in_every_link(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    page = await read(http, await sit(site), channel="phone", period="week")
    assert tile(page, "received").startswith("دریافت‌شده ۱")
    links = re.findall(r'href="(/desk/queue\?[^"]*)"', page)
    assert links
    assert all("channel=phone" in link for link in links)
    assert re.search(r'<option value="phone" selected>', page)
    assert 'href="/desk/dashboard.csv?period=week&amp;channel=phone"' in page
    assert 'href="/desk/dashboard?lang=en&amp;period=week&amp;channel=phone" lang="en"' in page


async def test_staff_of_an_organisation_see_their_own(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    page = await read(http, await sit(site, organisation="01"))
    assert tile(page, "received").startswith("دریافت‌شده ۱")
    assert 'id="by_organisation"' not in page
    assert 'name="organisation"' not in page
    assert tile(await read(http, await sit(site, organisation="02")), "received").startswith("دریافت‌شده ۰")


async def test_complaints_about_bodies_have_a_table_by_kind(http: aiohttp.ClientSession, site: Site) -> None:
    day = (NOW - timedelta(days=9)).date()
    told = [Told("23-01-union", day), Told("23-01-union", day, day), Told("01-01-chamber", day, late=day)]
    await put(site.parts.database, site.parts.rules, *(complaint_of(site.parts.rules, each) for each in told))
    page = await read(http, await sit(site))
    assert re.search(r'<th scope="row">\s*اتحادیه صنفی.*?۲.*?۱.*?۵۰٪', page, re.DOTALL)
    assert "اتاق اصناف شهرستان" in page
    assert "bodies-" not in await read(http, await sit(site, organisation="02"))
    assert "bodies-" not in await read(http, await sit(site, organisation="23"), channel="phone")


@pytest.mark.parametrize("role", ["operator", "evaluator", "inspector"])
async def test_nobody_else_has_a_dashboard(http: aiohttp.ClientSession, site: Site, role: str) -> None:
    headers = await sit(site, role)
    for suffix in ("", ".csv", ".xlsx"):
        async with http.get(PAGE + suffix, headers=headers) as answer:
            assert answer.status == 403


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "1405-08-05", "to": "1405-08-01"},
        {"from": "soon", "to": "1405-08-01"},
        {"from": "1405-08-01"},
        {"period": "forever"},
        {"category": "' OR 1=1 --"},
        {"organisation": "99"},
    ],
)
async def test_what_is_no_period_or_filter_is_refused_in_words(
    http: aiohttp.ClientSession, site: Site, asked: dict[str, str]
) -> None:
    headers = await sit(site)
    async with http.get(PAGE, params=asked, headers=headers) as answer:
        page = await answer.text()
        assert answer.status == 422
    assert 'id="summary"' in page
    assert 'class="tiles"' not in page
    for suffix in (".csv", ".xlsx"):
        async with http.get(PAGE + suffix, params=asked, headers=headers) as answer:
            assert answer.status == 422


async def test_numbers_lead_to_the_very_tickets_they_count(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    headers = await sit(site)
    page = await read(http, headers)
    links = re.findall(r'<a href="(/desk/queue\?[^"]*)">([۰-۹]+)</a>', page)
    assert len(links) > 20
    for href, shown in links:
        queue = await read(http, headers, href.replace("&amp;", "&"))
        assert 'class="note" role="alert"' not in queue, href
        assert queue.count('<tr id="t-') == int(shown), href


async def test_csv_holds_what_is_shown(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    headers = await sit(site)
    async with http.get(f"{PAGE}.csv", headers=headers) as answer:
        content = await answer.read()
        assert answer.headers["Content-Type"] == "text/csv"
        assert 'filename="dashboard-2026-10-23-2026-11-21.csv"' in answer.headers["Content-Disposition"]
    assert content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert ["دوره", "۱ آبان ۱۴۰۵ تا ۳۰ آبان ۱۴۰۵ ساعت ۱۱:۳۰"] in rows
    assert next(row for row in rows if row[:1] == ["دریافت‌شده"])[:3] == ["دریافت‌شده", "3", "1"]
    assert next(row for row in rows if row[:1] == ["به‌موقع"])[1] == "100% (نمونهٔ کم)"
    assert ["زمان داده‌ها", "داده‌های ساعت ۱۱:۳۰، ۳۰ آبان ۱۴۰۵"] in rows


async def test_workbook_holds_what_is_shown(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    headers = await sit(site)
    async with http.get(f"{PAGE}.xlsx", headers=headers) as answer:
        book = zipfile.ZipFile(io.BytesIO(await answer.read()))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert names[:3] == ["دربارهٔ این فایل", "شاخص‌ها", "کجا مانده‌اند"]
    sheet = book.read("xl/worksheets/sheet2.xml").decode()
    assert 'rightToLeft="1"' in sheet
    assert 'state="frozen"' in sheet
    async with http.get(f"{PAGE}.xlsx?lang=en", headers=headers) as answer:
        english = zipfile.ZipFile(io.BytesIO(await answer.read()))
    assert 'name="Figures"' in english.read("xl/workbook.xml").decode()
    assert "rightToLeft" not in english.read("xl/worksheets/sheet2.xml").decode()


async def test_a_figure_that_fails_says_so_and_the_others_stay(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    headers = await sit(site)
    await spoil(site, "DROP TABLE events")
    page = await read(http, headers)
    failed = "این را الان نتوانستیم بشماریم"
    for code in ("satisfaction", "reopened"):
        assert failed in tile(page, code)
    assert tile(page, "received").startswith("دریافت‌شده ۳")
    assert tile(page, "overdue").startswith("اکنون عقب‌افتاده ۱")
    assert re.search(rf'id="by_step">[^<]*</h2>\s*<p class="broken">{failed}', page)
    assert page.count("نامعلوم") > 3
    content = await read(http, headers, f"{PAGE}.csv")
    assert failed in content
    async with http.get(f"{PAGE}.xlsx", headers=headers) as answer:
        assert answer.status == 200


async def test_failure_is_logged_by_name(
    http: aiohttp.ClientSession, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = await sit(site)
    await spoil(site, "DROP TABLE events")
    await read(http, headers)
    said: Any = capsys.readouterr().out
    assert "a figure could not be measured" in said
    assert "rated" in said


async def test_share_on_time_leads_to_the_late_ones(http: aiohttp.ClientSession, site: Site) -> None:
    rules, database = site.parts.rules, site.parts.database
    late, kept, merged = (a_ticket(rules, opened_at=NOW - timedelta(days=9)) for _ in range(3))
    late.due_at = late.rings_at = merged.due_at = merged.rings_at = NOW - timedelta(days=3)
    await put(database, rules, late, kept, merged)
    for ticket, outcome in ((late, "unrelated"), (kept, "unrelated"), (merged, "merged")):
        await close(database, rules, ticket, outcome, at=NOW - timedelta(days=1))
    headers = await sit(site)
    page = await read(http, headers)
    assert tile(page, "on_time").startswith("به‌موقع ۵۰٪")
    href = re.search(r'<a href="(/desk/queue\?[^"]*closed_late=true[^"]*)">۵۰٪</a>', page)
    assert href is not None
    queue = await read(http, headers, href[1].replace("&amp;", "&"))
    assert re.findall(r'<tr id="t-(\d+)"', queue) == [late.code]


async def test_page_is_small_on_the_wire(http: aiohttp.ClientSession, site: Site) -> None:
    rules = site.parts.rules
    await put(site.parts.database, rules, *(a_ticket(rules, organisation=code) for code in ORGANISATIONS))
    headers = {**await sit(site), "Accept-Encoding": "gzip"}
    async with http.get(PAGE, headers=headers) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        page = await answer.read()
    assert page.count(b"<tr>") > len(ORGANISATIONS)
    assert len(gzip.compress(page)) < 30_000


async def test_code_that_does_not_open_costs_its_list_alone(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site)
    headers = await sit(site)
    await spoil(site, "UPDATE tickets SET code = x'00'")
    page = await read(http, headers)
    assert re.search(r'id="most_overdue">[^<]*</h2>\s*<p class="broken">', page)
    assert tile(page, "overdue").startswith("اکنون عقب‌افتاده ۱")
