"""The inspector's desk over HTTP: one's own jobs and nobody else's, with the way there and no complainant."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from tests.support.desk_pages import sign_in
from tests.support.dispatches import dispatch
from tests.support.staging import act
from tests.support.web import Site

PAGE = {"Accept": "text/html"}


async def read(http: aiohttp.ClientSession, path: str, cookie: str) -> tuple[int, str]:
    """The status and the text of a page, for whoever carries the cookie."""
    async with http.get(path, headers={**PAGE, "Cookie": cookie}, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def test_list_shows_own_jobs_by_due_time_with_the_way_there(http: aiohttp.ClientSession, site: Site) -> None:
    mine, other = await site.add_staff("insp", "inspector"), await site.add_staff("other", "inspector")
    at = site.clock.now()
    await dispatch(site, mine, business_name="نانوایی دور", due_at=at + timedelta(days=3))
    await dispatch(site, mine, business_name="نانوایی دیر", due_at=at - timedelta(days=1))
    await dispatch(site, other, business_name="نانوایی دیگری")
    status, page = await read(http, "/desk/dispatches", await sign_in(http, "insp"))
    assert status == 200
    assert page.index("نانوایی دیر") < page.index("نانوایی دور")
    assert "نانوایی دیگری" not in page
    assert 'href="tel:+982166123456"' in page
    assert 'href="geo:35.6997,51.338' in page
    assert "مهلت گذشته" in page


async def test_place_without_coordinates_is_looked_up_by_its_address(http: aiohttp.ClientSession, site: Site) -> None:
    mine = await site.add_staff("insp", "inspector")
    await dispatch(site, mine, lat=None, lon=None, business_address="پلاک 5")
    _, page = await read(http, "/desk/dispatches", await sign_in(http, "insp"))
    assert 'href="geo:0,0?q=' in page


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_job_tells_what_to_look_for_and_not_who_complained(
    http: aiohttp.ClientSession, site: Site, language: str
) -> None:
    mine = await site.add_staff("insp", "inspector")
    ticket = await dispatch(site, mine, damages_rial=1_500_000)
    cookie = await sign_in(http, "insp")
    status, page = await read(http, f"/desk/dispatches/{ticket.code}?lang={language}", cookie)
    assert status == 200
    assert ticket.text in page
    assert f'data-version="{ticket.version}"' in page
    assert ("۱٬۵۰۰٬۰۰۰" if language == "fa" else "1,500,000") in page
    assert "زهرا" not in page
    assert "9121234567" not in page


async def test_threat_54_another_inspectors_job_is_not_there(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("insp", "inspector")
    other = await site.add_staff("other", "inspector")
    ticket = await dispatch(site, other)
    cookie = await sign_in(http, "insp")
    theirs = await read(http, f"/desk/dispatches/{ticket.code}", cookie)
    nobodys = await read(http, "/desk/dispatches/314159265355", cookie)
    assert theirs[0] == nobodys[0] == (await read(http, "/desk/dispatches/nonsense", cookie))[0] == 404


async def test_standing_names_the_owner_and_the_versions(http: aiohttp.ClientSession, site: Site) -> None:
    mine = await site.add_staff("insp", "inspector")
    ticket = await dispatch(site, mine)
    cookie = {"Cookie": await sign_in(http, "insp")}
    async with http.get("/desk/dispatches/jobs", headers=cookie) as answer:
        said = await answer.json()
    assert said["owner"] == "insp"
    assert said["jobs"] == [{"tracking_code": ticket.code, "version": ticket.version}]


async def test_reported_job_is_off_the_list_and_has_no_form(http: aiohttp.ClientSession, site: Site) -> None:
    mine = await site.add_staff("insp", "inspector")
    ticket = await dispatch(site, mine)
    await act(site.parts.database, site.parts.rules, mine, ticket, "inspect", violation=True, finding="گران فروخت")
    cookie = await sign_in(http, "insp")
    _, listed = await read(http, "/desk/dispatches", cookie)
    assert ticket.code not in listed
    _, page = await read(http, f"/desk/dispatches/{ticket.code}", cookie)
    assert "not-waiting" in page
    assert "<form id=" not in page


async def test_nobody_signed_in_is_sent_to_sign_in(http: aiohttp.ClientSession) -> None:
    status, _ = await read(http, "/desk/dispatches", "")
    assert status == 303
