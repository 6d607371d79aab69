"""The administrator's pages: accounts, what could not be read, whom to call, and how the channels are doing."""

from __future__ import annotations

import re
from html import unescape

import aiohttp
import pytest
from sqlalchemy import select, update

from channels.channel import Arrival
from gateway.web.desk.admin import ROUTES
from sms.tables import notices
from tests.gateway.web.desk.test_account import NEW, post, read
from tests.gateway.web.desk.test_sign_in import sign_in
from tests.support.web import Site
from ticketing.intake import quarantine
from ticketing.tables import events, reports, tickets
from ticketing.tables import staff as staff_table

PAGES = [
    *(route.path for route in ROUTES if route.method == "GET" and "{" not in route.path),
    "/desk/admin/staff/of/boss",
    "/desk/quarantine?state=ignored",
]


@pytest.fixture
async def boss(http: aiohttp.ClientSession, site: Site) -> str:
    """An administrator's cookie."""
    await site.add_staff("boss", "admin")
    return await sign_in(http, "boss")


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_every_page_opens_in_both_languages(http: aiohttp.ClientSession, boss: str, language: str) -> None:
    for path in PAGES:
        status, page = await read(http, f"{path}{'&' if '?' in path else '?'}lang={language}", boss)
        assert status == 200, path
        assert 'aria-current="page"' in page


async def test_others_are_kept_out(http: aiohttp.ClientSession, site: Site) -> None:
    await site.add_staff("eve", "evaluator")
    cookie = await sign_in(http, "eve")
    for path in PAGES:
        assert (await read(http, path, cookie))[0] == 403, path


async def test_supervisor_sees_the_call_list_and_of_the_nation_the_unread(
    http: aiohttp.ClientSession, site: Site
) -> None:
    await site.add_staff("sam", "supervisor")
    await site.add_staff("tehrani", "supervisor", organisation="23")
    for name, expected in (("sam", 200), ("tehrani", 403)):
        cookie = await sign_in(http, name)
        assert (await read(http, "/desk/failed-texts", cookie))[0] == 200
        assert (await read(http, "/desk/quarantine", cookie))[0] == expected
        assert (await read(http, "/desk/admin/staff", cookie))[0] == 403


