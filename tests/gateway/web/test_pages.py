"""The pages without a browser: what is guarded, kept, and never put into an address."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from tests.support.files import JPEG
from tests.support.staging import NOW, PHONE, a_ticket, asked_about, close, member, put
from tests.support.web import Site
from ticketing.desk import get_ticket
from ticketing.tables import tickets

FORM = {
    "form_id": "0123456789abcdef0123456789abcdef",
    "text": "سوپرمارکت بهار شیر را گران‌تر فروخت",
    "category": "overcharging",
    "business.name": "سوپرمارکت بهار",
    "place.province": "23",
    "phone": "09121234567",
}


@pytest.fixture
def own(site: Site) -> dict[str, str]:
    """What a browser says of a form of our own."""
    return {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}


async def file(http: aiohttp.ClientSession, own: dict[str, str], **change: str) -> tuple[int, str, str]:
    """Send the form: status, the confirmation's address, and the cookie."""
    async with http.post("/", data=FORM | change, headers=own, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), answer.headers.get("Set-Cookie", "")


async def test_the_form_leads_to_a_confirmation_with_the_code_in_no_address(
    http: aiohttp.ClientSession, own: dict[str, str]
) -> None:
    status, location, cookie = await file(http, own)
    assert (status, location) == (303, "/reported")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    code = re.findall(r"reported=\"?(\d{12})", cookie)[0]
    async with http.get(location, headers={"Cookie": cookie.split(";")[0]}) as answer:
        text = await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
    persian = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert re.findall(r"<span>([۰-۹]{4})</span>", text) == [persian[:4], persian[4:8], persian[8:]]


async def test_the_same_form_twice_is_one_report(site: Site, http: aiohttp.ClientSession, own: dict[str, str]) -> None:
    first, second = await file(http, own), await file(http, own)
    assert first == second
    assert await site.count_tickets() == 1


async def test_a_form_sent_again_with_other_words_asks_first(
    site: Site, http: aiohttp.ClientSession, own: dict[str, str]
) -> None:
    await file(http, own)
    async with http.post("/", data=FORM | {"text": "چیز دیگر"}, headers=own) as answer:
        assert answer.status == 422
        text = await answer.text()
    assert "چیز دیگر" in text
    assert FORM["form_id"] not in text
    assert await site.count_tickets() == 1


@pytest.mark.parametrize(
    "path", ["/", "/file/guild_body", "/track", "/track/answer", "/track/add", "/track/object", "/track/withdraw"]
)
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nothing said"),
        pytest.param({"Origin": "http://evil.example"}, id="another origin"),
        pytest.param({"Origin": "null"}, id="no origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a sister site"),
        pytest.param({"Sec-Fetch-Site": "none"}, id="an address bar"),
        pytest.param({"Origin": "http://[", "Host": "["}, id="nonsense"),
    ],
)
async def test_threat_55_forms_of_others_are_refused(
    site: Site, http: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    async with http.post(path, data=FORM, headers=headers) as answer:
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (403, "foreign_origin")
    assert await site.count_tickets() == 0


async def test_an_old_browser_is_known_by_its_origin(http: aiohttp.ClientSession, site: Site) -> None:
    for origin in (site.url, "http://127.0.0.1"):  # the address asked for, and the public one
        status, _, _ = await file(http, {"Origin": origin})
        assert status == 303


@pytest.mark.parametrize("cookie", ["", "reported=1", "reported=<script>", "reported=123456789012.new", "reported=."])
async def test_a_confirmation_of_nothing_leads_to_tracking(http: aiohttp.ClientSession, cookie: str) -> None:
    async with http.get("/reported", headers={"Cookie": cookie}, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/track")


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"text": " "}, "text", "بنویسید چه شده است."),
        ({"phone": ""}, "phone", "شمارهٔ همراه خود را بنویسید"),
        ({"phone": "0212"}, "phone", "۱۱ رقم"),
        ({"category": "x"}, "category", "چنین نوع تخلفی نداریم"),
        ({"place.province": "99"}, "place.province", "چنین استانی نداریم"),
        ({"damages_rial": "دو میلیون"}, "damages_rial", "فقط با رقم"),
        ({"day": "1"}, "happened_on", "تاریخ را کامل"),
        ({"day": "1", "month": "1", "year": "1406"}, "happened_on", "در آینده"),
        ({"text": "گ" * 10_001}, "text", "بیش از اندازه بلند"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    http: aiohttp.ClientSession, own: dict[str, str], change: dict[str, str], field: str, sentence: str
) -> None:
    async with http.post("/", data=FORM | change, headers=own) as answer:
        assert answer.status == 422
        text = unescape(await answer.text())
    name = field.replace(".", "-")
    beside = re.findall(rf'id="{name}-error">([^<]+)<', text)
    assert len(beside) == 1
    assert sentence in beside[0]
    assert f'<a href="#{name}">' in text
    assert re.search("<title>خطا:", text)
    assert FORM["business.name"] in text


