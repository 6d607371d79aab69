"""One ticket through all seven steps by the staff API, and the two ways a settlement is answered."""

from __future__ import annotations

import pytest

from tests.acceptance.world import INSPECTOR_PHONE, World, figures

STEPS = ["contacted", "registered", "self_regulation", "dispatched", "inspected", "referred", "verdict"]


async def filed(world: World, phone: str) -> str:
    report = {
        "text": "برنج را دو برابر قیمت فروخت",
        "phone": phone,
        "category": "overcharging",
        "business": {"name": "سوپرمارکت رضا"},
        "place": {"province": "23"},
    }
    status, answer = await world.call("POST", "/api/v1/reports", report)
    assert status == 201, answer
    return str(answer["tracking_code"])


async def test_seven_steps_cause_seven_texts_in_order_and_one_dispatch(world: World) -> None:
    code = await filed(world, "09121234567")
    await world.act("ev", code, "evaluate", route="self_regulation", body="grocers")
    await world.act("sr", code, "settle", result="refused")
    await world.act("di", code, "dispatch", inspector="in")
    await world.act("in", code, "accept")
    await world.act("in", code, "inspect", violation=True, finding="قیمت بالاتر از نرخ مصوب", amount_rial=2_500_000)
    await world.act("ev", code, "refer")
    verdict = {"text": "محکوم به جزای نقدی", "fine_rial": 5_000_000, "number": "۱۲۳/ت", "date": "1405-08-30"}
    ticket = await world.act("pc", code, "verdict", **verdict)
    assert (ticket["step"], ticket["status"], ticket["outcome"]) == ("verdict", "closed", "verdict")
    await world.until(lambda: len(world.texts_to("+989121234567")) == 7 and bool(world.texts_to(INSPECTOR_PHONE)))
    ticket = await world.ticket(code)
    steps = [notice for notice in ticket["notices"] if notice["kind"] == "step"]
    assert [notice["step"] for notice in steps] == [1, 2, 3, 4, 5, 6, 7]
    assert all(notice["medium"] == "sms" and code in figures(notice["text"]) for notice in steps)
    sent = world.texts_to("+989121234567")
    assert [each.message for each in sent] == [notice["text"] for notice in steps]
    assert [each.localid for each in sent] == [str(notice["localid"]) for notice in steps]
    assert set(world.kavenegar.really_sent.values()) == {1}
    dispatches = [notice for notice in ticket["notices"] if notice["kind"] == "dispatch"]
    assert [each.message for each in world.texts_to(INSPECTOR_PHONE)] == [notice["text"] for notice in dispatches]
    assert len(dispatches) == 1
    for notice in [*steps, *dispatches]:
        print(f"{notice['kind']:8} {notice['step'] or '-'} {notice['localid']} {notice['state']:9} {notice['text']}")
    status, tracked = await world.call("GET", f"/api/v1/tickets/{code}?phone_last4=4567")
    assert status == 200
    assert [step["step"] for step in tracked["steps"]] == STEPS
    assert tracked["answer"] == "محکوم به جزای نقدی"


@pytest.mark.parametrize(
    ("answer", "outcome", "status", "waiting_for"),
    [("۱", "settled", "closed", None), ("2", None, "open", "dispatcher")],
    ids=["satisfied", "not satisfied"],
)
async def test_a_settlement_is_asked_about_and_a_bare_digit_answers(
    world: World, answer: str, outcome: str | None, status: str, waiting_for: str | None
) -> None:
    code = await filed(world, "09121234567")
    await world.act("ev", code, "evaluate", route="self_regulation", body="grocers")
    asked = await world.act("sr", code, "settle", result="settled")
    assert asked["waiting_for"] == "citizen"
    _, tracked = await world.call("GET", f"/api/v1/tickets/{code}?phone_last4=4567")
    assert tracked["asks"] == "satisfied"
    assert await world.text_in("09121234567", answer, "answer-1") == 200
    ticket = await world.ticket(code)
    assert (ticket["outcome"], ticket["status"], ticket["waiting_for"]) == (outcome, status, waiting_for)
    closes = [notice for notice in ticket["notices"] if notice["kind"] == "close"]
    assert len(closes) == (1 if outcome else 0)


async def test_the_question_is_answered_on_the_web_once(world: World) -> None:
    code = await filed(world, "09121234567")
    await world.act("ev", code, "evaluate", route="self_regulation", body="grocers")
    await world.act("sr", code, "settle", result="settled")
    body = {"phone_last4": "4567", "satisfied": False, "comment": "پولم را پس نداد"}
    status, tracked = await world.call("POST", f"/api/v1/tickets/{code}/answers", body)
    assert (status, tracked["asks"], tracked["status"]) == (200, None, "open")
    assert (await world.ticket(code))["waiting_for"] == "dispatcher"
    status, problem = await world.call("POST", f"/api/v1/tickets/{code}/answers", body)
    assert (status, problem["code"]) == (409, "nothing_asked")