class TestStaff:
    """Accounts are made and changed, each secret shown once."""

    async def test_a_new_account_begins_with_a_password_of_its_own(
        self, http: aiohttp.ClientSession, boss: str
    ) -> None:
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
        changed = {"old_password": password, "new_password": NEW}
        assert (await post(http, "/desk/account/password", neda, **changed))[0] == 303
        async with http.get("/api/v1/staff/tickets", headers={"Cookie": neda}) as answer:
            assert answer.status == 200

    async def test_wrong_fields_are_named_and_kept(self, http: aiohttp.ClientSession, boss: str) -> None:
        given = {"username": "x", "role": "", "organisation": "23", "phone": "12"}
        status, _, page = await post(http, "/desk/admin/staff?lang=en", boss, **given)
        assert status == 422
        assert 'value="12"' in page
        assert page.count('class="error"') == 3

    async def test_a_temporary_password_is_shown_once(self, http: aiohttp.ClientSession, site: Site, boss: str) -> None:
        await site.add_staff("neda", "inspector")
        neda = await sign_in(http, "neda")
        path = "/desk/admin/staff/of/neda/password"
        _, _, page = await post(http, path, boss, form_id="f1")
        password = re.search(r'class="secret">([^<]+)<', page)[1]  # type: ignore[index]
        _, _, again = await post(http, path, boss, form_id="f1")
        assert 'class="secret"' not in again
        assert (await read(http, "/desk/account", neda))[0] == 303
        assert await sign_in(http, "neda", password)

    async def test_disabled_account_is_out_until_it_is_enabled(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
        await site.add_staff("neda", "inspector")
        for _ in range(2):
            assert (await post(http, "/desk/admin/staff/of/neda/disable", boss))[0] == 303
        assert await sign_in(http, "neda") == ""
        assert (await post(http, "/desk/admin/staff/of/neda/enable", boss))[0] == 303
        assert await sign_in(http, "neda")

    async def test_last_administrator_stays(self, http: aiohttp.ClientSession, site: Site, boss: str) -> None:
        assert (await post(http, "/desk/admin/staff/of/boss/disable", boss))[0] == 409
        await site.add_staff("other", "admin")
        assert (await post(http, "/desk/admin/staff/of/boss/disable", boss))[0] == 303

    async def test_nothing_secret_is_in_the_log_or_kept_open(
        self, http: aiohttp.ClientSession, site: Site, boss: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        await site.add_staff("neda", "inspector")
        _, _, page = await post(http, "/desk/admin/staff/of/neda/password", boss, form_id="f1")
        password = re.search(r'class="secret">([^<]+)<', page)[1]  # type: ignore[index]
        kept = repr([dict(row) for row in await site.parts.database.read(select(staff_table))])
        assert password not in kept + capsys.readouterr().out


class TestQuarantine:
    """What nobody could read is shown harmlessly, made a ticket of once, or discarded."""

    @pytest.fixture
    async def report_id(self, site: Site) -> int:
        raw = "<script>alert(1)</script> گران‌فروشی نان \u202e\x00\xff".encode("utf-8", "surrogatepass") + b"\xff"
        await site.parts.reception.keep("email", Arrival("mail", raw, raw, site.clock.now()))
        row = (await site.parts.database.read(select(reports.c.id)))[0]
        await quarantine(site.parts.database, row["id"], "raw:unreadable")
        return int(row["id"])

    async def test_raw_is_shown_as_text_that_does_nothing(
        self, http: aiohttp.ClientSession, boss: str, report_id: int
    ) -> None:
        _, listed = await read(http, "/desk/quarantine", boss)
        assert f"/desk/quarantine/{report_id}" in listed
        _, page = await read(http, f"/desk/quarantine/{report_id}", boss)
        assert "<script>alert" not in page
        assert "گران‌فروشی نان" in page
        assert "\u202e" not in page
        assert "\x00" not in page

    async def test_ticket_is_made_once_and_keeps_the_channel(
        self, http: aiohttp.ClientSession, site: Site, boss: str, report_id: int
    ) -> None:
        path = f"/desk/quarantine/{report_id}/ticket"
        assert (await post(http, path, boss, text="", phone="12"))[0] == 422
        said = {"text": "نانوایی نان را گران می‌فروشد", "phone": "09121234567", "category": "overcharging"}
        for _ in range(2):
            assert (await post(http, path, boss, **said))[0] == 303
        rows = await site.parts.database.read(select(tickets))
        assert [row["channel"] for row in rows] == ["email"]
        opened = await site.parts.database.read(select(events.c.actor).where(events.c.kind == "opened"))
        assert [row["actor"] for row in opened] == ["boss"]
        _, page = await read(http, f"/desk/quarantine/{report_id}", boss)
        assert "/desk/tickets/" in page
        assert (await post(http, f"/desk/quarantine/{report_id}/discard", boss, reason="spam"))[0] == 409

    async def test_discarding_needs_a_reason_and_is_final(
        self, http: aiohttp.ClientSession, boss: str, report_id: int
    ) -> None:
        path = f"/desk/quarantine/{report_id}"
        assert (await post(http, f"{path}/discard", boss, reason=""))[0] == 422
        for _ in range(2):
            assert (await post(http, f"{path}/discard", boss, reason="spam"))[0] == 303
        assert (await post(http, f"{path}/ticket", boss, text="متن", phone="09121234567"))[0] == 409

    async def test_understood_reports_are_not_shown_here(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
        async with http.post("/api/v1/reports", json={"text": "گران‌فروشی", "phone": "09121234567"}) as answer:
            assert answer.status == 201
        row = (await site.parts.database.read(select(reports.c.id)))[0]
        assert (await read(http, f"/desk/quarantine/{row['id']}", boss))[0] == 404
        assert (await read(http, "/desk/quarantine/nonsense", boss))[0] == 404


class TestFailedTexts:
    """Who got no text is called, and the ticket says so."""

    @pytest.fixture
    async def notice_id(self, http: aiohttp.ClientSession, site: Site) -> int:
        async with http.post("/api/v1/reports", json={"text": "گران‌فروشی", "phone": "09121234567"}) as answer:
            assert answer.status == 201
        row = (await site.parts.database.read(select(notices.c.id).limit(1)))[0]

        async def fail(tx: object) -> None:
            failed = {"state": "failed", "reason": "gave_up", "finished_at": site.clock.now()}
            await tx.execute(update(notices).where(notices.c.id == row["id"]).values(**failed))  # type: ignore[attr-defined]

        await site.parts.database.write(fail)
        return int(row["id"])

    async def test_call_is_noted_on_the_ticket_once(
        self, http: aiohttp.ClientSession, site: Site, boss: str, notice_id: int
    ) -> None:
        _, page = await read(http, "/desk/failed-texts?lang=en", boss)
        code = re.search(r"/desk/tickets/(\d{12})", unescape(page))[1]  # type: ignore[index]
        assert "09121234567" not in page
        assert (await post(http, "/desk/failed-texts", boss, notice=str(notice_id), note=" "))[0] == 422
        for _ in range(2):
            answer = await post(http, "/desk/failed-texts", boss, notice=str(notice_id), note="گفتم")
            assert answer[0] == 303
        _, page = await read(http, "/desk/failed-texts", boss)
        assert code not in page
        async with http.get(f"/api/v1/staff/tickets/{code}", headers={"Cookie": boss}) as said:
            notes = [each for each in (await said.json())["timeline"] if each["kind"] == "note"]
        assert [(each["actor"], each["data"]["note"]) for each in notes] == [("boss", "گفتم")]

    async def test_another_organisations_are_not_listed(
        self, http: aiohttp.ClientSession, site: Site, notice_id: int
    ) -> None:
        await site.add_staff("sam", "supervisor", organisation="10")
        sam = await sign_in(http, "sam")
        _, page = await read(http, "/desk/failed-texts", sam)
        assert str(notice_id) not in page
        assert (await post(http, "/desk/failed-texts", sam, notice=str(notice_id), note="x"))[0] == 404


async def test_health_counts_what_came_today(http: aiohttp.ClientSession, boss: str) -> None:
    async with http.post("/api/v1/reports", json={"text": "گران‌فروشی", "phone": "09121234567"}) as answer:
        assert answer.status == 201
    status, page = await read(http, "/desk/admin?lang=en", boss)
    assert status == 200
    web_row = re.search(r'<th scope="row">web</th>.*?</tr>', page, re.S)[0]  # type: ignore[index]
    assert '<td class="number">1</td>' in web_row
