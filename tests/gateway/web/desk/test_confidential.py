"""Who complains about a body: never told to those who answer, nor, that somebody does, to the body complained of.

Every address staff have is asked as both, and every search that could betray the citizen.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from sqlalchemy import select

from gateway.web.routes import ROUTES
from tests.support.desk_pages import OURS, sign_in
from tests.support.files import JPEG
from tests.support.web import Site
from ticketing.tables import attachments

ADDRESSEE, ANSWERING = "02-07-chamber", "02-07-county_commission"
MATTER = "پروانه نانوایی"
WHO = ("محمدی", "۹۱۲۱۲۳۴۵۶۷", "9121234567", "zahra@example.com", "0084575948")
REPORT = {
    "procedure": "guild_body",
    "details": {"against": "chamber"},
    "text": f"اینجانب زهرا محمدی از صدور {MATTER} محروم شده‌ام، ۰۹۱۲۱۲۳۴۵۶۷",
    "name": "زهرا محمدی",
    "phone": "09121234567",
    "email": "zahra@example.com",
    "national_id": "0084575948",
    "place": {"province": "02", "county": "ساری"},
}
SEARCHES = (MATTER, "زهرا محمدی", "09121234567", "zahra@example.com")


@pytest.fixture
async def code(site: Site, http: aiohttp.ClientSession) -> str:
    form = aiohttp.FormData({"report": json.dumps(REPORT)}, default_to_multipart=True, quote_fields=False)
    form.add_field("files", JPEG, filename="زهرا محمدی.jpg", content_type="image/jpeg")
    async with http.post("/api/v1/reports", data=form) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["tracking_code"])


async def addresses(site: Site, code: str) -> list[str]:
    """Every address of staff that is looked at, with this ticket's code and file in it; streams have no end."""
    file = (await site.parts.database.read(select(attachments.c.id)))[0]["id"]
    known = {"code": code, "attachment": str(file), "page": "1"}
    paths = {route.path for route in ROUTES if route.needs_staff and route.method == "GET"} - {"/desk/events"}
    found = [re.sub(r"\{(\w+)\}", lambda part: known.get(part[1], "1"), path) for path in sorted(paths)]
    queues = [f"/desk/queue?tab=all&status=any&q={q}" for q in ("", *SEARCHES, code)]
    lists = [f"/api/v1/staff/tickets?status=any&q={q}" for q in ("", *SEARCHES, code)]
    news = ["/desk/queue/news?since=1&tab=all", f"/desk/queue/next?after={code}", f"/desk/queue/row?code={code}"]
    return [*found, *queues, *lists, *news, f"/desk/tickets/{code}/news?seen=0"]


async def said_to(site: Site, http: aiohttp.ClientSession, code: str, body: str) -> AsyncIterator[tuple[str, str]]:
    """All that a responder of `body` can get to read, by address."""
    await site.add_staff(f"at.{body}", "responder", organisation="02", body=body)
    headers = {**OURS, "Cookie": await sign_in(http, f"at.{body}")}
    for path in await addresses(site, code):
        async with http.get(path, headers=headers) as answer:
            yield path, (await answer.read()).decode(errors="replace")
    for q in (*SEARCHES, code):
        async with http.post("/desk/queue/search?tab=all", data={"q": q}, headers=headers) as answer:
            yield f"search {q}", (await answer.read()).decode(errors="replace")


def without_own_words(text: str) -> str:
    """The page without what was typed into its search, which it shows again."""
    return re.sub(r'value="[^"]*"|<title>.*?</title>|<h1>.*?</h1>|[?&;]q=[^"&]*|lang=[^"]*', "", text)


async def test_threat_54_the_body_complained_of_learns_nothing_anywhere(
    site: Site, http: aiohttp.ClientSession, code: str
) -> None:
    async for path, text in said_to(site, http, code, ADDRESSEE):
        secrets = (*WHO, MATTER, *([] if code in path else [code]))  # a page that is not there repeats its own address
        assert not [secret for secret in secrets if secret in without_own_words(text)], path


async def test_threat_54_who_answers_reads_the_matter_and_never_whose_it_is(
    site: Site, http: aiohttp.ClientSession, code: str
) -> None:
    read: dict[str, str] = {}
    async for path, text in said_to(site, http, code, ANSWERING):
        read[path] = text
        assert not [secret for secret in WHO if secret in without_own_words(text)], path
    assert MATTER in read[f"/desk/tickets/{code}"]
    assert MATTER in read["/desk/queue"]
    assert json.loads(read["/api/v1/staff/tickets?status=any&q=09121234567"])["items"] == []
    whole = json.loads(read[f"/api/v1/staff/tickets/{code}"])
    assert set(whole["facts"]["identity"].values()) == {None}
    assert {notice["to"] for notice in whole["notices"]} == {"***"}
