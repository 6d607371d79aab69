"""The desk of letters: a draft of a period, a letter issued and frozen, and what an organisation sees of it."""

from __future__ import annotations

import re
from datetime import timedelta

import aiohttp

from tests.support.reviewing import PERIOD, Told, of_seed, stage
from tests.support.web import Site

PAGE = "/desk/letter"
ASKED = {"first": "۱۳۹۹/۰۳/۰۱", "last": "1399-07-01", "as_of": "1399/07/13"}
ISSUING = {**ASKED, "number": "۶۰/۱۷۰۵۴۹", "issued_on": "۱۳۹۹/۰۷/۱۳"}


async def sit(site: Site, organisation: str = "") -> dict[str, str]:
    """The headers of a supervisor's browser."""
    name = f"supervisor{organisation}"
    await site.add_staff(name, "supervisor", organisation=organisation)
    return {"Cookie": f"desk={await site.token(name)}", "Accept": "text/html", "Origin": site.url}


async def read(http: aiohttp.ClientSession, headers: dict[str, str], path: str, **asked: str) -> str:
    async with http.get(path, params=asked, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()


async def issue(http: aiohttp.ClientSession, headers: dict[str, str], **said: str) -> tuple[int, str]:
    """The status, and where the letter is or what the page said."""
    async with http.post(PAGE, data={**ISSUING, **said}, headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", "").partition("?")[0] or await answer.text()


async def test_a_letter_that_was_issued_stays_as_it_was(http: aiohttp.ClientSession, site: Site) -> None:
    rules, database = site.parts.rules, site.parts.database
    await stage(database, rules, *of_seed())
    centre = await sit(site)
    draft = await read(http, centre, PAGE, **ASKED)
    assert "به طور کلی ۱۷ شکایت" in draft
    assert "باسمه تعالی" in draft
    assert not re.search(r"<(script|style)[ >]|style=", draft)
    status, letter = await issue(http, centre)
    assert status == 303
    page, data = await read(http, centre, letter), await read(http, centre, f"{letter}/letter.json")
    assert '"number": "60/170549"' in data
    assert "<bdi>۶۰/۱۷۰۵۴۹</bdi>" in page
    assert "پیرو" not in page
    await stage(database, rules, Told("02-07-union", PERIOD.first + timedelta(days=1)))
    assert "به طور کلی ۱۸ شکایت" in await read(http, centre, PAGE, **ASKED)
    assert await read(http, centre, letter) == page
    assert await read(http, centre, f"{letter}/letter.json") == data
    status, refused = await issue(http, centre)
    assert status == 422
    assert "نامهٔ دیگری با این شماره صادر شده است." in refused
    assert (await issue(http, centre, number="60/170550"))[0] == 303
    status, unread = await issue(http, centre, number="", issued_on="1499/01/01")
    assert (status, unread.count('class="error"')) == (422, 2)
    assert (await issue(http, centre, first="1399/13"))[0] == 422


async def test_an_organisation_sees_its_own_row_and_issues_nothing(http: aiohttp.ClientSession, site: Site) -> None:
    await stage(site.parts.database, site.parts.rules, *of_seed())
    province = await sit(site, "02")
    own = await read(http, province, PAGE, **ASKED)
    assert "مازندران" in own
    assert "خراسان رضوی" not in own
    assert (await issue(http, province))[0] == 403
    async with http.get(f"{PAGE}.json", params=ASKED, headers=province) as answer:
        assert answer.status == 403
    async with http.get(f"{PAGE}/1", headers=province) as answer:
        assert answer.status == 404
