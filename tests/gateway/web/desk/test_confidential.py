"""Who complains about a body: never told to those who answer, nor, that somebody does, to the body complained of.

Every route there is is asked as both, read and written to, with all that could betray the citizen; a route with a
part of its address that nobody has thought of here fails. So is every message that goes out.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import product
from typing import Any, Final

import aiohttp
import pytest
from sqlalchemy import select

from gateway.web.route import Route
from gateway.web.routes import ROUTES
from normalizer.text import fold
from sms.tables import notices
from tests.gateway.web.desk.test_live import has_opened, next_news
from tests.support.desk_pages import OURS
from tests.support.files import JPEG, a_wave
from tests.support.web import SMS_SECRET, Site
from ticketing.sweep import sweep
from ticketing.tables import attachments, tickets

ADDRESSEE, ANSWERING = "02-07-chamber", "02-07-county_commission"
ABOVE, LAST = "02-provincial_commission", "secretariat"
_UNTIL_LATE_AT_THE_LAST: Final = 34
"""Days: three legal times, and some more."""
MATTER: Final = "صدور پروانه را متوقف کرده‌اند"
PHONES: Final = {body: f"0912000000{place}" for place, body in enumerate((ADDRESSEE, ANSWERING, ABOVE, LAST))}
REPORT: Final = {
    "procedure": "guild_body",
    "details": {"against": "chamber"},
    "text": f"اینجانب شهربانو تيموريان هستم، {MATTER}، ۰۹۱۳۷۶۵۴۳۲۱ و @taymoor_m، خانه ۳۳۳۳۴۴۴۴",
    "name": "شهربانو تیموریان",
    "phone": "09137654321",
    "email": "taymoor@example.com",
    "national_id": "0084575948",
    "place": {"province": "02", "county": "ساری", "lat": 36.5659, "lon": 53.0586},
    "business": {"name": "نانوایی گلپونه", "guild_id": "0451234567", "phone": "01133332211", "address": "کوچه شقایق"},
}
WHO: Final = tuple(
    fold(mark)
    for mark in (
        *("تیموریان", "شهربانو", "9137654321", "913***", "taymoor", "0084575948", "33334444", "36.5659", "53.0586"),
        *("گلپونه", "0451234567", "33332211", "شقایق", "شناسنامه"),
    )
)
SEARCHES: Final = (
    "شهربانو تیموریان",
    "تیموریان",
    "شهربا",
    "09137654321",
    "taymoor@example.com",
    "0084575948",
    "گلپونه",
    "taymoor_m",
)
FOUND: Final = "پروانه"
APART: Final = {"/desk/events": "has no end", "/sandbox/messages": "a trial's own window on the provider"}
ENDING: Final = ("/desk/sign-out", "/api/v1/staff/logout", "/desk/account/sign-outs")


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint, and what the parts of addresses are about it."""

    site: Site
    http: aiohttp.ClientSession
    code: str
    parts: dict[str, tuple[str, ...]]
    files: dict[str, str]

    async def signed_in(self, username: str) -> dict[str, str]:
        return {**OURS, "Cookie": f"desk={await self.site.token(username)}"}

    async def act(self, by: str, action: str, files: tuple[str, ...] = (), **said: Any) -> tuple[int, str]:
        version = (await self.site.parts.database.read(select(tickets.c.version)))[0]["version"]
        form = _multipart("action", {"version": version, **said}, *files)
        path = f"/api/v1/staff/tickets/{self.code}/actions/{action}"
        async with self.http.post(path, data=form, headers=await self.signed_in(by)) as answer:
            return answer.status, await answer.text()


def _multipart(part: str, said: dict[str, Any], *files: str) -> aiohttp.FormData:
    form = aiohttp.FormData({part: json.dumps(said)}, default_to_multipart=True, quote_fields=False)
    for name in files:
        content, media_type = (a_wave(), "audio/wav") if name.endswith("wav") else (JPEG, "image/jpeg")
        form.add_field("files", content, filename=name, content_type=media_type)
    return form


