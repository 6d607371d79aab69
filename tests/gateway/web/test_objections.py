"""Objecting to a close and withdrawing, by API and page: once, in time, and for the ticket's citizen only."""

from __future__ import annotations

from datetime import date
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from gateway.catalogue import load_catalogue
from gateway.web.pages.standing import comes_next
from tests.gateway.web.test_reports_api import REPORTS, WHOLE
from tests.support.ticket_desk import TicketDesk
from tests.support.web import Site
from ticketing.roles import ROLES
from ticketing.tables import tickets

TICKETS = "/api/v1/tickets"
WORDS = "کارشناس عکس‌ها را ندیده است"


@pytest.fixture
def own(site: Site) -> dict[str, str]:
    return {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def code(site: Site, http: aiohttp.ClientSession) -> str:
    """A ticket that was closed as none of 124's business."""
    async with http.post(REPORTS, json=WHOLE) as answer:
        code = str((await answer.json())["tracking_code"])
    await reject(site, http, code)
    return code


async def reject(site: Site, http: aiohttp.ClientSession, code: str) -> None:
    row = (await site.parts.database.read(select(tickets.c.version)))[0]
    said = {"reject": "unrelated", "answer": "موضوع در صلاحیت ۱۲۴ نیست", "version": row["version"]}
    headers = await site.bearer("evaluator")
    async with http.post(f"/api/v1/staff/tickets/{code}/actions/evaluate", json=said, headers=headers) as answer:
        assert answer.status == 200, await answer.text()


async def objects(
    http: aiohttp.ClientSession, code: str, key: str | None = None, **change: Any
) -> tuple[int, dict[str, Any]]:
    said = {"phone_last4": "4567", "text": WORDS} | change
    headers = {"Idempotency-Key": key} if key else {}
    async with http.post(f"{TICKETS}/{code}/objections", json=said, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_an_objection_opens_the_ticket_again(http: aiohttp.ClientSession, code: str) -> None:
    async with http.get(f"{TICKETS}/{code}?phone_last4=4567") as answer:
        assert (await answer.json())["actions"] == [{"action": "object", "until": "2026-12-11"}]
    status, seen = await objects(http, code)
    assert (status, seen["status"], seen["outcome"], seen["waiting_for"]) == (200, "open", None, "evaluator")
    assert WORDS not in str(seen)
    status, problem = await objects(http, code)
    assert (status, problem["code"]) == (409, "not_at_this_step")


@pytest.mark.parametrize(("language", "title"), [("fa", "اعتراض به نتیجه"), ("en", "Objection")])
async def test_the_evaluator_reads_it_before_the_complaint_itself_until_it_is_decided(
    site: Site, http: aiohttp.ClientSession, code: str, language: str, title: str
) -> None:
    desk = await TicketDesk(site, http).sit("evaluator")
    assert 'id="objection-title"' not in await desk.page(code)
    await objects(http, code)
    page = await desk.page(code, language)
    _, _, card = page.partition('id="objection-title">')
    assert card.startswith(title)
    assert card.index(WORDS) < card.index(str(WHOLE["text"]))
    await desk.send(code, "withdraw", confirmed="yes")
    async with http.get(f"{TICKETS}/{code}?phone_last4=4567") as answer:
        assert (await answer.json())["status"] == "closed"
    assert 'id="objection-title"' not in await desk.page(code)


async def test_a_keyed_objection_is_one(site: Site, http: aiohttp.ClientSession, code: str) -> None:
    first, again = await objects(http, code, "k"), await objects(http, code, "k")
    assert first == again
    status, problem = await objects(http, code, "k", text="چیز دیگر")
    assert (status, problem["code"]) == (422, "idempotency_key_reused")
    status, problem = await objects(http, code, "k", text="")
    assert (status, problem["code"]) == (422, "idempotency_key_reused")
    assert (await objects(http, code, "k", text="", phone_last4="0000"))[0] == 404
    async with http.get(f"/api/v1/staff/tickets/{code}", headers=await site.bearer("supervisor")) as answer:
        timeline = (await answer.json())["timeline"]
    assert [event["data"] for event in timeline if event["kind"] == "object"] == [{"text": WORDS}]


async def test_a_late_objection_is_refused_by_name(site: Site, http: aiohttp.ClientSession, code: str) -> None:
    site.clock.advance(days=21)
    status, problem = await objects(http, code)
    assert (status, problem["code"], problem["title"]) == (409, "term_over", "مهلت گذشته است")


@pytest.mark.parametrize("change", [{"text": ""}, {"text": "گ" * 4001}, {"text": 1}, {"text": "\x00"}, {"x": 1}])
async def test_a_wrong_objection_is_422(http: aiohttp.ClientSession, code: str, change: dict[str, Any]) -> None:
    assert (await objects(http, code, **change))[0] == 422


@pytest.mark.parametrize(("path", "said"), [("objections", {"text": WORDS}), ("withdrawals", {})])
async def test_a_stranger_objects_to_and_withdraws_nothing(
    http: aiohttp.ClientSession, code: str, path: str, said: dict[str, str]
) -> None:
    async with http.post(f"{TICKETS}/{code}/{path}", json={"phone_last4": "0000", **said}) as answer:
        assert answer.status == 404


async def test_a_complaint_is_withdrawn_once(http: aiohttp.ClientSession) -> None:
    async with http.post(REPORTS, json=WHOLE) as answer:
        code = (await answer.json())["tracking_code"]
    heard = []
    for key in ("a", "a", "b"):
        said = {"phone_last4": "4567"}
        async with http.post(f"{TICKETS}/{code}/withdrawals", json=said, headers={"Idempotency-Key": key}) as answer:
            heard.append((answer.status, (await answer.json()).get("outcome")))
    assert heard == [(200, "withdrawn"), (200, "withdrawn"), (409, None)]


class TestBudget:
    @pytest.fixture
    def overrides(self) -> dict[str, dict[str, object]]:
        return {"http": {"port": 0}, "security": {"tracking_failures": 2}}

    async def test_threat_51_guessing_by_objections_runs_out(self, http: aiohttp.ClientSession, code: str) -> None:
        assert [(await objects(http, code, phone_last4="0000"))[0] for _ in range(3)] == [404, 404, 429]

    async def test_whoever_guessed_too_often_reads_how_long_to_wait_in_persian_digits(
        self, http: aiohttp.ClientSession, own: dict[str, str], code: str
    ) -> None:
        for status in (404, 404, 429):
            heard, page = await press(http, own, code, phone_last4="0000")
            assert heard == status
        assert "۱۵ دقیقهٔ دیگر" in page


async def press(
    http: aiohttp.ClientSession, own: dict[str, str], code: str, path: str = "", **typed: str
) -> tuple[int, str]:
    proof = {"code": code, "phone_last4": "4567", "form_id": "f1"}
    async with http.post(f"/track{path}", data=proof | typed, headers=own) as answer:
        return answer.status, await answer.text()


async def test_the_page_offers_it_until_a_day_takes_it_and_says_what_comes_next(
    http: aiohttp.ClientSession, own: dict[str, str], code: str
) -> None:
    _, before = await press(http, own, code)
    assert "تا ۲۰ آذر ۱۴۰۵ می‌توانید اعتراض کنید" in before
    status, after = await press(http, own, code, "/object", text=WORDS)
    assert status == 200
    assert "اعتراض شما ثبت شد" in after
    assert "تا ۳ آذر ۱۴۰۵، کارشناس اعتراض شما را بررسی" in after
    assert 'action="/track/object"' not in after
    again, _ = await press(http, own, code, "/object", text=WORDS)  # a reload, a second press
    assert again == 200


async def test_the_page_says_why_it_cannot_be_and_keeps_the_words(
    site: Site, http: aiohttp.ClientSession, own: dict[str, str], code: str
) -> None:
    status, page = await press(http, own, code, "/object", text=" ")
    assert (status, 'id="text-error">بنویسید چرا این نتیجه را نمی‌پذیرید.' in page) == (422, True)
    site.clock.advance(days=21)
    status, page = await press(http, own, code, "/object", text=WORDS, form_id="f2")
    assert status == 409
    assert "مهلت اعتراض از این صفحه گذشته است" in page
    assert "با ۱۲۴ تماس بگیرید" in page


async def test_a_second_objection_from_another_window_shows_how_things_stand(
    http: aiohttp.ClientSession, own: dict[str, str], code: str
) -> None:
    await press(http, own, code, "/object", text=WORDS)
    status, page = await press(http, own, code, "/object", text=WORDS, form_id="f2")
    assert status == 409
    assert "این کار دیگر شدنی نیست" in page


async def test_withdrawing_names_its_effect_before_it_is_pressed(
    http: aiohttp.ClientSession, own: dict[str, str]
) -> None:
    async with http.post(REPORTS, json=WHOLE) as answer:
        code = (await answer.json())["tracking_code"]
    _, page = await press(http, own, code)
    assert page.index("با انصراف، پرونده بسته می‌شود") < page.index("بله، انصراف می‌دهم")
    status, page = await press(http, own, code, "/withdraw")
    assert status == 200
    assert "انصراف شما ثبت شد" in page
    assert (await press(http, own, code, "/withdraw"))[0] == 200
    assert (await press(http, own, code, "/withdraw", form_id="f2"))[0] == 409


@pytest.mark.parametrize("path", ["/object", "/withdraw"])
async def test_nobody_but_the_citizen_gets_beyond_the_form(
    http: aiohttp.ClientSession, own: dict[str, str], code: str, path: str
) -> None:
    assert (await press(http, own, code, path, text=WORDS, phone_last4="0000"))[0] == 404


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("role", ["citizen", *ROLES])
def test_what_comes_next_is_said_whoever_it_waits_for(language: str, role: str) -> None:
    seen = {"status": "open", "waiting_for": role, "missing": [], "objected_at": None, "due_on": "2026-11-24"}
    for day, by in ((24, "By 24 November 2026, "), (25, "The date for this was 24 November")):
        said = comes_next(load_catalogue(), seen, date(2026, 11, day), language)
        assert said.endswith(".")
        assert language == "fa" or said.startswith(by)


@pytest.mark.parametrize("path", ["/track/answer", "/track/add", "/track/object", "/track/withdraw"])
async def test_the_address_of_what_was_done_leads_back_to_tracking(http: aiohttp.ClientSession, path: str) -> None:
    """Where a reader changes the language there, or comes back to it another day."""
    async with http.get(path, params={"lang": "en"}, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/track?lang=en")
