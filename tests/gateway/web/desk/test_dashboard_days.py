"""The dashboard's days: three fields each, in the calendar of the page's language, and one word in the address."""

from __future__ import annotations

import re

import aiohttp
import pytest

from gateway.web.desk.dashboard_days import months, put_together, taken_apart
from tests.gateway.web.desk.test_dashboard import PAGE, read, sit
from tests.support.web import Site


def typed(day: str, month: str, year: str) -> dict[str, str]:
    return {"from.day": day, "from.month": month, "from.year": year}


@pytest.mark.parametrize(
    ("language", "asked", "written"),
    [
        ("fa", typed("1", "8", "1405"), "1405-08-01"),
        ("fa", typed("۱", "8", "۱۴۰۵"), "1405-08-01"),
        ("fa", typed("٢٠", "12", "١٤٠٥"), "1405-12-20"),
        ("en", typed("21", "11", "2026"), "2026-11-21"),
        ("fa", {**typed("", "", ""), "from": "2026-11-21"}, "2026-11-21"),
        ("fa", {}, ""),
        ("fa", typed("21", "11", "2026"), "21 11 2026"),
        ("en", typed("1", "8", "1405"), "1 8 1405"),
        ("fa", typed("", "8", "1405"), "1405-08-00"),
        ("fa", typed("1", "", "1405"), "1405-00-01"),
    ],
)
def test_three_fields_make_a_day_of_the_pages_calendar(language: str, asked: dict[str, str], written: str) -> None:
    assert put_together(asked, "from", language) == written


@pytest.mark.parametrize(
    ("language", "written", "fields"),
    [
        ("fa", "1405-08-30", typed("30", "8", "1405")),
        ("fa", "2026-11-21", typed("30", "8", "1405")),
        ("en", "1405-08-30", typed("21", "11", "2026")),
        ("en", "", {}),
        ("fa", "soon", {}),
    ],
)
def test_a_day_is_shown_in_the_pages_calendar(language: str, written: str, fields: dict[str, str]) -> None:
    assert taken_apart(written, "from", language) == fields


def test_months_have_their_names() -> None:
    assert (months("fa")[0], months("fa")[11]) == (("1", "فروردین"), ("12", "اسفند"))
    assert (months("en")[0], months("en")[10]) == (("1", "January"), ("11", "November"))


def fields(page: str) -> dict[str, str]:
    shown = dict(re.findall(r'name="((?:from|to)\.\w+)" value="([^"]*)"', page))
    for name, options in re.findall(
        r'<select id="[^"]+" name="((?:from|to)\.month)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        shown[name] = "".join(re.findall('value="([^"]+)" selected', options))
    return shown


FORM = {
    "from.day": "۱",
    "from.month": "8",
    "from.year": "۱۴۰۵",
    "to.day": "15",
    "to.month": "8",
    "to.year": "1405",
}


async def test_form_leads_to_an_address_that_can_be_kept(http: aiohttp.ClientSession, site: Site) -> None:
    headers = await sit(site)
    asked = {**FORM, "period": "this_month", "channel": "phone"}
    async with http.get(PAGE, params=asked, headers=headers, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"] == f"{PAGE}?from=1405-08-01&to=1405-08-15&channel=phone"
    page = await read(http, headers, PAGE, **asked)
    assert "۱ آبان ۱۴۰۵ تا ۱۵ آبان ۱۴۰۵" in page
    assert fields(page) == {
        "from.day": "۱",
        "from.month": "8",
        "from.year": "۱۴۰۵",
        "to.day": "۱۵",
        "to.month": "8",
        "to.year": "۱۴۰۵",
    }


async def test_what_is_no_day_is_named_and_kept(http: aiohttp.ClientSession, site: Site) -> None:
    headers = await sit(site)
    async with http.get(PAGE, params={**FORM, "to.day": "31"}, headers=headers) as answer:
        page = await answer.text()
        assert answer.status == 422
    assert '<a href="#to">«تا روز» روزی از تقویم شمسی نیست.' in page
    assert fields(page)["to.day"] == "۳۱"
    assert fields(page)["from.month"] == "8"
    assert 'aria-invalid="true" aria-describedby="to-error"' in page
