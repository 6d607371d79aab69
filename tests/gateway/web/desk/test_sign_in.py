"""Signing in at the desks: a cookie no script reads, back to the page one wanted, and nobody else's forms."""

from __future__ import annotations

import aiohttp
import pytest

from gateway.web.desk.layout import DESKS, desks_of, home_of
from gateway.web.desk.session import way_back
from tests.support.desk_pages import OURS, sign_in
from tests.support.web import PASSWORD, Site
from ticketing.roles import ROLES
from ticketing.staff import Staff


async def test_signing_in_leads_to_the_desk_of_ones_role(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("oper", "operator")
    typed = {"username": "oper", "password": PASSWORD}
    async with http.post("/desk", data=typed, headers=OURS, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/desk/calls")
        cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_page_asked_for_comes_after_the_sign_in(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("oper", "operator")
    async with http.get("/api/v1/staff/tickets", headers={"Accept": "text/html"}) as answer:
        assert answer.status == 401
    typed = {"username": "oper", "password": PASSWORD, "next": "/desk/queue?step=2"}
    async with http.post("/desk", data=typed, headers=OURS, allow_redirects=False) as answer:
        assert answer.headers["Location"] == "/desk/queue?step=2"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/desk", "/track", "/desk/\\evil", "/desk/" + "a" * 600]
)
def test_the_way_back_never_leads_elsewhere(elsewhere: str) -> None:
    assert way_back(elsewhere) is None


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_wrong_password_is_refused_with_the_name_kept(
    http: aiohttp.ClientSession, site: Site, language: str
) -> None:
    await site.add_staff("oper", "operator")
    typed = {"username": "oper", "password": "not this one at all"}
    async with http.post(f"/desk?lang={language}", data=typed, headers=OURS, allow_redirects=False) as answer:
        page = await answer.text()
        assert answer.status == 401
        assert "Set-Cookie" not in answer.headers
    assert 'value="oper"' in page
    assert "not this one at all" not in page


async def test_form_of_another_site_signs_nobody_in(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("oper", "operator")
    typed = {"username": "oper", "password": PASSWORD}
    async with http.post("/desk", data=typed, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 403


async def test_cookie_opens_the_api_for_our_own_pages_only(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("oper", "operator")
    cookie = {"Cookie": await sign_in(http, "oper")}
    async with http.get("/api/v1/staff/tickets", headers=cookie) as answer:
        assert answer.status == 200
    report = {"channel": "phone", "text": "گران‌فروشی", "phone": "09121234567"}
    async with http.post("/api/v1/staff/reports", json=report, headers=cookie) as answer:
        assert answer.status == 403
    async with http.post("/api/v1/staff/reports", json=report, headers={**cookie, **OURS}) as answer:
        assert answer.status == 201


async def test_signing_out_ends_the_session_on_the_server(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("oper", "operator")
    cookie = {"Cookie": await sign_in(http, "oper")}
    async with http.post("/desk/sign-out", headers={**cookie, **OURS}, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/desk")
    async with http.get("/api/v1/staff/tickets", headers=cookie) as answer:
        assert answer.status == 401


@pytest.mark.parametrize("role", ROLES)
def test_everyone_has_a_desk_of_their_own_to_begin_at(role: str) -> None:
    home = home_of(Staff(1, "somebody", role))
    assert home in {desk.path for desk in desks_of(role)}
    assert {desk.code for desk in DESKS} >= {desk.code for desk in desks_of(role)}
