"""Filters of the queue in words: every filter there is, whatever wrote it, said, carried on and removable."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest

from gateway.catalogue import load_catalogue
from gateway.web.desk.queue_filters import WRITERS, Filters
from gateway.web.desk.titles import Titles
from gateway.web.schemas import TicketsQuery
from tests.gateway.web.desk.test_queue import Desk, at_desk, codes
from tests.support.staging import shipped_rules
from tests.support.web import Site
from ticketing.filters import FILTERS
from ticketing.states import State

EVERY = {
    "procedure": "consumer",
    "step": "registered",
    "status": "any",
    "waiting_for": "evaluator",
    "route": "inspection",
    "province": "23",
    "organisation": "08S",
    "category": "fraud",
    "channel": "sms",
    "overdue": "false",
    "mine": "true",
    "assignee": "nobody",
    "opened_from": "1405-08-01",
    "opened_to": "1405-08-30",
    "closed_from": "1405-08-01",
    "closed_to": "2026-11-21T11:30",
    "due_from": "1405-08-01",
    "due_to": "1405-08-30",
    "open_at": "1405-08-01",
    "closed_late": "true",
    "merged": "false",
    "rated": "1405-08-01..1405-08-30",
    "reopened": "1405-08-01..1405-08-30",
    "surveyed": "1405-08-01..1405-08-30",
    "answered": "1405-08-01..1405-08-30",
    "low_rated": "1405-08-01..1405-08-30",
    "outcome": "unrelated",
    "unknown": "place",
    "weekday": "0",
    "hours": "8-9",
    "business": "1",
}


@pytest.fixture(params=["fa", "en"])
def speak(request: pytest.FixtureRequest, tmp_path: Path) -> Filters:
    return Filters(Titles(request.param, load_catalogue(), shipped_rules(tmp_path)))


def test_every_filter_has_words_and_is_in_the_document_of_the_interface() -> None:
    assert set(WRITERS) == set(FILTERS) == set(EVERY)
    assert set(TicketsQuery.model_fields) == {*FILTERS, "q", "cursor", "limit"}


def test_words_are_of_one_language(speak: Filters) -> None:
    foreign = "[A-Za-z0-9]" if speak.titles.language == "fa" else "[؀-ۿ]"
    for name, value in EVERY.items():
        assert not re.search(foreign, speak.said(name, value)), name


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("step", "۲", "مرحله: ثبت شکایت"),
        ("step", "registered", "مرحله: ثبت شکایت"),
        ("assignee", "sara", "متصدی: \u2066sara\u2069"),
        ("waiting_for", "nobody", "در انتظار هیچ‌کس"),
        ("closed_to", "2026-11-21T11:30", "بسته‌شده تا ۳۰ آبان ۱۴۰۵ ساعت ۱۱:۳۰"),
        ("closed_to", "2026-11-21T08:00+00:00", "بسته‌شده تا ۳۰ آبان ۱۴۰۵ ساعت ۱۱:۳۰"),
        ("rated", "1405-08-01..2026-11-21", "نمره‌گرفته از ۱ آبان ۱۴۰۵ تا ۳۰ آبان ۱۴۰۵"),
        ("hours", "۸", "رسیده از ساعت ۸ تا ۹"),
        ("hours", "22-23", "رسیده از ساعت ۲۲ تا ۲۴"),
        ("weekday", "۶", "رسیده در روزهای جمعه"),
        ("overdue", "1", "دیرکرده"),
    ],
)
def test_a_filter_is_said_in_words(tmp_path: Path, name: str, value: str, said: str) -> None:
    assert Filters(Titles("fa", load_catalogue(), shipped_rules(tmp_path))).said(name, value) == said


@pytest.fixture
async def desk(site: Site, http: aiohttp.ClientSession) -> Desk:
    return await at_desk(site, http, "sara")


def address(**asked: str) -> str:
    return "/desk/queue?" + "&".join(f"{name}={value}" for name, value in asked.items())


def carried(page: str) -> dict[str, str]:
    """What the form would send if it were sent as it is."""
    form = re.search(r'<form method="get".*?</form>', page, re.DOTALL)
    assert form is not None
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)"', form[0])
    selects = re.findall(r'<select id="\w+" name="(\w+)">(.*?)</select>', form[0], re.DOTALL)
    chosen = [(name, each) for name, options in selects for each in re.findall('value="([^"]+)" selected', options)]
    return dict(hidden) | dict(chosen)


async def test_every_filter_of_an_address_is_carried_by_the_form_and_removable(desk: Desk) -> None:
    asked = {"tab": "all", **EVERY}
    page = await desk.get(address(**asked))
    assert carried(page) == asked
    listed = re.search(r'<ul class="conditions".*?</ul>', page, re.DOTALL)
    assert listed is not None
    links = re.findall(r'href="([^"]+)"', listed[0].replace("&amp;", "&"))
    led = [dict(parse_qsl(urlsplit(link).query)) for link in links]
    assert led == [{each: value for each, value in asked.items() if each != name} for name in EVERY] + [{"tab": "all"}]


async def test_form_carries_a_filter_it_does_not_offer_that_way(desk: Desk) -> None:
    assert carried(await desk.get("/desk/queue?tab=all&step=2"))["step"] == "2"
    assert carried(await desk.get("/desk/queue?tab=waiting&status=any"))["status"] == "any"


async def test_title_says_what_is_shown(desk: Desk) -> None:
    page = await desk.get("/desk/queue?tab=all&category=fraud&opened_from=1405-08-01")
    assert "<title>صف کار: همه · نوع تخلف: تقلب · رسیده از ۱ آبان ۱۴۰۵ —" in page
    page = await desk.get("/desk/queue?q=روغن&lang=en")
    assert "<title>Search results for “روغن” —" in page


async def test_a_phone_searched_for_stands_in_no_title(desk: Desk) -> None:
    page = await desk.post("/desk/queue/search", 200, q="09351112233")
    assert "<title>نتیجهٔ جست‌وجو —" in page


async def test_all_may_be_open_closed_or_either(desk: Desk) -> None:
    opened = await desk.put()
    closed = await desk.put(state=State(2, None, "closed", "unrelated"))
    assert codes(await desk.get("/desk/queue?tab=all")) == [opened.code]
    assert codes(await desk.get("/desk/queue?tab=all&status=closed")) == [closed.code]
    page = await desk.get("/desk/queue?tab=all&status=any")
    assert set(codes(page)) == {opened.code, closed.code}
    assert '<option value="any" selected>باز یا بسته</option>' in page
    assert 'name="status"' not in await desk.get("/desk/queue?tab=waiting")


async def test_other_language_keeps_the_filters(desk: Desk) -> None:
    page = await desk.get("/desk/queue?tab=all&category=fraud")
    assert 'href="/desk/queue?lang=en&amp;tab=all&amp;category=fraud" lang="en"' in page
