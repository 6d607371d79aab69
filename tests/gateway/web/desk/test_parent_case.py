"""Parent cases at the evaluator's desk and in the API: made, acted on all at once, told ticket by ticket."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import aiohttp

from tests.gateway.web.desk.test_queue import Desk, at_desk
from tests.support.web import Site
from ticketing.ticket import Identity, Ticket

SHOP = "سوپر بهار"
UNRELATED = {"choice": "reject:unrelated", "answer": "این واحد شعبه ندارد"}


async def about_one_shop(desk: Desk, count: int) -> list[Ticket]:
    return [await desk.put(business_name=SHOP, identity=Identity(phone=f"+98912000000{n}")) for n in range(count)]


def ticks(*tickets: Ticket) -> dict[str, str]:
    return {f"child.{each.code}": str(each.version) for each in tickets}


async def test_one_answer_by_forms_without_script_reaches_all_that_are_ticked(
    site: Site, http: aiohttp.ClientSession
) -> None:
    desk = await at_desk(site, http, "sara")
    first, second, left_out = await about_one_shop(desk, 3)
    elsewhere = await desk.put(business_name=SHOP, step=3, waiting_for="self_regulator")
    business = f"/desk/businesses/{first.business_id}"
    assert f"child.{left_out.code}" in await desk.get(business)
    form = {"form_id": uuid4().hex, **ticks(first, second, elsewhere)}
    case = (await desk.post(f"{business}/parent-case", **form)).partition("?")[0]
    assert (await desk.post(f"{business}/parent-case", **form)).partition("?")[0] == case  # sent twice, made once
    page = await desk.get(case)
    assert f"child.{first.code}" in page
    assert f"child.{elsewhere.code}" not in page  # it is elsewhere in its steps
    for each in (first, second):
        each.version += 1  # by being put into the case
    answering = {"form_id": uuid4().hex, **UNRELATED, **ticks(first, second, elsewhere)}
    asked = await desk.post(f"{case}/actions/evaluate", status=200, **answering)
    assert 'name="confirmed" value="reject:unrelated"' in asked
    done = ""
    for _ in range(2):
        done = await desk.post(f"{case}/actions/evaluate", status=200, **answering, confirmed="reject:unrelated")
    assert "برای ۲ از ۳ پرونده انجام شد" in done
    assert "پس از باز کردن این صفحه تغییر کرده است" in done
    assert "در پروندهٔ مادر</a>" in await desk.get(f"/desk/tickets/{first.code}")
    added = await desk.post(f"{case}/children", form_id=uuid4().hex, **ticks(left_out))
    removed = await desk.post(f"{case}/removal", remove=left_out.code)
    assert (added, removed) == (f"{case}?done=added", f"{case}?done=removed")
    await desk.post(f"{case}/close")
    assert "پروندهٔ مادر بساز" in await desk.get(business)
    await (await at_desk(site, http, "reza", organisation="10")).get(case, status=404)


async def test_a_form_that_lacks_something_comes_back_with_what_was_ticked(
    site: Site, http: aiohttp.ClientSession
) -> None:
    desk = await at_desk(site, http, "sara")
    first, second = await about_one_shop(desk, 2)
    opened = await desk.post(f"/desk/businesses/{first.business_id}/parent-case", **ticks(first, second))
    case = opened.partition("?")[0]
    sent = {"form_id": uuid4().hex, "choice": "reject:unrelated", **ticks(first)}
    page = await desk.post(f"{case}/actions/evaluate", status=422, **sent)
    assert "evaluate-answer" in page
    assert page.count(" checked") == 2  # the choice and the one ticket
    nobody = await desk.post(f"{case}/actions/evaluate", status=422, form_id=uuid4().hex, **UNRELATED)
    assert "parent-case" in nobody


async def test_the_api_makes_acts_on_and_closes_a_case(site: Site, http: aiohttp.ClientSession) -> None:
    desk = await at_desk(site, http, "sara")
    first, second = await about_one_shop(desk, 2)
    signed_in = {"Authorization": f"Bearer {await site.token('sara')}"}

    async def post(path: str, body: Any, status: int = 200, key: str = "") -> Any:
        headers = {**signed_in, **({"Idempotency-Key": key} if key else {})}
        async with http.post(f"/api/v1/staff/{path}", json=body, headers=headers) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json()

    making = f"businesses/{first.business_id}/parent-cases"
    opened = await post(making, {"tickets": [first.code, second.code]}, key="a")
    assert opened == await post(making, {"tickets": [first.code, second.code]}, key="a")
    assert (await post(making, {"tickets": [first.code]}, 409))["code"] == "case_open"
    case = f"parent-cases/{opened['id']}"
    async with http.get(f"/api/v1/staff/{case}", headers=signed_in) as answer:
        seen = await answer.json()
    children = [{name: each[name] for name in ("tracking_code", "version")} for each in seen["children"]]
    assert seen["actions"]["evaluate"] == 2
    body = {"tickets": children, "route": "inspection"}
    done = await post(f"{case}/actions/evaluate", body, key="b")
    assert [each["result"] for each in done["results"]] == ["done", "done"]
    assert done == await post(f"{case}/actions/evaluate", body, key="b")
    again = await post(f"{case}/actions/evaluate", body)
    assert {each["code"] for each in again["results"]} == {"stale_version"}
    await post(f"{case}/actions/evaluate", {"tickets": [], "route": "inspection"}, 422)
    await post(f"{case}/actions/reveal", {"tickets": children, "reason": "x"}, 404)
    await post(f"{case}/removals", {"tickets": [first.code]})
    await post(f"{case}/close", {})
    async with http.get("/api/v1/staff/parent-cases", headers=signed_in) as answer:
        assert (await answer.json()) == {"items": []}
