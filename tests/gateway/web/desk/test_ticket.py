"""The ticket's page over HTTP: what it shows to whom, every action by its form, what comes back when one is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from sqlalchemy import select

from normalizer.report import Place
from tests.gateway.web.test_bodies import JPEG
from tests.support.reports import web_report
from tests.support.web import Site
from ticketing.intake import take_in
from ticketing.tables import events

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
Cookies = dict[str, str]


class Desk:
    """Somebody at a desk, with a browser that carries their session."""

    def __init__(self, site: Site, http: aiohttp.ClientSession) -> None:
        self._site, self._http = site, http
        self._cookie: Cookies = {}

    async def sit(self, role: str, **more: Any) -> Desk:
        seated = Desk(self._site, self._http)
        name = more.pop("username", f"{role}.{uuid4().hex[:6]}")
        await self._site.add_staff(name, role, **more)
        seated._cookie = {"Cookie": f"desk={await self._site.token(name)}", **OURS}
        return seated

    async def page(self, code: str, language: str = "fa", **query: str) -> str:
        asked = {"lang": language, **query}
        async with self._http.get(f"/desk/tickets/{code}", params=asked, headers=self._cookie) as answer:
            assert answer.status == 200
            return await answer.text()

    async def status(self, path: str) -> int:
        async with self._http.get(path, headers=self._cookie, allow_redirects=False) as answer:
            return answer.status

    async def get(self, path: str) -> tuple[int, Mapping[str, str], bytes]:
        async with self._http.get(path, headers=self._cookie) as answer:
            return answer.status, answer.headers, await answer.read()

    async def send(self, code: str, action: str, **typed: str) -> tuple[int, str]:
        """Send an action's form as the page has it, filled in; the status, and the page or where it leads."""
        held = hidden(await self.page(code), action)
        return await self.post(code, action, {**held, **typed})

    async def post(self, code: str, action: str, typed: Mapping[str, str], files: bytes = b"") -> tuple[int, str]:
        form = aiohttp.FormData(typed, default_to_multipart=True)
        if files:
            form.add_field("files", files, filename="photo.jpg", content_type="image/jpeg")
        path = f"/desk/tickets/{code}/actions/{action}"
        async with self._http.post(path, data=form, headers=self._cookie, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location") or await answer.text()


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of an action's form on a page."""
    form = page.partition(f'id="act-{action}"')[2].partition("</form>")[0]
    return hidden_fields(form)


def hidden_fields(form: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in found}


@pytest.fixture
def desk(site: Site, http: aiohttp.ClientSession) -> Desk:
    return Desk(site, http)


async def a_ticket(site: Site, **changes: Any) -> str:
    accepted = await take_in(
        site.parts.database, site.parts.rules, web_report(**changes), files=site.services.attachments
    )
    assert accepted.tracking_code is not None
    return accepted.tracking_code


async def test_next_action_stands_open_with_the_suggested_route_and_why(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    page = await (await desk.sit("evaluator")).page(code)
    assert "مرحلهٔ ۲ از ۷: ثبت شکایت" in page
    assert "مهلت ارزیابی از ۳۰ آبان ۱۴۰۵" in page
    first = page.partition('class="act"')[2].partition("</form>")[0]
    assert 'id="act-evaluate"' in first
    assert re.search(r'value="route:self_regulation"[^>]*checked', first)
    assert "پیشنهاد: خودتنظیمی" in first
    assert "مریم" not in page
    assert "09121234567" not in page


async def test_action_by_form_leads_back_to_the_ticket_with_a_word(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    status, where = await evaluator.send(code, "evaluate", choice="route:inspection", note="فوری است")
    assert (status, where) == (303, f"/desk/tickets/{code}?done=evaluate")
    page = await evaluator.page(code, done="evaluate")
    assert "«ارزیابی و ارجاع» انجام شد." in page
    assert "نوبت مسئول اعزام" in page
    assert "فوری است" in page


async def test_second_press_of_the_same_form_does_nothing_more(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    typed = {**hidden(await evaluator.page(code), "note"), "text": "یک بار"}
    for _ in range(2):
        assert (await evaluator.post(code, "note", typed))[0] == 303
    notes = await site.parts.database.read(select(events.c.id).where(events.c.kind == "note"))
    assert len(notes) == 1


async def test_wrong_fields_are_named_and_everything_typed_is_kept(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    status, page = await evaluator.send(code, "evaluate", choice="reject:unrelated", note="این را نگه دار")
    assert status == 422
    assert 'href="#evaluate-answer"' in page
    assert 'id="evaluate-answer-error"' in page
    assert "این را نگه دار" in page
    assert re.search(r'value="reject:unrelated"[^>]*checked', page)
    assert "<title>خطا" in page


async def test_what_cannot_be_taken_back_is_asked_once_naming_its_effect(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    status, question = await evaluator.send(code, "evaluate", choice="route:penalties", note="روشن است")
    assert status == 200
    assert "پرونده به مرحلهٔ «ارسال به تعزیرات» می‌رود." in question
    assert "تعزیرات حکومتی فرستاده شد" in question
    assert "مرحلهٔ ۲" in await evaluator.page(code)
    kept = hidden_fields(question)
    assert kept["note"] == "روشن است"
    status, back = await evaluator.post(code, "evaluate", {**kept, "back": "yes"})
    assert status == 200
    assert re.search(r'value="route:penalties"[^>]*checked', back)
    assert (await evaluator.post(code, "evaluate", {**kept, "confirmed": "yes"}))[0] == 303
    assert "مرحلهٔ ۶ از ۷" in await evaluator.page(code)
    assert (await evaluator.post(code, "evaluate", kept))[0] == 303  # the key is known: its first answer again


async def test_stale_version_shows_both_and_one_press_applies_it_anew(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator, other = await desk.sit("evaluator"), await desk.sit("evaluator")
    held = hidden(await evaluator.page(code), "evaluate")
    assert (await other.send(code, "note", text="از همکار"))[0] == 303
    status, page = await evaluator.post(code, "evaluate", {**held, "choice": "route:inspection", "note": "نوشتهٔ من"})
    assert status == 409
    clash = page.partition('id="clash-title"')[2].partition('class="columns"')[0]
    assert "از همکار" in clash
    assert "نوشتهٔ من" in clash
    again = hidden(page, "evaluate")
    assert again["version"] != held["version"]
    status, _ = await evaluator.post(code, "evaluate", {**again, "choice": "route:inspection", "note": "نوشتهٔ من"})
    assert status == 303


async def test_what_was_typed_outlives_an_action_that_can_no_longer_be_done(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator, other = await desk.sit("evaluator"), await desk.sit("evaluator")
    held = hidden(await evaluator.page(code), "evaluate")
    assert (await other.send(code, "evaluate", choice="route:inspection"))[0] == 303
    status, page = await evaluator.post(code, "evaluate", {**held, "choice": "route:inspection", "note": "نوشتهٔ من"})
    assert status == 409
    assert "نوشتهٔ من" in page
    assert "این کار دیگر شدنی نیست" in page


async def test_identity_is_shown_once_with_a_reason_and_an_event(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    assert (await evaluator.send(code, "reveal"))[0] == 422
    status, page = await evaluator.send(code, "reveal", reason="تماس با شاکی")
    assert status == 200
    assert "مریم احمدی" in page
    again = await evaluator.page(code)
    assert "مریم احمدی" not in again
    assert "تماس با شاکی" in again


async def test_dispatcher_chooses_by_name_and_load_among_their_own(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator, dispatcher = await desk.sit("evaluator"), await desk.sit("dispatcher")
    await desk.sit("inspector", username="near", organisation="23")
    await desk.sit("inspector", username="far", organisation="10")
    await evaluator.send(code, "evaluate", choice="route:inspection")
    page = await dispatcher.page(code)
    assert 'value="near"' in page
    assert 'value="far"' not in page
    assert "(۰ مأموریت باز)" in page
    assert (await dispatcher.send(code, "dispatch", inspector="near"))[0] == 303
    assert "مرحلهٔ ۴ از ۷" in await dispatcher.page(code)


async def test_seven_steps_by_forms_alone(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator, dispatcher = await desk.sit("evaluator"), await desk.sit("dispatcher")
    officer, clerk = await desk.sit("self_regulator"), await desk.sit("penalties_clerk")
    inspector = await desk.sit("inspector", username="near", organisation="23")
    await evaluator.send(code, "evaluate", choice="route:self_regulation")
    await officer.send(code, "settle", result="refused")
    await dispatcher.send(code, "dispatch", inspector="near")
    assert 'id="act-accept"' in (await inspector.page(code)).partition("</form>")[2]
    await inspector.send(code, "accept")
    held = hidden(await inspector.page(code), "inspect")
    found = {
        "violation": "yes",
        "finding": "قیمت دو برابر بود",
        "amount_rial": "۱٬۵۰۰٬۰۰۰",
        "lat": "۳۵٫۷",
        "lon": "51.4",
    }
    moment = {"taken_at.day": "۳۰", "taken_at.month": "۸", "taken_at.year": "۱۴۰۵", "taken_at.clock": "۱۰:۳۰"}
    assert (await inspector.post(code, "inspect", {**held, **found, **moment}, JPEG))[0] == 303
    page = await evaluator.page(code)
    assert 'href="geo:35.7,51.4"' in page
    assert "۱٬۵۰۰٬۰۰۰ ریال" in page
    assert "۳۰ آبان ۱۴۰۵، ساعت ۱۰:۳۰" in page
    assert page.index('id="act-refer"') < page.index('id="act-no_violation"')
    await evaluator.send(code, "refer", confirmed="yes")
    given = {"text": "جریمه شد", "fine_rial": "۲۰۰۰۰۰۰", "number": "۱۲/الف", "confirmed": "yes"}
    date = {"date.day": "۳۰", "date.month": "۸", "date.year": "۱۴۰۵"}
    status, said = await clerk.send(code, "verdict", **given, **date)
    assert status == 303, said
    page = await clerk.page(code)
    assert "مرحلهٔ ۷ از ۷" in page
    assert "بسته شد: صدور رأی" in page
    assert "۲٬۰۰۰٬۰۰۰ ریال" in page


async def test_tickets_alike_are_offered_with_the_reasons_and_joined(desk: Desk, site: Site) -> None:
    first, second = await a_ticket(site), await a_ticket(site, text="باز هم گران داد")
    evaluator = await desk.sit("evaluator")
    page = await evaluator.page(second)
    assert f'value="{first}"' in page
    assert "همان شمارهٔ همراه، همان فروشگاه" in page
    assert (await evaluator.send(second, "join", tracking_code=first))[0] == 200
    assert (await evaluator.send(second, "join", tracking_code=first, confirmed="yes"))[0] == 303
    assert f"/desk/tickets/{first}" in await evaluator.page(second)
    assert "ادغام به دست کارشناس" in await evaluator.page(first)
    assert (await evaluator.send(second, "unjoin"))[0] == 303
    assert "ادغام به دست کارشناس" not in await evaluator.page(first)


async def test_code_of_any_other_ticket_may_be_typed(desk: Desk, site: Site) -> None:
    first = await a_ticket(site)
    second = await a_ticket(site, text="باز هم گران داد", phone="09121234568")
    evaluator = await desk.sit("evaluator")
    typed = {"tracking_code.other": f"{first[:4]} {first[4:]}", "confirmed": "yes"}
    assert (await evaluator.send(second, "join", **typed))[0] == 303


async def test_handed_on_and_out_of_sight_is_said(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator", organisation="23")
    status, where = await evaluator.send(code, "transfer", organisation="10", confirmed="yes")
    assert status == 303
    status, _, page = await evaluator.get(where)
    assert status == 404
    assert "این پرونده دیگر نزد شما نیست" in page.decode()


async def test_ticket_of_another_organisation_is_not_there(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    stranger = await desk.sit("evaluator", organisation="10")
    assert await stranger.status(f"/desk/tickets/{code}") == 404
    assert (await stranger.post(code, "note", {"procedure": "consumer", "version": "1", "text": "x"}))[0] == 404


@pytest.mark.parametrize(
    ("role", "action", "status"),
    [("supervisor", "evaluate", 403), ("evaluator", "verdict", 403), ("evaluator", "nonsense", 404)],
)
async def test_role_and_action_are_checked_as_in_the_api(
    desk: Desk, site: Site, role: str, action: str, status: int
) -> None:
    code = await a_ticket(site)
    somebody = await desk.sit(role)
    assert (await somebody.post(code, action, {"procedure": "consumer", "version": "1"}))[0] == status


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("role", ["operator", "evaluator", "dispatcher", "supervisor", "admin"])
async def test_every_role_that_sees_it_has_its_page(desk: Desk, site: Site, role: str, language: str) -> None:
    code = await a_ticket(site)
    page = await (await desk.sit(role)).page(code, language)
    assert ("Ticket" if language == "en" else "پروندهٔ") in page
    assert "ticket_desk." not in page


async def test_missing_facts_stand_first_and_what_is_wrong_keeps_the_rest(desk: Desk, site: Site) -> None:
    code = await a_ticket(site, category=None, text="از فروشگاه رضا راضی نیستم", place=Place())
    operator = await desk.sit("operator")
    page = await operator.page(code)
    form = page.partition('id="act-complete"')[2].partition("</form>")[0]
    assert form.index('name="place.province"') < form.index("بقیهٔ اطلاعات") < form.index('name="phone"')
    typed = {"place.province": "23", "happened_on.day": "۳۱", "happened_on.month": "۱۲", "happened_on.year": "۱۴۰۴"}
    status, page = await operator.send(code, "complete", **typed)
    assert status == 422
    assert 'id="complete-happened_on-error"' in page
    assert 'value="۳۱"' in page
    status, _ = await operator.send(code, "complete", **{**typed, "happened_on.day": "۱"}, category="overcharging")
    assert status == 303
    assert "مرحلهٔ ۲ از ۷" in await operator.page(code)


async def test_queue_one_came_from_is_kept_on_the_way(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    page = await evaluator.page(code, tab="today", place="abc", path="x", language="y")
    assert f"/desk/queue/next?after={code}&amp;tab=today&amp;place=abc" in page
    typed = {**hidden(page, "note"), "text": "x"}
    status, where = await evaluator.post(code, "note?tab=today&place=abc", typed)
    assert (status, where) == (303, f"/desk/tickets/{code}?tab=today&place=abc&done=note")


async def test_page_is_light(desk: Desk, site: Site) -> None:
    code = await a_ticket(site)
    page = await (await desk.sit("evaluator")).page(code)
    assert len(page.encode()) < 60_000
