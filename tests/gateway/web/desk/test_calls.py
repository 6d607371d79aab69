"""The call screen over HTTP: filed once however it is sent, nothing typed is lost, nobody else's tickets shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from normalizer.tracking_code import is_code
from tests.support.desk_pages import OURS, sign_in
from tests.support.staging import a_ticket, put
from tests.support.web import PBX_SECRET, Site
from ticketing.extensions import extension_of, operator_at, set_extension
from ticketing.joining_bounds import JoiningBounds
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.tables import reports, tickets
from ticketing.ticket import Identity

FORM_ID = "0" * 31 + "1"
SAID = {
    "form_id": FORM_ID,
    "category": "overcharging",
    "text": "شیر را گران‌تر از قیمت روی جلد فروخت",
    "business.name": "لبنیات بهار",
    "place.province": "23",
    "phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷",
    "channel": "phone",
    "call_id": "1795248000.17",
}


class Desk:
    """An operator's browser without scripts: what it sends, and what comes back."""

    def __init__(self, http: aiohttp.ClientSession, member: Staff, cookie: str) -> None:
        self.http, self.member = http, member
        self.headers = {**OURS, "Cookie": cookie}

    async def get(self, path: str = "/desk/calls", **more: str) -> str:
        async with self.http.get(path, headers={**self.headers, **more}) as answer:
            assert answer.status == 200
            return await answer.text()

    async def post(self, typed: Mapping[str, str], path: str = "/desk/calls") -> tuple[int, str, str]:
        async with self.http.post(path, data=typed, headers=self.headers, allow_redirects=False) as answer:
            filed = answer.cookies.get("filed")
            return answer.status, await answer.text(), filed.value if filed else ""

    async def script(self, typed: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {**self.headers, "Accept": "application/json"}
        async with self.http.post("/desk/calls", json=typed, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)


@pytest.fixture
async def desk(http: aiohttp.ClientSession, site: Site) -> Desk:
    member = await site.add_staff("oper", "operator")
    return Desk(http, member, await sign_in(http, "oper"))


async def count(site: Site, table: Any) -> int:
    return len(await site.parts.database.read(select(table.c.id)))


async def test_form_without_scripts_files_and_shows_the_code_once(desk: Desk, site: Site) -> None:
    status, _, filed = await desk.post(SAID)
    assert status == 303
    code = filed.split(".")[0]
    assert is_code(code)
    page = await desk.get(Cookie=f"{desk.headers['Cookie']}; filed={filed}")
    assert "پیامک" in page
    assert 'class="code"' in page
    (report,) = await site.parts.database.read(select(reports))
    assert (report["call_id"], report["channel"], report["staff_id"]) == ("1795248000.17", "phone", desk.member.id)
    (ticket,) = await site.parts.database.read(select(tickets))
    assert (ticket["filed_by"], ticket["business_name"], ticket["step"]) == (desk.member.id, "لبنیات بهار", 2)


async def test_form_and_script_send_the_same_report_once(desk: Desk, site: Site) -> None:
    _, _, filed = await desk.post(SAID)
    for _ in range(2):
        status, said = await desk.script(SAID)
        assert (status, said["tracking_code"]) == (200, filed.split(".")[0])
        assert 'class="code"' in said["panel"]
    assert await count(site, reports) == 1


async def test_same_form_with_other_words_is_refused(desk: Desk, site: Site) -> None:
    await desk.post(SAID)
    status, said = await desk.script({**SAID, "text": "چیز دیگری"})
    assert (status, said["code"]) == (422, "idempotency_key_reused")
    assert await count(site, reports) == 1


async def test_gaps_never_keep_a_report_from_being_filed(desk: Desk, site: Site) -> None:
    status, said = await desk.script({"form_id": FORM_ID, "text": "گران بود", "phone": "09121234567"})
    assert (status, said["missing"]) == (200, ["business", "place"])
    assert "ناقص" in said["panel"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"phone": "02188990011"}, "پیامک نمی‌گیرد"),
        ({"anonymous": "yes"}, "همین حالا"),
        ({"phone": "09121234567"}, "پیامک می‌شود"),
    ],
)
async def test_operator_is_told_who_tells_the_citizen_the_code(desk: Desk, changes: dict[str, str], told: str) -> None:
    _, said = await desk.script({**SAID, **changes})
    assert told in said["panel"]


