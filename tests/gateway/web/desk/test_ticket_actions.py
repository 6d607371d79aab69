"""Every action of a ticket's page by its form: what it does, and what comes back when it is refused."""

from __future__ import annotations

import re

import aiohttp
import pytest
from sqlalchemy import select

from normalizer.report import Place
from tests.support.files import JPEG
from tests.support.ticket_desk import TicketDesk, a_ticket, hidden, hidden_fields
from tests.support.web import Site
from ticketing.tables import events


@pytest.fixture
def desk(site: Site, http: aiohttp.ClientSession) -> TicketDesk:
    return TicketDesk(site, http)


@pytest.fixture
async def code(site: Site) -> str:
    """A complete ticket that waits for an evaluator."""
    return await a_ticket(site)


@pytest.fixture
async def evaluator(desk: TicketDesk) -> TicketDesk:
    return await desk.sit("evaluator")


async def test_action_by_form_leads_back_to_the_ticket_with_a_word(evaluator: TicketDesk, code: str) -> None:
    status, where = await evaluator.send(code, "evaluate", choice="route:inspection", note="فوری است")
    assert (status, where) == (303, f"/desk/tickets/{code}?done=evaluate")
    page = await evaluator.page(code, done="evaluate")
    assert "«ارزیابی و ارجاع» انجام شد." in page
    assert "نوبت مسئول اعزام" in page
    assert "فوری است" in page


async def test_second_press_of_the_same_form_does_nothing_more(site: Site, evaluator: TicketDesk, code: str) -> None:
    typed = {**hidden(await evaluator.page(code), "note"), "text": "یک بار"}
    for _ in range(2):
        assert (await evaluator.post(code, "note", typed))[0] == 303
    notes = await site.parts.database.read(select(events.c.id).where(events.c.kind == "note"))
    assert len(notes) == 1


async def test_wrong_fields_are_named_and_everything_typed_is_kept(evaluator: TicketDesk, code: str) -> None:
    status, page = await evaluator.send(code, "evaluate", choice="reject:unrelated", note="این را نگه دار")
    assert status == 422
    assert 'href="#evaluate-answer"' in page
    assert 'id="evaluate-answer-error"' in page
    assert "این را نگه دار" in page
    assert re.search(r'value="reject:unrelated"[^>]*checked', page)
    assert "<title>خطا" in page


async def test_what_cannot_be_taken_back_is_asked_once_naming_its_effect(evaluator: TicketDesk, code: str) -> None:
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


async def test_stale_version_shows_both_and_one_press_applies_it_anew(
    desk: TicketDesk, evaluator: TicketDesk, code: str
) -> None:
    other = await desk.sit("evaluator")
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


async def test_what_was_typed_outlives_an_action_that_can_no_longer_be_done(
    desk: TicketDesk, evaluator: TicketDesk, code: str
) -> None:
    other = await desk.sit("evaluator")
    held = hidden(await evaluator.page(code), "evaluate")
    assert (await other.send(code, "evaluate", choice="route:inspection"))[0] == 303
    status, page = await evaluator.post(code, "evaluate", {**held, "choice": "route:inspection", "note": "نوشتهٔ من"})
    assert status == 409
    assert "نوشتهٔ من" in page
    assert "این کار دیگر شدنی نیست" in page


async def test_dispatcher_chooses_by_name_and_load_among_their_own(
    desk: TicketDesk, evaluator: TicketDesk, code: str
) -> None:
    dispatcher = await desk.sit("dispatcher")
    await desk.sit("inspector", username="near", organisation="23")
    await desk.sit("inspector", username="far", organisation="10")
    await evaluator.send(code, "evaluate", choice="route:inspection")
    page = await dispatcher.page(code)
    assert 'value="near"' in page
    assert 'value="far"' not in page
    assert "(۰ مأموریت باز)" in page
    assert (await dispatcher.send(code, "dispatch", inspector="near"))[0] == 303
    assert "مرحلهٔ ۴ از ۷" in await dispatcher.page(code)


async def test_seven_steps_by_forms_alone(desk: TicketDesk, evaluator: TicketDesk, code: str) -> None:
    dispatcher = await desk.sit("dispatcher")
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


async def test_tickets_alike_are_offered_with_the_reasons_and_joined(desk: TicketDesk, site: Site) -> None:
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


async def test_code_of_any_other_ticket_may_be_typed(desk: TicketDesk, site: Site) -> None:
    first = await a_ticket(site)
    second = await a_ticket(site, text="باز هم گران داد", phone="09121234568")
    evaluator = await desk.sit("evaluator")
    typed = {"tracking_code.other": f"{first[:4]} {first[4:]}", "confirmed": "yes"}
    assert (await evaluator.send(second, "join", **typed))[0] == 303


async def test_handed_on_and_out_of_sight_is_said(desk: TicketDesk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator", organisation="23")
    status, where = await evaluator.send(code, "transfer", organisation="10", confirmed="yes")
    assert status == 303
    status, _, page = await evaluator.get(where)
    assert status == 404
    assert "این پرونده دیگر نزد شما نیست" in page.decode()


async def test_missing_facts_stand_first_and_what_is_wrong_keeps_the_rest(desk: TicketDesk, site: Site) -> None:
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