@pytest.fixture
async def case(site: Site, http: aiohttp.ClientSession) -> Case:
    """A complaint the citizen added to, that a liaison spoke of by name and attached a file to."""
    for body, phone in PHONES.items():
        organisation = "" if body == LAST else "02"
        await site.add_staff(f"at.{body}", "responder", organisation=organisation, body=body, phone=phone)
    await site.add_staff("liaison", "liaison", organisation="02")
    filed = _multipart("report", REPORT, "شهربانو تیموریان.jpg", "شناسنامه.wav")
    async with http.post("/api/v1/reports", data=filed) as answer:
        assert answer.status == 201, await answer.text()
        code = str((await answer.json())["tracking_code"])
    added = {"phone_last4": "4321", "text": "تیموریان‌ام؛ مدرک پیوست است"}
    addition = _multipart("addition", added, "شناسنامه.jpg")
    async with http.post(f"/api/v1/tickets/{code}/additions", data=addition) as answer:
        assert answer.status == 200, await answer.text()
    text = {"from": "09137654321", "to": "30001240", "messageid": "1", "message": f"{code} ایمیلم taymoor@example.com"}
    async with http.get(f"/hooks/kavenegar/{SMS_SECRET}/inbound", params=text) as answer:
        assert answer.status == 200
    case = Case(site, http, code, {}, {})
    assert (await case.act("liaison", "reveal", reason="تماس با خانم تیموریان"))[0] == 200
    status, said = await case.act("liaison", "note", ("shared.jpg", "call.wav"), text="شهربانو تیموریان، ۰۹۱۳۷۶۵۴۳۲۱")
    assert status == 200, said
    rows = await site.parts.database.read(select(attachments.c.id, attachments.c.name))
    case.files.update({row["name"]: str(row["id"]) for row in rows})
    case.parts.update(_parts(site, case))
    return case


def _parts(site: Site, case: Case) -> dict[str, tuple[str, ...]]:
    """What stands for each part of an address."""
    some = ("business", "case", "conversation", "official", "slot", "report", "letter", "page")
    others = {"system": "foad", "provider": "kavenegar", "bot": "telegram", "moment": "ringing", "secret": "x" * 32}
    named = {"step": "check", "procedure": "guild_body", "section": "texts", "name": "step", "username": "liaison"}
    return {
        **dict.fromkeys(some, ("1",)),
        **{part: (value,) for part, value in (others | named).items()},
        "code": (case.code,),
        "action": tuple(site.parts.rules.procedures["guild_body"].actions),
        "attachment": tuple(case.files.values()),
    }


def addresses(case: Case, route: Route) -> Iterator[str]:
    """Every address of a route about this complaint. KeyError for a part that was not thought of."""
    names = re.findall(r"\{(\w+)\}", route.path)
    for values in product(*(case.parts[name] for name in names)):
        path = route.path
        for name, value in zip(names, values, strict=True):
            path = path.replace(f"{{{name}}}", value)
        yield path


def asked(case: Case) -> Iterator[tuple[str, str, Any]]:
    """Every request: method, address, body."""
    code = case.code
    for route in ROUTES:
        if route.path in APART:
            continue
        for path in addresses(case, route):
            if route.method == "GET":
                yield "GET", path, None
            else:
                yield from (("POST", path, body) for body in _bodies(path, code))
    for q in ("", FOUND, code):
        yield "GET", f"/desk/queue?tab=all&status=any&q={q}", None
        yield "GET", f"/api/v1/staff/tickets?status=any&q={q}", None
    yield "GET", "/desk/queue/news?since=1&tab=all", None
    yield "GET", f"/desk/queue/next?after={code}", None
    yield "GET", f"/desk/queue/row?code={code}", None
    yield "GET", f"/desk/tickets/{code}/news?seen=0", None
    yield "GET", f"/track?code={code}", None


def _bodies(path: str, code: str) -> Iterator[Any]:
    """Nothing; and what says a little of everything, of a version that is past."""
    fat = {"version": 1, "code": code, "tracking_code": code, "q": FOUND, "text": "-", "phone_last4": "0000"}
    if path.startswith("/api/"):
        yield from ({"json": {}}, {"json": fat})
    else:
        form = {**{name: str(value) for name, value in fat.items()}, "procedure": "guild_body", "form_id": "f" * 32}
        yield from ({"data": {}}, {"data": form})


async def answers(case: Case, body: str) -> AsyncIterator[tuple[str, int, str]]:
    """All that a responder of `body` can get to read: the request, its status, the text."""
    headers = await case.signed_in(f"at.{body}")
    for method, path, said in asked(case):
        async with case.http.request(method, path, headers=headers, allow_redirects=False, **(said or {})) as answer:
            read = await answer.read()
            yield f"{method} {path}", answer.status, f"{answer.headers} {_opened(read)}"
        if path in ENDING and method == "POST":
            headers = await case.signed_in(f"at.{body}")