@pytest.mark.parametrize(
    ("where", "column", "kept"),
    [("۰۵۱۲۳۴۵۶۷۸", "business_guild_id", "0512345678"), ("خیابان ولیعصر", "business_address", "خیابان ولیعصر")],
)
async def test_one_field_takes_the_guild_id_or_the_address(
    desk: Desk, site: Site, where: str, column: str, kept: str
) -> None:
    await desk.script({**SAID, "where": where})
    (ticket,) = await site.parts.database.read(select(tickets))
    assert ticket[column] == kept


@pytest.mark.parametrize("language", ["fa", "en"])
async def test_what_is_wrong_stands_beside_its_field_and_everything_is_kept(desk: Desk, language: str) -> None:
    typed = {**SAID, "text": " ", "phone": "0912", "name": "زهرا"}
    status, page, _ = await desk.post(typed, f"/desk/calls?lang={language}")
    assert status == 422
    assert 'aria-invalid="true"' in page.split('name="text"')[1][:80]
    assert 'value="0912"' in page
    assert 'value="زهرا"' in page
    assert FORM_ID in page
    assert ("بنویسید چه شده است" in page) is (language == "fa")


async def test_script_hears_every_wrong_field_in_words(desk: Desk) -> None:
    status, said = await desk.script({"form_id": FORM_ID, "text": "", "where": "x" * 600})
    assert status == 422
    assert [each["field"] for each in said["errors"]] == ["text", "phone", "where"]
    assert all(each["message"] for each in said["errors"])


@pytest.mark.parametrize("body", [[], {"text": 1}, {"text": "گران", "phone": None}])
async def test_body_of_another_shape_is_refused(desk: Desk, body: Any) -> None:
    assert (await desk.script(body))[0] == 422


async def test_words_are_added_to_the_chosen_ticket_once(desk: Desk, site: Site) -> None:
    ticket = a_ticket(site.parts.rules)
    await put(site.parts.database, site.parts.rules, ticket)
    typed = {**SAID, "act": "attach", "ticket": ticket.code, "text": "فاکتور هم نداد"}
    for _ in range(2):
        status, said = await desk.script(typed)
        assert (status, said["tracking_code"], said["created"]) == (200, ticket.code, False)
    (report,) = await site.parts.database.read(select(reports))
    assert (report["ticket_id"], report["text"], report["call_id"]) == (ticket.id, "فاکتور هم نداد", SAID["call_id"])
    assert await count(site, tickets) == 1


@pytest.mark.parametrize("changes", [{"state": State(3, None, "closed", "settled")}, {"organisation": "09"}])
async def test_nothing_is_added_to_what_is_closed_or_hidden(
    site: Site, http: aiohttp.ClientSession, changes: dict[str, Any]
) -> None:
    member = await site.add_staff("local", "operator", organisation="23")
    desk = Desk(http, member, await sign_in(http, "local"))
    ticket = a_ticket(site.parts.rules, **changes)
    await put(site.parts.database, site.parts.rules, ticket)
    status, page, _ = await desk.post({**SAID, "act": "attach", "ticket": ticket.code})
    assert status in (404, 409)
    assert SAID["text"] in page
    assert await count(site, reports) == 0


async def test_history_shows_the_caller_and_the_shop(desk: Desk, site: Site) -> None:
    mine, shops = a_ticket(site.parts.rules), a_ticket(site.parts.rules, identity=Identity(phone="+989351112233"))
    await put(site.parts.database, site.parts.rules, mine, shops)
    _, page, _ = await desk.post({"phone": "09121234567", "business.name": "بهار"}, "/desk/calls/history")
    assert f'value="{mine.code}" checked' in page
    assert shops.code in page
    assert f'value="{shops.code}"' not in page
    assert "9121234567" not in page
    _, page, _ = await desk.post({**SAID, "act": "look"})
    assert mine.code in page
    assert SAID["text"] in page


async def test_draft_comes_back_on_a_reload_and_goes_when_it_is_filed(desk: Desk) -> None:
    status, _, _ = await desk.post(SAID, "/desk/calls/drafts")
    assert status == 200
    page = await desk.get()
    assert SAID["text"] in page
    assert FORM_ID in page
    await desk.script(SAID)
    await desk.post(SAID, "/desk/calls/drafts")  # an autosave that was under way
    assert SAID["text"] not in await desk.get()