async def test_a_refused_file_is_said_and_the_rest_kept(
    site: Site, http: aiohttp.ClientSession, own: dict[str, str]
) -> None:
    data = aiohttp.FormData(FORM | {"text": "این متن می‌ماند"})
    data.add_field("files", b"#!/bin/sh", filename="photo.jpg", content_type="image/jpeg")
    async with http.post("/", data=data, headers=own) as answer:
        assert answer.status == 422
        text = await answer.text()
    assert "این متن می‌ماند" in text
    assert 'id="files-error"' in text
    assert await site.count_tickets() == 0


async def test_a_form_without_files_chosen_is_taken(http: aiohttp.ClientSession, own: dict[str, str]) -> None:
    data = aiohttp.FormData(FORM)
    data.add_field("files", b"", filename="", content_type="application/octet-stream")
    async with http.post("/", data=data, headers=own, allow_redirects=False) as answer:
        assert answer.status == 303


async def test_threat_5_what_was_typed_survives_a_database_that_is_away(
    site: Site, http: aiohttp.ClientSession, own: dict[str, str]
) -> None:
    await site.parts.database.writer.stop()
    async with http.post("/", data=FORM, headers=own) as answer:
        assert answer.status == 503
        text = await answer.text()
    assert FORM["text"] in text
    assert FORM["form_id"] in text


async def code_of(http: aiohttp.ClientSession, own: dict[str, str]) -> str:
    _, _, cookie = await file(http, own)
    return str(re.findall(r"(\d{12})", cookie)[0])


async def test_a_ticket_is_shown_for_code_and_digits(http: aiohttp.ClientSession, own: dict[str, str]) -> None:
    code = await code_of(http, own)
    async with http.post("/track", data={"code": code, "phone_last4": "۴۵۶۷"}, headers=own) as answer:
        assert answer.status == 200
        text = await answer.text()
    assert "۳۰ آبان ۱۴۰۵" in text
    assert "۲ از ۷" in text
    assert "0912" not in text
    assert FORM["business.name"] not in text


async def test_threat_52_the_page_says_the_same_of_wrong_code_and_wrong_digits(
    http: aiohttp.ClientSession, own: dict[str, str]
) -> None:
    code, heard = await code_of(http, own), []
    for wrong, last4 in ((code, "0000"), (code, ""), ("314159265355", "4567"), ("<b>", "4567")):
        async with http.post("/track", data={"code": wrong, "phone_last4": last4}, headers=own) as answer:
            text = re.sub(r'value="[^"]*"', "", await answer.text())
            heard.append((answer.status, text))
    assert heard[0][0] == 404
    assert all(each == heard[0] for each in heard)


async def test_a_link_brings_the_code_and_no_markup(http: aiohttp.ClientSession) -> None:
    async with http.get("/track", params={"code": '"><script>1</script>'}) as answer:
        text = await answer.text()
    assert "<script>1" not in text
    async with http.get("/track", params={"code": "314159265355"}) as answer:
        assert 'value="314159265355"' in await answer.text()


