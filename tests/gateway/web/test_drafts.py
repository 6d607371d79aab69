"""A report begun and not sent: offered again to its own browser, forgotten after a day, open to nobody else."""

from __future__ import annotations

import re

import aiohttp

from tests.support.citizen import PHONE, WHAT, Citizen
from tests.support.web import Site


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
