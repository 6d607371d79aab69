"""A report one question a page, without a browser: the way through, what is kept, and what never is."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import aiohttp
import pytest

from gateway.web.pages.steps import licence_id
from tests.gateway.web.test_bodies import JPEG
from tests.gateway.web.test_reports_api import count_tickets
from tests.support.web import Site
from ticketing.tables import reports, tickets

PHONE = "۰۹۱۲ ۱۲۳ ۴۵۶۷"
SHOP = {"business.name": "سوپرمارکت بهار", "place.province": "23", "place.county": "تهران"}
WHAT = {"text": "شیر را گران‌تر فروخت", "day": "۲۰", "month": "۸", "year": "۱۴۰۵"}


class Citizen:
    """A browser without scripts: keeps cookies, follows redirects, sends what a page's form holds."""

    def __init__(self, site: Site, http: aiohttp.ClientSession) -> None:
        self._own = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
        self.http = http
        self.path = self.text = ""
        self.status = 0

    async def open(self, path: str) -> None:
        async with self.http.get(path) as answer:
            await self._seen(answer)

    async def answer(self, step: str, data: object = None, query: str = "") -> None:
        async with self.http.post(f"/report/{step}{query}", data=data or {"go": "on"}, headers=self._own) as answer:
            await self._seen(answer)

    async def send(self, **change: str) -> None:
        """Press the button of the page of answers, as it stands."""
        async with self.http.post("/", data=self.hidden() | change, headers=self._own) as answer:
            await self._seen(answer)

    async def keep_offline(self, form: dict[str, str]) -> aiohttp.ClientResponse:
        part = aiohttp.FormData({"report": json.dumps(form)}, default_to_multipart=True)
        return await self.http.post("/", data=part, headers=self._own)

    def hidden(self) -> dict[str, str]:
        return {
            name: unescape(value) for name, value in re.findall(r'"hidden" name="([^"]+)" value="([^"]*)"', self.text)
        }

    async def through(self, until: str = "check") -> None:
        for step, data in (
            ("subject", {"category": "overcharging"}),
            ("licence", {"go": "skip"}),
            ("shop", SHOP),
            ("what", WHAT),
            ("photos", None),
            ("contact", {"phone": PHONE}),
        ):
            if step == until:
                return
            await self.answer(step, data)

    async def _seen(self, answer: aiohttp.ClientResponse) -> None:
        self.status, self.path, self.text = answer.status, answer.url.path, await answer.text()