async def test_parked_call_is_listed_and_opens_again(desk: Desk) -> None:
    _, page, _ = await desk.post({**SAID, "parked": "yes"}, "/desk/calls/drafts")
    assert f"draft={FORM_ID}" in page
    page = await desk.get()
    assert SAID["text"] not in page
    assert f"draft={FORM_ID}" in page
    assert SAID["text"] in await desk.get(f"/desk/calls?draft={FORM_ID}")
    assert (await desk.post({"form_id": FORM_ID}, "/desk/calls/drafts/discard"))[0] == 303
    assert FORM_ID not in await desk.get()


async def test_drafts_are_nobody_elses(desk: Desk, site: Site) -> None:
    await desk.post(SAID, "/desk/calls/drafts")
    await site.add_staff("other", "operator")
    other = Desk(desk.http, desk.member, await sign_in(desk.http, "other"))
    assert SAID["text"] not in await other.get(f"/desk/calls?draft={FORM_ID}")


async def test_extension_is_set_on_the_screen_and_is_one_members(desk: Desk, site: Site) -> None:
    database = site.parts.database
    other = await site.add_staff("other", "operator")
    await set_extension(database, other.id, "202")
    assert (await desk.post({"extension": "۲۰۱"}, "/desk/calls/extension"))[0] == 303
    assert await operator_at(database, "201") == desk.member.id
    for wrong in ("202", "2a", "1" * 17):
        status, page, _ = await desk.post({"extension": wrong}, "/desk/calls/extension")
        assert (status, f'value="{wrong}"' in page) == (422, True)
    assert await extension_of(database, desk.member.id) == "201"
    await desk.post({"extension": " "}, "/desk/calls/extension")
    assert await extension_of(database, desk.member.id) is None


async def test_call_at_ones_telephone_is_on_the_page(desk: Desk, site: Site) -> None:
    await set_extension(site.parts.database, desk.member.id, "201")
    call = {"caller": "+98 912 123 4567", "extension": "۲۰۱", "call_id": "c1"}
    for moment in ("ring", "answer"):
        async with desk.http.post(f"/hooks/pbx/{PBX_SECRET}/{moment}", json=call) as answer:
            assert answer.status == 200
    site.clock.advance(seconds=65)
    async with desk.http.get("/desk/calls/now", headers=desk.headers) as answer:
        now = await answer.json()
    assert now == {"call_id": "c1", "moment": "answer", "caller": "09121234567", "spoken_s": 65}
    assert 'value="09121234567"' in await desk.get()
    async with desk.http.post(f"/hooks/pbx/{PBX_SECRET}/hangup", json=call) as answer:
        assert answer.status == 200
    async with desk.http.get("/desk/calls/now", headers=desk.headers) as answer:
        assert await answer.json() is None


async def test_page_is_small(desk: Desk) -> None:
    async with desk.http.get("/desk/calls", headers=desk.headers) as answer:
        assert len(await answer.read()) < 30_000


async def test_what_may_be_an_earlier_matter_is_shown_and_put_to_it_by_one_press(desk: Desk, site: Site) -> None:
    site.parts.rules.joining = JoiningBounds(upper=1.1, lower=0.0)  # never sure
    first = (await desk.post(SAID))[2].split(".")[0]
    again = {**SAID, "form_id": "0" * 31 + "2", "call_id": "1795248000.18", "text": "باز هم شیر را گران داد"}
    said = (await desk.script(again))[1]
    assert said["created"]
    offered = dict(re.findall(r'name="(ticket|version|into)" value="(\d+)"', said["panel"]))
    assert (offered["ticket"], offered["into"]) == (said["tracking_code"], first)
    assert "همان فرستنده" in said["panel"]
    status, _, filed = await desk.post(offered, "/desk/calls/join")
    assert (status, filed.split(".")[:2]) == (303, [first, "joined"])
    rows = await site.parts.database.read(select(tickets.c.outcome).order_by(tickets.c.id))
    assert [row["outcome"] for row in rows] == [None, "merged"]
    assert (await desk.post(offered, "/desk/calls/join"))[0] == 409
