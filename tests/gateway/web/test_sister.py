"""Cases to and from sister systems: taken once, handed out through failures, their news and our results told."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from gateway.office_settings import SisterSystem
from gateway.sister_sender import SisterSender
from normalizer.report import Sender
from sms.dispatcher import Dispatcher
from tests.support.fakes.sistersystem import FakeSister
from tests.support.meetings import CLERK, SUPERVISOR, filed
from tests.support.staging import act, hire
from tests.support.web import Site
from ticketing import desk
from ticketing.sister_news import settle
from ticketing.sister_results import tell_results

SECRET = "f" * 32
TOKEN = "their-token"
HOOK = f"/hooks/sister/samad/{SECRET}"
CASE = {"case_number": "1405-88", "text": "درخواست دیدار با مدیرکل دارم", "phone": "09121234567", "kind": "meeting"}


@pytest.fixture
def overrides() -> dict[str, dict[str, Any]]:
    """Samad is on, both ways; Foad is off."""
    return {"sister": {"samad": {"secret": SECRET, "url": "http://127.0.0.1:9/cases", "token": TOKEN}}}


async def said(http: aiohttp.ClientSession, body: dict[str, Any], hook: str = HOOK) -> tuple[int, dict[str, Any]]:
    async with http.post(hook, json=body) as answer:
        return answer.status, await answer.json()


async def seen(site: Site, code: str) -> dict[str, Any]:
    return await desk.get_ticket(site.parts.database, site.parts.rules, SUPERVISOR, code, site.clock.now())


async def test_a_case_of_theirs_is_one_ticket_however_often_it_comes_and_their_news_closes_it(
    site: Site, http: aiohttp.ClientSession
) -> None:
    status, first = await said(http, CASE)
    assert status == 200
    assert (await said(http, {**CASE, "text": "باز هم همان"}))[1] == first
    assert await site.count_tickets() == 1
    ticket = await seen(site, first["tracking_code"])
    assert (ticket["channel"], ticket["procedure"], ticket["step"]) == ("sister", "request", "reviewed")
    news = {"case_number": "1405-88", "status": "answered", "answer": "وقت داده شد."}
    for _ in range(2):
        assert (await said(http, news))[0] == 200
    closed = await seen(site, first["tracking_code"])
    assert closed["outcome"] == "answered"
    assert [event["kind"] for event in closed["timeline"]].count("hear_back") == 1


@pytest.mark.parametrize(
    ("body", "hook", "status", "field"),
    [
        (CASE, "/hooks/sister/samad/wrong", 404, None),
        (CASE, "/hooks/sister/foad/", 404, None),
        (CASE, f"/hooks/sister/nobody/{SECRET}", 404, None),
        ({**CASE, "phone": "12"}, HOOK, 422, "phone"),
        ({**CASE, "kind": "joke"}, HOOK, 422, "kind"),
        ({**CASE, "case_number": " "}, HOOK, 422, "case_number"),
        ({"text": "x", "phone": "09121234567"}, HOOK, 422, "case_number"),
        ({"case_number": "nothing", "status": "in_progress"}, HOOK, 422, "case_number"),
        ({"case_number": "1405-88", "status": "answered"}, HOOK, 422, "answer"),
    ],
)
async def test_what_cannot_be_taken_is_refused_by_its_field(
    site: Site, http: aiohttp.ClientSession, body: dict[str, Any], hook: str, status: int, field: str | None
) -> None:
    got, problem = await said(http, body, hook)
    assert got == status
    assert field is None or [each["field"] for each in problem["errors"]] == [field]
    assert await site.count_tickets() == 0


async def test_a_case_of_ours_gets_through_failures_once_and_one_refused_is_somebodys_turn(
    site: Site, http: aiohttp.ClientSession
) -> None:
    database, rules = site.parts.database, site.parts.rules
    await hire(database, rules.vault, CLERK, SUPERVISOR)
    taken = await filed(database, rules)
    refused = await filed(database, rules, sender=Sender(phone="09121234568"))
    async with FakeSister(TOKEN) as sister:
        system = SisterSystem(url=sister.url, token=TOKEN)
        sender = SisterSender({"samad": system})
        outbox = Dispatcher(database, rules.vault.unseal, rules.vault.index, site.clock, {"sister": sender})
        sister.fail_next.extend((503, "lose"))
        await act(database, rules, CLERK, taken, "hand_out", system="samad", at=site.clock.now())
        for _ in range(3):
            await outbox.drain()
            site.clock.advance(seconds=60)
        assert (sister.posts, len(sister.cases)) == (3, 1)
        sister.fail_next.append(422)
        await act(database, rules, CLERK, refused, "hand_out", system="samad", at=site.clock.now())
        await outbox.drain()
        await sender.close()
    assert await settle(database, rules, site.clock.now()) == 2
    assert await settle(database, rules, site.clock.now()) == 0
    (case,) = sister.cases.values()
    assert (case["tracking_code"], case["phone"]) == (taken, "+989121234567")
    assert (await seen(site, taken))["timeline"][-1]["data"]["sister_case"] == "111-1"
    failed = await seen(site, refused)
    assert (failed["timeline"][-1]["kind"], failed["waiting_for"]) == ("hand_out_failed", "service_clerk")
    assert (await said(http, {"case_number": "111-1", "status": "refused"}))[1]["tracking_code"] == taken
    assert (await seen(site, taken))["timeline"][-1]["data"]["state"] == "refused"


async def test_the_result_of_a_case_of_theirs_gets_to_them_once_by_their_number(
    site: Site, http: aiohttp.ClientSession
) -> None:
    database, rules, now = site.parts.database, site.parts.rules, site.clock.now
    await hire(database, rules.vault, CLERK, SUPERVISOR)
    code = (await said(http, CASE))[1]["tracking_code"]
    theirs = (await said(http, {**CASE, "case_number": "1405-89", "phone": "09121234568"}))[1]["tracking_code"]
    await said(http, {"case_number": "1405-89", "status": "answered", "answer": "نزد خودشان پاسخ گرفت."})
    await act(database, rules, CLERK, code, "answer", outcome="answered", text="وقت ملاقات: شنبه", at=now())
    async with FakeSister(TOKEN) as sister:
        sender = SisterSender({"samad": SisterSystem(url=sister.url, token=TOKEN)})
        outbox = Dispatcher(database, rules.vault.unseal, rules.vault.index, site.clock, {"sister": sender})
        sister.fail_next.append(503)
        for _ in range(3):
            await tell_results(database, rules, now())
            await outbox.drain()
            site.clock.advance(seconds=60)
        await sender.close()
    (result,) = sister.results.values()
    assert {name: result[name] for name in ("case_number", "tracking_code", "status", "outcome", "answer")} == {
        "case_number": "1405-88",
        "tracking_code": code,
        "status": "answered",
        "outcome": "answered",
        "answer": "وقت ملاقات: شنبه",
    }
    assert sister.posts == 2
    assert [event["kind"] for event in (await seen(site, code))["timeline"]].count("result_told") == 1
    assert "result_told" not in [event["kind"] for event in (await seen(site, theirs))["timeline"]]