def _opened(content: bytes) -> str:
    if content.startswith(b"PK"):  # a table, compressed
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b" ".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")


def told(text: str) -> list[str]:
    """The marks of the citizen in a text."""
    words = fold(unescape(re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)))
    return [mark for mark in WHO if mark in words]


async def test_threat_54_the_body_complained_of_learns_nothing_anywhere(case: Case) -> None:
    async for request, _, text in answers(case, ADDRESSEE):
        assert not told(text), request
        assert MATTER not in text, request
        assert case.code in request or case.code not in re.sub(r'value="[^"]*"', "", text), request


async def test_threat_54_who_answers_reads_the_matter_and_never_whose_it_is(case: Case) -> None:
    read: dict[str, tuple[int, str]] = {}
    async for request, status, text in answers(case, ANSWERING):
        assert not told(text), request
        assert status < 500 or "readyz" in request, request
        read.setdefault(request, (status, text))
    page = read[f"GET /desk/tickets/{case.code}"][1]
    assert MATTER in page
    assert "۴ فایل شاکی به شما نشان داده نمی‌شود" in page
    assert MATTER[:10] in read["GET /desk/queue"][1]
    assert case.code in read[f"GET /api/v1/staff/tickets?status=any&q={FOUND}"][1]
    assert read[f"POST /api/v1/staff/tickets/{case.code}/actions/note"][0] in (409, 422), "asked, and not let in"
    for name, file in case.files.items():
        statuses = {status for request, (status, _) in read.items() if f"attachments/{file}" in request}
        assert statuses <= ({200, 403, 404} if name == "shared.jpg" else {403}), name


async def test_threat_54_who_answers_acts_and_is_shown_the_ticket_as_before(case: Case) -> None:
    said = {
        "outcome": "upheld",
        "text": "پروانه صادر می‌شود",
        "article": "۳۰",
        "legal_unit": "-",
        "legal_on": "1405-08-29",
    }
    for action, fields in (("note", {"text": "بررسی شد"}), ("answer", {**said, "text": ""}), ("answer", said)):
        status, text = await case.act(f"at.{ANSWERING}", action, **fields)
        assert status in (200, 422), text
        assert not told(text), action
    assert status == 200
    whole = json.loads(text)
    assert set(whole["facts"]["identity"].values()) == {None}
    assert {notice["to"] for notice in whole["notices"]} == {"***"}


@pytest.mark.parametrize("body", [ADDRESSEE, ANSWERING])
async def test_threat_54_the_citizen_cannot_be_searched_for(case: Case, body: str) -> None:
    headers = await case.signed_in(f"at.{body}")
    for q in SEARCHES:
        query = {"status": "any", "q": q}
        async with case.http.get("/api/v1/staff/tickets", params=query, headers=headers) as answer:
            assert await answer.json() == {"items": [], "next_cursor": None}, q
        async with case.http.post("/desk/queue/search?tab=all", data={"q": q}, headers=headers) as answer:
            assert case.code not in await answer.text(), q


async def test_threat_54_no_message_to_a_body_and_no_live_news_tells_of_the_citizen(case: Case) -> None:
    site, headers = case.site, await case.signed_in(f"at.{ANSWERING}")
    async with case.http.get("/desk/events", headers=headers) as stream:
        await has_opened(stream)
        async with case.http.post(f"/desk/tickets/{case.code}/take", headers=headers) as answer:
            assert answer.status == 200
        assert await next_news(stream) == {"name": "tickets", "said": None}
    for _ in range(_UNTIL_LATE_AT_THE_LAST):
        await sweep(site.parts.database, site.parts.rules, site.clock.advance(days=1))
    vault, sent = site.parts.rules.vault, dict[str, list[str]]()
    for row in await site.parts.database.read(select(notices)):
        to, text = (vault.unseal(f"notices.{name}", row["id"], row[name]) for name in ("recipient", "body"))
        sent.setdefault(f"0{to[3:]}", []).append(f"{text} {row['headers']} {row['choices']}")
    assert PHONES[ADDRESSEE] not in sent, "the body complained of hears nothing"
    del sent[REPORT["phone"]]
    assert sent.keys() == {PHONES[ANSWERING], PHONES[ABOVE], PHONES[LAST]}, "each was told, of terms and ways"
    assert not [text for texts in sent.values() for text in texts if told(text)]
