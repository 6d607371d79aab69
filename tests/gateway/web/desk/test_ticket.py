"""The ticket's page over HTTP: what it shows, and to whom."""

from __future__ import annotations

import re

import aiohttp
import pytest

from tests.support.ticket_desk import TicketDesk, a_ticket, hidden
from tests.support.web import Site


@pytest.fixture
def desk(site: Site, http: aiohttp.ClientSession) -> TicketDesk:
    return TicketDesk(site, http)


async def test_next_action_stands_open_with_the_suggested_route_and_why(desk: TicketDesk, site: Site) -> None:
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


async def test_identity_is_shown_once_with_a_reason_and_an_event(desk: TicketDesk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    assert (await evaluator.send(code, "reveal"))[0] == 422
    status, page = await evaluator.send(code, "reveal", reason="تماس با شاکی")
    assert status == 200
    assert "مریم احمدی" in page
    again = await evaluator.page(code)
    assert "مریم احمدی" not in again
    assert "تماس با شاکی" in again


async def test_ticket_of_another_organisation_is_not_there(desk: TicketDesk, site: Site) -> None:
    code = await a_ticket(site)
    stranger = await desk.sit("evaluator", organisation="10")
    assert await stranger.status(f"/desk/tickets/{code}") == 404
    assert (await stranger.post(code, "note", {"procedure": "consumer", "version": "1", "text": "x"}))[0] == 404


@pytest.mark.parametrize(
    ("role", "action", "status"),
    [("supervisor", "evaluate", 403), ("evaluator", "verdict", 403), ("evaluator", "nonsense", 404)],
)
async def test_role_and_action_are_checked_as_in_the_api(
    desk: TicketDesk, site: Site, role: str, action: str, status: int
) -> None:
    code = await a_ticket(site)
    somebody = await desk.sit(role)
    assert (await somebody.post(code, action, {"procedure": "consumer", "version": "1"}))[0] == status


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("role", ["operator", "evaluator", "dispatcher", "supervisor", "admin"])
async def test_every_role_that_sees_it_has_its_page(desk: TicketDesk, site: Site, role: str, language: str) -> None:
    code = await a_ticket(site)
    page = await (await desk.sit(role)).page(code, language)
    assert ("Ticket" if language == "en" else "پروندهٔ") in page
    assert "ticket_desk." not in page


async def test_queue_one_came_from_is_kept_on_the_way(desk: TicketDesk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    page = await evaluator.page(code, tab="today", place="abc", path="x", language="y")
    assert f"/desk/queue/next?after={code}&amp;tab=today&amp;place=abc" in page
    typed = {**hidden(page, "note"), "text": "x"}
    status, where = await evaluator.post(code, "note?tab=today&place=abc", typed)
    assert (status, where) == (303, f"/desk/tickets/{code}?tab=today&place=abc&done=note")


async def test_page_is_light(desk: TicketDesk, site: Site) -> None:
    code = await a_ticket(site)
    page = await (await desk.sit("evaluator")).page(code)
    assert len(page.encode()) < 60_000
