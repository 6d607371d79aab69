"""A ticket's page while others are at it too: news of it, taking it on, and what each may hear."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from tests.support.files import JPEG
from tests.support.ticket_desk import TicketDesk, a_ticket, hidden
from tests.support.web import Site


@pytest.fixture
def desk(site: Site, http: aiohttp.ClientSession) -> TicketDesk:
    return TicketDesk(site, http)


async def news(somebody: TicketDesk, code: str, page: str, **more: str) -> Any:
    seen = hidden(page, "note")["seen_event"]
    query = "&".join(f"{name}={value}" for name, value in {"seen": seen, **more}.items())
    status, _, body = await somebody.get(f"/desk/tickets/{code}/news?{query}")
    assert status == 200
    return json.loads(body)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fa", "\u2068second2\u2069 ساعت ۱۱:۳۰ در این پرونده کاری کرد: یادداشت."),
        ("en", "\u2068second2\u2069 changed this ticket at 11:30: Note."),
    ],
)
async def test_change_elsewhere_is_told_by_name_time_and_deed(
    desk: TicketDesk, site: Site, language: str, said: str
) -> None:
    code = await a_ticket(site)
    first, second = await desk.sit("evaluator"), await desk.sit("evaluator", username="second2")
    page = await first.page(code)
    assert await news(first, code, page) is None
    assert (await second.send(code, "note", text="از همکار"))[0] == 303
    assert await news(first, code, page, lang=language) == {"said": said}
    assert await news(first, code, await first.page(code)) is None


async def test_nobody_hears_of_a_ticket_that_is_not_theirs(desk: TicketDesk, site: Site) -> None:
    code = await a_ticket(site)
    stranger = await desk.sit("evaluator", organisation="10")
    assert await stranger.status(f"/desk/tickets/{code}/news?seen=0") == 404


@pytest.mark.parametrize("seen", ["", "x", "-1", "۱", "9" * 30])
async def test_what_is_no_number_of_an_event_is_none_seen(desk: TicketDesk, site: Site, seen: str) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    assert await evaluator.status(f"/desk/tickets/{code}/news?seen={seen}") == 200


async def test_ticket_is_taken_and_given_back_on_its_page(desk: TicketDesk, site: Site) -> None:
    code = await a_ticket(site)
    first = await desk.sit("evaluator", username="first")
    assert 'id="take"' in await first.page(code)
    status, where = await first.press(code, "take?tab=today")
    assert (status, where) == (303, f"/desk/tickets/{code}?tab=today&done=taken")
    page = await first.page(code, done="taken")
    assert "پرونده با شماست." in page
    assert 'id="take"' not in page
    assert (await first.press(code, "give-back"))[0] == 303
    assert 'id="take"' in await first.page(code)


async def test_second_to_take_it_is_told_who_was_first_and_when(desk: TicketDesk, site: Site) -> None:
    code = await a_ticket(site)
    first, second = await desk.sit("evaluator", username="first1"), await desk.sit("evaluator")
    await first.press(code, "take")
    for deed in ("take", "give-back"):
        status, page = await second.press(code, deed)
        if deed == "take":
            assert status == 409
            assert "\u2068first1\u2069 ساعت ۱۱:۳۰" in page
        else:  # an evaluator may take it from a colleague
            assert status == 303
    assert (await (await desk.sit("dispatcher")).press(code, "take"))[0] == 409


async def test_files_go_with_a_note_and_are_evidence(desk: TicketDesk, site: Site) -> None:
    code = await a_ticket(site)
    evaluator = await desk.sit("evaluator")
    typed = {**hidden(await evaluator.page(code), "note"), "text": "برگهٔ قیمت"}
    for _ in range(2):  # a second press is the same note
        assert (await evaluator.post(code, "note", typed, JPEG))[0] == 303
    page = await evaluator.page(code)
    assert page.count("photo.jpg") == 1
    assert "از همکاران" in page


@pytest.mark.parametrize(("role", "may_hear"), [("evaluator", True), ("supervisor", True), ("dispatcher", False)])
async def test_recording_is_for_those_identity_may_be_revealed_to(
    desk: TicketDesk, site: Site, role: str, may_hear: bool
) -> None:
    code = await a_ticket(site, channel="phone", call_id="17952 48/۱")
    page = await (await desk.sit(role)).page(code)
    assert "17952 48/۱" in page
    assert ('href="https://pbx.example/recordings/17952%2048%2F%DB%B1"' in page) is may_hear
