"""Calls logged without a ticket over HTTP, with scripts and without, and taken back."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from tests.gateway.web.desk.test_calls import FORM_ID, SAID, Desk
from tests.support.desk_pages import sign_in
from tests.support.web import Site
from ticketing.desk_tables import logged_calls
from ticketing.tables import reports

LOG = "/desk/calls/log"


@pytest.fixture
async def desk(http: aiohttp.ClientSession, site: Site) -> Desk:
    member = await site.add_staff("oper", "operator")
    return Desk(http, member, await sign_in(http, "oper"))


async def logged(site: Site) -> list[tuple[str, str | None]]:
    rows = await site.parts.database.read(select(logged_calls))
    return [(row["outcome"], row["call_id"]) for row in rows]


@pytest.mark.parametrize(("language", "said"), [("fa", "پاسخ داده شد"), ("en", "Question answered")])
async def test_form_is_logged_once_and_undone_with_everything_in_it(
    desk: Desk, site: Site, language: str, said: str
) -> None:
    await desk.post(SAID, "/desk/calls/drafts")
    for _ in range(2):
        status, _, _ = await desk.post({**SAID, "outcome": "answered"}, f"{LOG}?lang={language}")
        assert status == 303
    assert await logged(site) == [("answered", SAID["call_id"])]
    assert await site.parts.database.read(select(reports.c.id)) == []
    page = await desk.get(f"/desk/calls?lang={language}&logged={FORM_ID}")
    assert said in page.partition('id="result"')[2].partition("</section>")[0]
    assert SAID["text"] not in page
    assert (await desk.post({"form_id": FORM_ID}, f"{LOG}/undo"))[0] == 303
    assert await logged(site) == []
    page = await desk.get(f"/desk/calls?draft={FORM_ID}")
    assert SAID["text"] in page
    assert SAID["business.name"] in page


async def test_after_a_moment_it_stands_and_the_screen_says_so(desk: Desk, site: Site) -> None:
    await desk.post({**SAID, "outcome": "wrong_number"}, LOG)
    site.clock.advance(seconds=120)
    status, page, _ = await desk.post({"form_id": FORM_ID}, f"{LOG}/undo")
    assert status == 409
    assert "دو دقیقه" in page
    assert len(await logged(site)) == 1


async def test_script_gets_the_piece_of_page_and_every_refusal_in_words(desk: Desk) -> None:
    async def script(typed: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {**desk.headers, "Accept": "application/json"}
        async with desk.http.post(LOG, json=typed, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    status, said = await script({"form_id": FORM_ID, "outcome": "to_111"})
    assert (status, "راهنمایی به ۱۱۱" in said["panel"]) == (200, True)
    for wrong in ({"outcome": "complaint"}, {"outcome": 1}, {}):
        status, said = await script(wrong)
        assert (status, [each["field"] for each in said["errors"]]) == (422, ["outcome"])
        assert said["errors"][0]["message"]


async def test_form_that_was_filed_is_not_logged_too(desk: Desk, site: Site) -> None:
    await desk.post(SAID)
    status, page, _ = await desk.post({**SAID, "outcome": "answered"}, LOG)
    assert status == 422
    assert "پیش‌تر ثبت شده" in page
    assert await logged(site) == []


async def test_next_call_of_the_same_number_shows_how_the_last_one_ended(desk: Desk) -> None:
    await desk.post({**SAID, "outcome": "to_128"}, LOG)
    _, page, _ = await desk.post({"phone": "09121234567"}, "/desk/calls/history")
    assert re.search("تماس بدون پرونده: راهنمایی به ۱۲۸ · .*۳۰ آبان ۱۴۰۵", page)
    assert SAID["text"] not in page


async def test_only_operators_log_calls(site: Site, http: aiohttp.ClientSession) -> None:
    member = await site.add_staff("eval", "evaluator")
    evaluator = Desk(http, member, await sign_in(http, "eval"))
    assert (await evaluator.post({**SAID, "outcome": "answered"}, LOG))[0] == 403
