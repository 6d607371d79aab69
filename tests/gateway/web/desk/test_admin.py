"""The administrator's pages: accounts, what could not be read, whom to call, and how the channels are doing."""

from __future__ import annotations

import re
from base64 import b64encode
from html import unescape

import aiohttp
import pytest
from sqlalchemy import select, update

from channels.channel import Arrival
from gateway.web.desk.admin import ROUTES
from sms.tables import notices
from tests.gateway.web.desk.test_account import NEW, post, read
from tests.gateway.web.desk.test_sign_in import sign_in
from tests.support.staging import a_ticket, put, today
from tests.support.web import Site
from ticketing.assigning import take
from ticketing.intake import quarantine
from ticketing.tables import attachments, events, reports, tickets
from ticketing.tables import staff as staff_table

PAGES = [
    *(route.path for route in ROUTES if route.method == "GET" and "{" not in route.path),
    "/desk/admin/staff/of/boss",
    "/desk/admin/staff/of/boss/change",
    "/desk/quarantine?state=ignored",
]

MAIL = (
    "From: =?utf-8?b?2YXYsduM2YU=?= <maryam@example.ir>",
    "Subject: =?utf-8?b?2q/Ysdin2YbigIzZgdix2YjYtNuM?=",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    "2YbYp9mGINqv2LHYp9mG",
    "",
    "--b",
    'Content-Type: image/png; name="p0.png"',
    "Content-Transfer-Encoding: base64",
    "",
    "AAAA",
    "--b--",
)


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


def seen(page: str) -> str:
    """The version of what a form was filled with."""
    return str(re.search(r'name="seen" value="([^"]+)"', page)[1])  # type: ignore[index]


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

    async def test_a_changed_account_is_signed_out_and_its_history_says_who_did_it(
        self, http: aiohttp.ClientSession, site: Site, boss: str
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

    async def test_what_goes_back_is_named_before_it_does(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
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

    async def test_two_administrators_both_see_both_changes(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
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

    async def test_wrong_changes_are_named_beside_their_field(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
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

    async def test_what_came_is_shown_as_text_that_does_nothing(
        self, http: aiohttp.ClientSession, boss: str, report_id: int
    ) -> None:
        _, listed = await read(http, "/desk/quarantine", boss)
        assert f"/desk/quarantine/{report_id}" in listed
        _, page = await read(http, f"/desk/quarantine/{report_id}", boss)
        assert "<script>alert" not in page
        assert "گران‌فروشی نان" in page
        assert "\u202e" not in page
        assert "\x00" not in page

    async def test_mail_is_decoded_and_fills_the_ticket(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
        raw = "\r\n".join(MAIL).encode()
        await site.parts.reception.keep("email", Arrival("mail", raw, raw, site.clock.now()))
        row = (await site.parts.database.read(select(reports.c.id)))[0]
        await quarantine(site.parts.database, row["id"], "raw:unreadable")
        _, page = await read(http, f"/desk/quarantine/{row['id']}?lang=en", boss)
        assert "m***@example.ir" in page
        assert "maryam@example.ir" not in page
        assert "گران‌فروشی" in page
        assert "نان گران</textarea>" in page
        assert re.search(r"p0\.png</bdi>\s*<span[^>]*>1 KB</span> – it is no photo", page)
        assert "base64" not in page
        assert "2YbYp9mG" not in page
        typed = {"text": "فقط نان", "phone": "12"}
        _, _, again = await post(http, f"/desk/quarantine/{row['id']}/ticket", boss, **typed)
        assert "فقط نان</textarea>" in again
        _, _, again = await post(http, f"/desk/quarantine/{row['id']}/discard", boss, reason="")
        assert "نان گران</textarea>" in again

    async def test_files_of_a_mail_come_along_once_as_far_as_they_may(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
        photo = b"\x89PNG\r\n\x1a\n" + bytes(2_000)
        plain = "\r\n".join(MAIL).encode().removesuffix(b"--")
        raw = plain + b"\r\n".join(
            (
                b"",
                b'Content-Type: image/png; name="../shop.png"',
                b"Content-Transfer-Encoding: base64",
                b"",
                b64encode(photo),
                b"--b--",
            )
        )
        await site.parts.reception.keep("email", Arrival("mail", raw, raw, site.clock.now()))
        row = (await site.parts.database.read(select(reports.c.id)))[0]
        await quarantine(site.parts.database, row["id"], "raw:unreadable")
        path = f"/desk/quarantine/{row['id']}"
        _, page = await read(http, f"{path}?lang=en", boss)
        along, _, left = page.partition("Attachments that do not come along")
        assert "shop.png" in along.partition("Attachments that come along")[2]
        assert "p0.png" in left
        said = {"text": "نانوایی نان را گران می‌فروشد", "phone": "09121234567", "category": "overcharging"}
        status, _, again = await post(http, f"{path}/ticket", boss, **said)
        assert status == 409  # the form does not speak of the files this mail has
        assert "گران می‌فروشد</textarea>" in again
        assert await site.parts.database.read(select(tickets.c.id)) == []
        for _ in range(2):
            assert (await post(http, f"{path}/ticket", boss, **said, files="1"))[0] == 303
        rows = await site.parts.database.read(select(attachments))
        assert [(each["name"], each["media_type"]) for each in rows] == [("shop.png", "image/png")]
        assert rows[0]["ticket_id"] is not None
        assert site.parts.files.path(rows[0]["sha256"]).read_bytes() == photo
        _, page = await read(http, f"{path}?lang=en", boss)
        assert "come along" not in page.partition("Attachments that do not")[0]

    @pytest.mark.parametrize(
        ("channel", "raw", "seen"),
        [
            (
                "sms",
                '{"sender": "09121234567", "line": "1", "message_id": "7", "text": "نان گران"}',
                "نان گران</textarea>",
            ),
            ("telegram", '{"broken": ', "broken"),
        ],
    )
    async def test_other_channels_are_shown_as_they_read_them_or_as_they_came(
        self, http: aiohttp.ClientSession, site: Site, boss: str, channel: str, raw: str, seen: str
    ) -> None:
        await site.parts.reception.keep(channel, Arrival("a", {}, raw.encode(), site.clock.now()))
        row = (await site.parts.database.read(select(reports.c.id)))[0]
        await quarantine(site.parts.database, row["id"], "KeyError")
        status, page = await read(http, f"/desk/quarantine/{row['id']}", boss)
        assert status == 200
        assert seen in page
        assert "09121234567" not in page

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

    async def test_mail_that_is_about_to_be_read_is_not_filed_by_hand_too(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
        raw = "\r\n".join(MAIL).encode()
        await site.parts.reception.keep("email", Arrival("mail", raw, raw, site.clock.now()))
        row = (await site.parts.database.read(select(reports.c.id)))[0]
        path = f"/desk/quarantine/{row['id']}"
        assert (await read(http, path, boss))[0] == 404
        assert (await post(http, f"{path}/ticket", boss, text="نان گران", phone="09121234567"))[0] == 404
        assert (await post(http, f"{path}/discard", boss, reason="spam"))[0] == 404


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
    web_row = re.search(r'<th scope="row">Web</th>.*?</tr>', page, re.S)[0]  # type: ignore[index]
    assert '<td class="number">1</td>' in web_row