@pytest.fixture
async def citizen(site: Site) -> AsyncIterator[Citizen]:
    async with aiohttp.ClientSession(site.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Citizen(site, http)


def photo(content: bytes = JPEG, name: str = "قبض.jpg") -> aiohttp.FormData:
    data = aiohttp.FormData(quote_fields=False)  # as browsers name files
    data.add_field("files", content, filename=name, content_type="image/jpeg")
    return data


async def test_each_answer_leads_to_the_next_question_and_the_last_to_one_ticket(site: Site, citizen: Citizen) -> None:
    seen = []
    await citizen.open("/")
    for step, data in (
        ("subject", {"category": "overcharging"}),
        ("licence", {"go": "skip"}),
        ("shop", SHOP),
        ("what", WHAT),
        ("photos", None),
        ("contact", {"phone": PHONE}),
    ):
        await citizen.answer(step, data)
        seen.append((citizen.path.rpartition("/")[2], re.findall(r"([۰-۹]) از ۶", citizen.text)[0]))
    assert seen == [("licence", "۲"), ("shop", "۲"), ("what", "۳"), ("photos", "۴"), ("contact", "۵"), ("check", "۶")]
    await citizen.send()
    assert (citizen.status, citizen.path) == (200, "/reported")
    row = (await site.parts.database.read(tickets.select()))[0]
    assert (row["category"], row["business_name"], row["province"], row["step"]) == (
        "overcharging",
        SHOP["business.name"],
        "23",
        2,
    )
    assert row["happened_on"].isoformat() == "2026-11-11"


async def test_a_guild_id_spares_the_questions_about_the_shop(site: Site, citizen: Citizen) -> None:
    await citizen.answer("subject", {"category": "overcharging"})
    await citizen.answer("licence", {"business.guild_id": "https://qr.example/p?id=۰۵۱۲۳۴۵۶۷۸&x=1"})
    assert citizen.path == "/report/what"
    await citizen.answer("what", {"text": "شیر را گران‌تر فروخت"})
    await citizen.answer("photos")
    await citizen.answer("contact", {"phone": PHONE})
    assert "۰۵۱۲۳۴۵۶۷۸" in citizen.text
    await citizen.send()
    row = (await site.parts.database.read(tickets.select()))[0]
    assert (row["business_guild_id"], row["step"], row["missing"]) == ("0512345678", 2, [])


@pytest.mark.parametrize(
    ("typed", "guild_id"),
    [
        ("0512345678", "0512345678"),
        ("\u200f۰۵۱۲ ۳۴۵-۶۷۸\u200e ", "0512345678"),
        ("https://iranianasnaf.ir/p/0512345678", "0512345678"),
        ("https://any.example/l/٠٥١٢٣٤٥٦٧٨", "0512345678"),
        ("https://any.example/0512345678/1234567890", None),
        ("https://any.example/05123456781", None),
        ("12345", None),
    ],
)
def test_a_licence_is_read_from_number_or_link(typed: str, guild_id: str | None) -> None:
    assert licence_id(typed) == guild_id


async def test_what_was_answered_is_there_on_the_way_back_and_in_the_other_language(citizen: Citizen) -> None:
    await citizen.through("contact")
    await citizen.open("/report/what")
    assert WHAT["text"] in citizen.text
    await citizen.open("/report/shop?lang=en")
    assert f'value="{SHOP["business.name"]}"' in citizen.text
    await citizen.open("/report/subject")
    assert 'value="overcharging" checked' in citizen.text


async def test_a_wrong_answer_stays_on_its_page_with_what_was_typed(citizen: Citizen) -> None:
    await citizen.through("contact")
    await citizen.answer("contact", {"phone": "۰۹۱۲", "name": "سارا"})
    text = unescape(citizen.text)
    assert citizen.status == 422
    assert re.search("<title>خطا:", text)
    assert '<a href="#phone">' in text
    assert 'value="سارا"' in text
    await citizen.open("/report/check")
    assert citizen.path == "/report/contact"


async def test_one_answer_is_changed_and_leads_back_to_the_check(citizen: Citizen) -> None:
    await citizen.through()
    assert "/report/shop?to=check" in citizen.text
    await citizen.answer("shop", SHOP | {"business.name": "نانوایی سنگکی"}, "?to=check")
    assert citizen.path == "/report/check"
    assert "نانوایی سنگکی" in citizen.text


async def test_pages_out_of_turn_lead_to_the_first_question_that_is_open(citizen: Citizen) -> None:
    await citizen.open("/report/what")
    assert citizen.path == "/"
    await citizen.answer("subject", {"category": "fraud"})
    await citizen.open("/report/check")
    assert citizen.path == "/report/what"
    for unknown in ("/report/nothing", "/report/send"):
        await citizen.open(unknown)
        assert citizen.status == 404


async def test_a_photo_sent_at_its_step_is_kept_sealed_and_joins_the_report(site: Site, citizen: Citizen) -> None:
    await citizen.through("photos")
    await citizen.answer("photos", photo())
    assert citizen.path == "/report/contact"
    drafts = list((site.parts.settings.storage.attachments.with_name("drafts")).iterdir())
    assert not any(JPEG in path.read_bytes() or "سوپر".encode() in path.read_bytes() for path in drafts)
    await citizen.answer("contact", {"phone": PHONE})
    assert "قبض.jpg" in citizen.text
    await citizen.send()
    assert stored(site) == [JPEG]
    assert len(list(drafts[0].parent.iterdir())) == 1  # all that is left says that it was sent


async def test_a_photo_can_be_taken_back_and_a_refused_one_loses_no_other(site: Site, citizen: Citizen) -> None:
    await citizen.through("photos")
    data = photo(name="خوب.jpg")
    data.add_field("files", b"#!/bin/sh", filename="بد.jpg", content_type="image/jpeg")
    await citizen.answer("photos", data)
    assert citizen.status == 422
    assert "خوب.jpg" in citizen.text
    assert 'id="files-error"' in citizen.text
    name = re.findall(r'name="remove" value="([0-9a-f]+)"', citizen.text)[0]
    await citizen.answer("photos", {"remove": name})
    assert (citizen.path, "خوب.jpg" in citizen.text) == ("/report/photos", False)


async def test_photos_that_are_gone_are_asked_for_again(site: Site, citizen: Citizen) -> None:
    await citizen.through("photos")
    await citizen.answer("photos", photo())
    await citizen.answer("contact", {"phone": PHONE})
    for path in site.parts.settings.storage.attachments.with_name("drafts").glob("*.*"):
        path.unlink()
    await citizen.send()
    assert citizen.status == 422
    assert "دیگر نیست" in citizen.text
    assert await count_tickets(site) == 0


async def test_going_back_after_sending_and_pressing_again_is_one_ticket(site: Site, citizen: Citizen) -> None:
    await citizen.through()
    await citizen.answer("photos", photo(), "?to=check")
    before = citizen.hidden()
    await citizen.send()
    first = citizen.text
    citizen.text = "".join(f'"hidden" name="{name}" value="{value}"' for name, value in before.items())
    await citizen.send()  # the page as the browser kept it
    assert (citizen.path, citizen.text) == ("/reported", first)
    await citizen.open("/report/check")  # the page asked for anew
    assert (citizen.path, citizen.text) == ("/reported", first)
    assert await count_tickets(site) == 1


async def test_threat_5_nothing_is_lost_while_reports_cannot_be_stored(site: Site, citizen: Citizen) -> None:
    await citizen.through("photos")
    await citizen.answer("photos", photo())
    await citizen.answer("contact", {"phone": PHONE})
    form_id = citizen.hidden()["form_id"]
    await site.parts.database.writer.stop()
    await citizen.send()
    assert citizen.status == 503
    assert "قبض.jpg" in citizen.text
    assert citizen.hidden()["form_id"] == form_id


async def test_threat_6_a_draft_the_disk_will_not_let_go_takes_no_confirmation_away(
    site: Site, citizen: Citizen
) -> None:
    await citizen.through()
    sent = citizen.hidden()
    folder = site.parts.settings.storage.attachments.with_name("drafts")
    aside = folder.with_name("aside")

    def fail(_: set[str]) -> None:
        if not aside.exists():
            folder.rename(aside)
            folder.write_bytes(b"")

    site.parts.database.writer.on_commit.append(fail)
    await citizen.send()
    assert (citizen.status, citizen.path) == (200, "/reported")
    folder.unlink()
    aside.rename(folder)
    site.parts.database.writer.on_commit.remove(fail)
    first = citizen.text
    citizen.text = "".join(f'"hidden" name="{name}" value="{value}"' for name, value in sent.items())
    await citizen.send()
    assert (citizen.path, citizen.text) == ("/reported", first)
    assert await count_tickets(site) == 1


async def test_open_complaints_about_the_same_shop_are_told_as_a_number(site: Site, citizen: Citizen) -> None:
    await citizen.through()
    await citizen.send()
    await citizen.through("what")
    note = re.findall(r'id="lately-title">([^<]+)<', citizen.text)
    assert len(note) == 1
    assert "۱ گزارش" in note[0]
    assert "0912" not in citizen.text
    await citizen.answer("shop", SHOP | {"business.name": "نانوایی سنگکی"})
    assert "lately-title" not in citizen.text


async def test_an_unfinished_report_is_offered_again_and_can_be_dropped(citizen: Citizen) -> None:
    await citizen.through("contact")
    await citizen.open("/")
    assert 'href="/report/contact"' in citizen.text
    assert WHAT["text"] not in citizen.text
    await citizen.answer("subject", {"start_over": "yes"})
    assert "start_over" not in citizen.text
    await citizen.open("/report/what")
    assert citizen.path == "/"


async def test_a_draft_is_forgotten_after_a_day(site: Site, citizen: Citizen) -> None:
    await citizen.through()
    site.clock.advance(hours=25)
    await citizen.open("/report/check")
    assert citizen.path == "/"
    await citizen.answer("subject", {"category": "fraud"})
    assert len(list(site.parts.settings.storage.attachments.with_name("drafts").iterdir())) == 1


async def test_the_cookie_says_nothing_and_no_script_reads_it(site: Site, citizen: Citizen) -> None:
    own = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
    async with citizen.http.post(
        "/report/contact", data={"phone": PHONE}, headers=own, allow_redirects=False
    ) as answer:
        cookie = answer.headers["Set-Cookie"]
        assert answer.headers["Location"] == "/report/check"
    assert re.fullmatch(r"draft=[0-9a-f]{32}; HttpOnly; Path=/; SameSite=Lax", cookie)


async def test_another_cookie_opens_nobodys_draft(site: Site, citizen: Citizen) -> None:
    await citizen.through()
    for cookie in ("0" * 32, "../../keys", "ز" * 32, ""):
        async with aiohttp.ClientSession(site.url) as stranger:
            headers = {"Cookie": f"draft={cookie}"}
            async with stranger.get("/report/check", headers=headers, allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (303, "/")


async def test_a_report_kept_offline_is_taken_once_and_answered_in_json(site: Site, citizen: Citizen) -> None:
    await citizen.through("photos")
    await citizen.answer("photos", photo())
    await citizen.answer("contact", {"phone": PHONE})
    form = citizen.hidden()
    first = await citizen.keep_offline(form)
    again = await citizen.keep_offline(form)
    assert (first.status, again.status) == (201, 200)
    assert (await first.json())["tracking_code"] == (await again.json())["tracking_code"]
    assert stored(site) == [JPEG]
    refused = await citizen.keep_offline({"form_id": form["form_id"][::-1], "text": "x"})
    assert (refused.status, (await refused.json(content_type=None))["errors"][0]["field"]) == (422, "phone")
    for wrong in ("[]", '{"text": 1}', "{"):
        part = aiohttp.FormData({"report": wrong}, default_to_multipart=True)
        own = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
        async with citizen.http.post("/", data=part, headers=own) as answer:
            assert answer.status in (400, 422)
    assert len(await site.parts.database.read(reports.select())) == 1


async def test_every_page_is_light(site: Site, citizen: Citizen) -> None:
    await citizen.through()
    weights = {}
    async with aiohttp.ClientSession(site.url, auto_decompress=False) as plain:
        for path in ("/", *(f"/report/{step}" for step in ("licence", "shop", "what", "photos", "contact", "check"))):
            await citizen.open(path)
            assert citizen.path == path
            weights[path] = len(citizen.text.encode())
            parts = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', citizen.text))
            assert len(parts) <= 3  # the sheet, the icon, one script
            for part in parts:
                async with plain.get(part, headers={"Accept-Encoding": "gzip"}) as answer:
                    weights[path] += len(await answer.read())
    assert max(weights.values()) < 24_000, weights


def stored(site: Site) -> list[bytes]:
    folder: Path = site.parts.settings.storage.attachments
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