async def test_words_and_files_are_added(site: Site, http: aiohttp.ClientSession, own: dict[str, str]) -> None:
    proof = {"code": await code_of(http, own), "phone_last4": "4567", "form_id": "f1"}
    data = aiohttp.FormData(proof | {"text": "عکس قبض"})
    data.add_field("files", JPEG, filename="a.jpg", content_type="image/jpeg")
    async with http.post("/track/add", data=data, headers=own) as answer:
        assert answer.status == 200
        assert "افزوده شد" in await answer.text()
    async with http.post("/track/add", data=proof | {"text": " ", "form_id": "f2"}, headers=own) as answer:
        assert answer.status == 422
    async with http.post("/track/add", data=proof | {"text": "x", "phone_last4": "0000"}, headers=own) as answer:
        assert answer.status == 404


async def ask_whether_satisfied(site: Site, http: aiohttp.ClientSession, code: str) -> None:
    """Evaluate to self-regulation and settle, by the staff's API."""
    for role, action, body in (
        ("evaluator", "evaluate", {"route": "self_regulation"}),
        ("self_regulator", "settle", {"result": "settled"}),
    ):
        row = (await site.parts.database.read(select(tickets.c.version)))[0]
        headers = await site.bearer(role)
        said: dict[str, Any] = {**body, "version": row["version"]}
        async with http.post(f"/api/v1/staff/tickets/{code}/actions/{action}", json=said, headers=headers) as answer:
            assert answer.status == 200, await answer.text()


@pytest.mark.parametrize(("pressed", "status"), [("yes", "closed"), ("no", "open")])
async def test_the_question_is_answered_by_a_button(
    site: Site, http: aiohttp.ClientSession, own: dict[str, str], pressed: str, status: str
) -> None:
    code = await code_of(http, own)
    await ask_whether_satisfied(site, http, code)
    proof = {"code": code, "phone_last4": "4567"}
    async with http.post("/track", data=proof, headers=own) as answer:
        assert 'name="satisfied"' in await answer.text()
    async with http.post("/track/answer", data=proof | {"satisfied": pressed}, headers=own) as answer:
        assert answer.status == 200
        assert 'name="satisfied"' not in await answer.text()
    async with http.get(f"/api/v1/tickets/{code}?phone_last4=4567") as answer:
        assert (await answer.json())["status"] == status
    async with http.post("/track/answer", data=proof | {"satisfied": pressed}, headers=own) as answer:
        assert answer.status == 409
        assert "دیگر باز نیست" in await answer.text()


async def test_a_survey_is_answered_once_with_words_beside_the_number(
    site: Site, http: aiohttp.ClientSession, own: dict[str, str]
) -> None:
    rules, database = site.parts.rules, site.parts.database
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await close(database, rules, ticket, "no_violation")
    await asked_about(database, ticket, None)
    proof = {"code": ticket.code, "phone_last4": PHONE[-4:]}
    async with http.post("/track", data=proof, headers=own) as answer:
        assert 'name="comment"' in await answer.text()
    said = proof | {"rating": "2", "comment": "کسی زنگ نزد"}
    async with http.post("/track/answer", data=said, headers=own) as answer:
        assert answer.status == 200
        assert 'name="rating"' not in await answer.text()
    async with http.post("/track/answer", data=said, headers=own) as answer:
        assert answer.status == 409
    seen = await get_ticket(database, rules, member("supervisor"), ticket.code, NOW)
    assert seen["timeline"][-1]["data"] == {"rating": 2, "note": "کسی زنگ نزد"}


async def test_pages_speak_english_when_asked(http: aiohttp.ClientSession) -> None:
    for path in ("/", "/track", "/nowhere"):
        async with http.get(path, params={"lang": "en"}, headers={"Accept": "text/html"}) as answer:
            text = await answer.text()
        assert '<html lang="en" dir="ltr">' in text
        assert not re.search("[؀-ۿ]", text.replace("فارسی", "")), path


async def test_opening_hours_are_shown(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as answer:
        assert "هر روز ۸ تا ۲۱" in await answer.text()
