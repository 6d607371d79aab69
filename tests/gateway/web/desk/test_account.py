"""One's own account: passwords, one-time codes, sessions, and the history of sign-ins."""

from __future__ import annotations

import re
from html import unescape

import aiohttp
import pyotp
import pytest

from tests.support.desk_pages import NEW_PASSWORD, post, read, sign_in
from tests.support.web import PASSWORD, Site


async def set_up(http: aiohttp.ClientSession, site: Site, cookie: str) -> pyotp.TOTP:
    """Codes set up by the form, as a person would."""
    _, page = await read(http, "/desk/account?totp=set-up&lang=en", cookie)
    ticket = unescape(re.search(r'name="ticket" value="([^"]+)"', page)[1])  # type: ignore[index]
    code = pyotp.parse_uri(unescape(re.search(r'href="(otpauth:[^"]+)"', page)[1]))  # type: ignore[index]
    assert isinstance(code, pyotp.TOTP)
    wrong, _, _ = await post(http, "/desk/account/totp", cookie, ticket=ticket, totp="000000")
    assert wrong == 422
    for _ in range(2):  # the same form twice is done once
        status, to, _ = await post(http, "/desk/account/totp", cookie, ticket=ticket, totp=code.at(site.clock.now()))
        assert (status, to) == (303, "/desk/account?done=totp_on")
    return code


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_the_page_tells_who_signed_in_from_where(http: aiohttp.ClientSession, site: Site, language: str) -> None:
    await site.add_staff("oper", "operator")
    assert await sign_in(http, "oper", "wrong") == ""
    status, page = await read(http, f"/desk/account?lang={language}", await sign_in(http, "oper"))
    assert status == 200
    assert page.count('<bdi dir="ltr">127.0.0.1</bdi>') == 2


async def test_a_new_password_needs_the_old_one_and_ends_other_sessions(
    http: aiohttp.ClientSession, site: Site
) -> None:
    await site.add_staff("oper", "operator")
    here, elsewhere = await sign_in(http, "oper"), await sign_in(http, "oper")
    path = "/desk/account/password"
    assert (await post(http, path, here, old_password="wrong", new_password=NEW_PASSWORD))[0] == 422
    status, _, page = await post(http, path, here, old_password=PASSWORD, new_password="short")
    assert status == 422
    assert PASSWORD not in page
    assert (await post(http, path, here, old_password=PASSWORD, new_password=NEW_PASSWORD))[0] == 303
    assert (await read(http, "/desk/account", here))[0] == 200
    assert (await read(http, "/desk/account", elsewhere))[0] == 303
    assert await sign_in(http, "oper") == ""
    assert await sign_in(http, "oper", NEW_PASSWORD)


async def test_one_time_codes_are_set_up_asked_for_and_turned_off(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("oper", "operator")
    cookie = await sign_in(http, "oper")
    code = await set_up(http, site, cookie)
    assert await sign_in(http, "oper") == ""
    site.clock.advance(seconds=60)
    assert await sign_in(http, "oper", totp=code.at(site.clock.now()))
    site.clock.advance(seconds=60)
    off = {"password": PASSWORD, "code": "000000"}
    assert (await post(http, "/desk/account/totp-off", cookie, **off))[0] == 422
    off["code"] = code.at(site.clock.now())
    assert (await post(http, "/desk/account/totp-off", cookie, **off))[0] == 303
    assert await sign_in(http, "oper")


async def test_signing_out_everywhere_ends_this_session_too(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("oper", "operator")
    here, elsewhere = await sign_in(http, "oper"), await sign_in(http, "oper")
    assert (await post(http, "/desk/account/sign-outs", here))[:2] == (303, "/desk")
    for cookie in (here, elsewhere):
        assert (await read(http, "/desk/account", cookie))[0] == 303


class TestWhereCodesAreDemanded:
    """`security.require_totp` leads who has no secret to set one up, and to nothing else."""

    @pytest.fixture
    def overrides(self) -> dict[str, dict[str, object]]:
        return {"security": {"require_totp": True}}

    async def test_who_has_none_sets_one_up_at_the_first_sign_in(self, http: aiohttp.ClientSession, site: Site) -> None:
        await site.add_staff("oper", "operator")
        cookie = await sign_in(http, "oper")
        async with http.get("/api/v1/staff/tickets", headers={"Cookie": cookie}) as answer:
            assert (answer.status, (await answer.json())["code"]) == (403, "secret_to_set_up")
        await set_up(http, site, cookie)
        async with http.get("/api/v1/staff/tickets", headers={"Cookie": cookie}) as answer:
            assert answer.status == 200
        assert await sign_in(http, "oper") == ""

    async def test_the_api_lets_nobody_in_without_one(self, http: aiohttp.ClientSession, site: Site) -> None:
        await site.add_staff("oper", "operator")
        said = {"username": "oper", "password": PASSWORD}
        async with http.post("/api/v1/staff/login", json=said) as answer:
            assert answer.status == 401
