"""Accounts made and changed at the administrator's desk: each secret shown once, nothing taken away unseen."""

from __future__ import annotations

import re
from html import unescape

import aiohttp
import pytest
from sqlalchemy import select

from tests.support.desk_pages import NEW_PASSWORD, post, read, sign_in
from tests.support.staging import a_ticket, put, today
from tests.support.web import Site
from ticketing.assigning import take
from ticketing.tables import staff as staff_table


def seen(page: str) -> str:
    """The version of what a form was filled with."""
    return str(re.search(r'name="seen" value="([^"]+)"', page)[1])  # type: ignore[index]


async def test_a_new_account_begins_with_a_password_of_its_own(http: aiohttp.ClientSession, boss: str) -> None:
    given = {
        "username": "Neda",
        "role": "inspector",
        "organisation": "23",
        "phone": "۰۹۱۲۱۲۳۴۵۶۷",
        "extension": "۲۰۱",
    }
    status, _, page = await post(http, "/desk/admin/staff", boss, **given)
    assert status == 200
    password = re.search(r'class="secret">([^<]+)<', page)[1]  # type: ignore[index]
    assert (await post(http, "/desk/admin/staff", boss, **given))[0] == 422  # the same form again: taken
    neda = await sign_in(http, "neda", password)
    assert await read(http, "/desk/dispatches", neda) == (303, "/desk/account")
    changed = {"old_password": password, "new_password": NEW_PASSWORD}
    assert (await post(http, "/desk/account/password", neda, **changed))[0] == 303
    async with http.get("/api/v1/staff/tickets", headers={"Cookie": neda}) as answer:
        assert answer.status == 200


async def test_wrong_fields_are_named_and_kept(http: aiohttp.ClientSession, boss: str) -> None:
    given = {"username": "x", "role": "", "organisation": "23", "phone": "12"}
    status, _, page = await post(http, "/desk/admin/staff?lang=en", boss, **given)
    assert status == 422
    assert 'value="12"' in page
    assert page.count('class="error"') == 3


