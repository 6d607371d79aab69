"""The message board at the desks and in the API: written by forms without script, counted in the menu, read."""

from __future__ import annotations

from uuid import uuid4

import aiohttp

from gateway.catalogue import persian_digits
from tests.gateway.web.desk.test_queue import Desk, at_desk
from tests.support.web import Site

BOARD = "/desk/board"
API = "/api/v1/staff/board"
COUNTED = '<span class="unread"><span aria-hidden="true">{}</span>'


def form(**typed: str) -> dict[str, str]:
    return {"form_id": uuid4().hex, **typed}


async def sides(site: Site, http: aiohttp.ClientSession) -> tuple[Desk, Desk]:
    centre = await at_desk(site, http, "maryam", "supervisor")
    return centre, await at_desk(site, http, "ali", "liaison", organisation="23")


async def test_a_message_goes_there_and_back_by_forms_and_both_see_who_read_it(
    site: Site, http: aiohttp.ClientSession
) -> None:
    centre, tehran = await sides(site, http)
    ours, theirs = [await tehran.put(organisation=each, procedure="guild_body") for each in ("23", "01")]
    text = f"پروندهٔ {ours.code[:4]}-{ours.code[4:]} و {theirs.code} <b>\n\nمهلت تا شنبه"
    lacking = await centre.post(BOARD, status=422, **form(subject="مهلت پاسخ", message=" "))
    assert "دست‌کم یک سازمان را انتخاب کنید" in lacking
    assert 'value="مهلت پاسخ"' in lacking
    new = form(subject="مهلت پاسخ", message=text, **{"to.23": "yes"})
    begun = await centre.post(BOARD, **new)
    assert await centre.post(BOARD, **new) == begun  # sent twice, written once
    other = await centre.post(BOARD, status=422, **{**new, "message": "متنی دیگر"})
    assert ("پیش‌تر با متنی دیگر" in other, "متنی دیگر</textarea>" in other) == (True, True)
    path = begun.partition("?")[0]
    assert "هنوز خوانده نشده" in await centre.get(path)
    assert COUNTED.format("۱") in await tehran.get("/desk/queue")
    shown = await tehran.get(path)
    assert f'href="/desk/tickets/{ours.code}"' in shown
    assert persian_digits(theirs.code) in shown
    assert f"/desk/tickets/{theirs.code}" not in shown
    assert "&lt;b&gt;\n\nمهلت" in shown
    assert COUNTED.format("۱") not in shown  # it was read by being shown
    written = await tehran.post(path, **form(message="دیدم"))
    assert written == f"{path}?done=written#m-2"
    read = await centre.get(path)
    assert ("خوانده شد:" in read, '<bdi dir="ltr">ali</bdi>' in read) == (True, True)
    assert await centre.post(f"{path}/status", becomes="closed") == f"{path}?done=closed"
    kept = await tehran.post(path, 409, **form(message="یک چیز دیگر"))
    assert ("در این میان بسته شده" in kept, "یک چیز دیگر</textarea>" in kept) == (True, True)
    await tehran.post(f"{path}/status", 403, becomes="open")


async def test_the_api_writes_to_all_and_shows_each_only_its_own(site: Site, http: aiohttp.ClientSession) -> None:
    await sides(site, http)
    asked = {name: {"Authorization": f"Bearer {await site.token(name)}"} for name in ("maryam", "ali")}
    body = {"everywhere": True, "subject": "بخشنامه", "text": "برای همه"}
    for _ in range(2):
        async with http.post(API, json=body, headers={**asked["maryam"], "Idempotency-Key": "k"}) as answer:
            assert answer.status == 201
            begun = {each["organisation"]: each["id"] for each in (await answer.json())["conversations"]}
    assert len(begun) == 32
    async with http.get(API, headers=asked["ali"]) as answer:
        (line,) = (await answer.json())["items"]
    assert (line["id"], line["unread"]) == (begun["23"], 1)
    async with http.get(f"{API}/{begun['01']}", headers=asked["ali"]) as answer:
        assert answer.status == 404
    async with http.post(f"{API}/{line['id']}/readings", json={"number": 1}, headers=asked["ali"]) as answer:
        assert answer.status == 204
    async with http.post(f"{API}/{line['id']}/messages", json={"text": "رسید"}, headers=asked["ali"]) as answer:
        assert (await answer.json())["number"] == 2
    async with http.get(f"{API}/{line['id']}", headers=asked["maryam"]) as answer:
        messages = (await answer.json())["messages"]
    assert [(each["text"], [one["username"] for one in each["read_by"]]) for each in messages] == [
        ("برای همه", ["ali"]),
        ("رسید", []),
    ]