async def test_a_temporary_password_is_shown_once(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    await site.add_staff("neda", "inspector")
    neda = await sign_in(http, "neda")
    path = "/desk/admin/staff/of/neda/password"
    _, _, page = await post(http, path, boss, form_id="f1")
    password = re.search(r'class="secret">([^<]+)<', page)[1]  # type: ignore[index]
    _, _, again = await post(http, path, boss, form_id="f1")
    assert 'class="secret"' not in again
    assert (await read(http, "/desk/account", neda))[0] == 303
    assert await sign_in(http, "neda", password)


async def test_disabled_account_is_out_until_it_is_enabled(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    await site.add_staff("neda", "inspector")
    for _ in range(2):
        assert (await post(http, "/desk/admin/staff/of/neda/disable", boss))[0] == 303
    assert await sign_in(http, "neda") == ""
    assert (await post(http, "/desk/admin/staff/of/neda/enable", boss))[0] == 303
    assert await sign_in(http, "neda")


async def test_last_administrator_stays(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    assert (await post(http, "/desk/admin/staff/of/boss/disable", boss))[0] == 409
    await site.add_staff("other", "admin")
    assert (await post(http, "/desk/admin/staff/of/boss/disable", boss))[0] == 303


async def test_a_changed_account_is_signed_out_and_its_history_says_who_did_it(
    http: aiohttp.ClientSession, site: Site, boss: str
) -> None:
    await site.add_staff("neda", "evaluator", organisation="23")
    neda = await sign_in(http, "neda")
    path = "/desk/admin/staff/of/neda/change"
    _, page = await read(http, path, boss)
    assert '<option value="evaluator" selected' in page
    given = {
        "role": "evaluator",
        "organisation": "10",
        "phone": "۰۹۱۲۱۲۳۴۵۶۷",
        "extension": "۲۰۱",
        "seen": seen(page),
    }
    for _ in range(2):
        assert (await post(http, path, boss, **given))[:2] == (303, "/desk/admin/staff/of/neda?done=changed")
    assert await read(http, "/desk/account", neda) == (303, "/desk?next=%2Fdesk%2Faccount")
    _, page = await read(http, "/desk/admin/staff/of/neda?lang=en", boss)
    assert page.count("Account changed") == 1
    assert "Organisation: from Tehran to Isfahan" in page
    assert "+98912***4567" in page


async def test_what_goes_back_is_named_before_it_does(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    neda = await site.add_staff("neda", "evaluator", organisation="23")
    ticket = a_ticket(site.parts.rules)
    await put(site.parts.database, site.parts.rules, ticket, at=site.clock.now())
    await take(site.parts.database, site.parts.rules, neda, ticket.code, site.clock.now())
    path = "/desk/admin/staff/of/neda"
    _, page = await read(http, f"{path}/change", boss)
    given = {"role": "operator", "organisation": "10", "seen": seen(page)}
    status, _, page = await post(http, f"{path}/change", boss, **given)
    assert (status, f"/desk/tickets/{ticket.code}" in page) == (200, True)
    sure = re.search(r'name="sure" value="([^"]+)"', page)[1]  # type: ignore[index]
    status, _, page = await post(http, f"{path}/change", boss, **(given | {"role": "dispatcher"}), sure=sure)
    assert status == 200, "what was seen was about another change"
    status, _, page = await post(http, f"{path}/disable", boss)
    assert (status, f"/desk/tickets/{ticket.code}" in page) == (200, True)
    assert (await post(http, f"{path}/change", boss, **given, sure=sure))[0] == 303
    assert (await today(site.parts.database, site.parts.rules, ticket)).assignee is None
    _, page = await read(http, path, boss)
    assert f"/desk/tickets/{ticket.code}" in page
    _, page = await read(http, f"/desk/tickets/{ticket.code}?lang=en", boss)
    assert "a colleague’s account was changed" in unescape(page)


async def test_two_administrators_both_see_both_changes(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    await site.add_staff("neda", "evaluator", organisation="23")
    path = "/desk/admin/staff/of/neda/change"
    _, page = await read(http, path, boss)
    stale = seen(page)
    assert (await post(http, path, boss, role="evaluator", organisation="10", seen=stale))[0] == 303
    mine = {"role": "operator", "organisation": "23", "extension": "7"}
    status, _, page = await post(http, f"{path}?lang=en", boss, **mine, seen=stale)
    assert status == 409
    assert "Isfahan" in page
    assert 'value="7"' in page
    assert '<option value="operator" selected' in page
    assert (await post(http, path, boss, **mine, seen=seen(page)))[0] == 303


async def test_wrong_changes_are_named_beside_their_field(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    path = "/desk/admin/staff/of/boss/change"
    _, page = await read(http, path, boss)
    status, _, page = await post(http, f"{path}?lang=en", boss, role="operator", phone="12", seen=seen(page))
    assert (status, page.count('class="error"')) == (422, 1)
    status, _, page = await post(http, f"{path}?lang=en", boss, role="operator", organisation="", seen="")
    assert status == 409
    status, _, page = await post(http, f"{path}?lang=en", boss, role="operator", seen=seen(page))
    assert status == 422
    assert "You cannot take the administrator’s role from yourself" in unescape(page)


async def test_nothing_secret_is_in_the_log_or_kept_open(
    http: aiohttp.ClientSession, site: Site, boss: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await site.add_staff("neda", "inspector")
    _, _, page = await post(http, "/desk/admin/staff/of/neda/password", boss, form_id="f1")
    password = re.search(r'class="secret">([^<]+)<', page)[1]  # type: ignore[index]
    kept = repr([dict(row) for row in await site.parts.database.read(select(staff_table))])
    assert password not in kept + capsys.readouterr().out


async def test_an_account_begins_at_the_body_it_works_for(http: aiohttp.ClientSession, boss: str) -> None:
    _, listed = await read(http, "/desk/admin/organisations?lang=en", boss)
    its = re.search(r'href="([^"]*)">South of Kerman<', listed)[1]  # type: ignore[index]
    _, page = await read(http, unescape(its), boss)
    assert '<th scope="row">Jiroft</th>' in page
    begun = re.search(r'href="([^"]*body=08s-03-union)"', page)[1]  # type: ignore[index]
    _, form = await read(http, unescape(begun), boss)
    assert '<option value="08S" selected>' in form
    given = {"username": "neda", "role": "self_regulator", "organisation": "08", "body": "08s-03-union"}
    status, _, page = await post(http, "/desk/admin/staff?lang=en", boss, **given)
    assert (status, "This guild body is another organisation" in page) == (422, True)
    assert (await post(http, "/desk/admin/staff", boss, **given | {"organisation": "08S"}))[0] == 200
    assert "Guild unions of Jiroft County" in (await read(http, "/desk/admin/staff/of/neda?lang=en", boss))[1]


async def test_the_nation_has_a_page_of_its_bodies_and_nowhere_has_none(http: aiohttp.ClientSession, boss: str) -> None:
    status, page = await read(http, "/desk/admin/organisations/nation?lang=en", boss)
    assert (status, "body=secretariat" in page) == (200, True)
    assert (await read(http, "/desk/admin/organisations/99", boss))[0] == 404


async def test_organisations_without_a_liaison_are_told(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    await site.add_staff("rabet", "liaison", organisation="08S")
    _, page = await read(http, "/desk/admin/organisations?lang=en", boss)
    assert "not named a liaison yet: 31." in page
    assert page.count('class="badge soon"') == 31
    assert "/desk/admin/staff/of/rabet" in page
