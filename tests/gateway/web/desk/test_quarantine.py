"""The quarantine's pages: what nobody could read is shown harmlessly, made a ticket of once, or discarded."""

from __future__ import annotations

import re
from base64 import b64encode

import aiohttp
import pytest
from sqlalchemy import select

from channels.channel import Arrival
from tests.support.desk_pages import post, read
from tests.support.web import Site
from ticketing.intake import quarantine
from ticketing.tables import attachments, events, reports, tickets

MAIL = (
    "From: =?utf-8?b?2YXYsduM2YU=?= <maryam@example.ir>",
    "Subject: =?utf-8?b?2q/Ysdin2YbigIzZgdix2YjYtNuM?=",
    "Content-Type: multipart/mixed; boundary=b",
    "",
    "--b",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    "2YbYp9mGINqv2LHYp9mG",
    "",
    "--b",
    'Content-Type: image/png; name="p0.png"',
    "Content-Transfer-Encoding: base64",
    "",
    "AAAA",
    "--b--",
)


async def keep(site: Site, channel: str, raw: bytes, parsed: object) -> int:
    """What a channel was handed, stored and not read yet; the report's id."""
    await site.parts.reception.keep(channel, Arrival("one", parsed, raw, site.clock.now()))
    return int((await site.parts.database.read(select(reports.c.id)))[0]["id"])


async def set_aside(site: Site, raw: bytes) -> int:
    """A mail that nobody could read; the report's id."""
    report_id = await keep(site, "email", raw, raw)
    await quarantine(site.parts.database, report_id, "raw:unreadable")
    return report_id


@pytest.fixture
async def report_id(site: Site) -> int:
    raw = "<script>alert(1)</script> گران‌فروشی نان \u202e\x00\xff".encode("utf-8", "surrogatepass") + b"\xff"
    return await set_aside(site, raw)


async def test_what_came_is_shown_as_text_that_does_nothing(
    http: aiohttp.ClientSession, boss: str, report_id: int
) -> None:
    _, listed = await read(http, "/desk/quarantine", boss)
    assert f"/desk/quarantine/{report_id}" in listed
    _, page = await read(http, f"/desk/quarantine/{report_id}", boss)
    assert "<script>alert" not in page
    assert "گران‌فروشی نان" in page
    assert "\u202e" not in page
    assert "\x00" not in page


async def test_mail_is_decoded_and_fills_the_ticket(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    raw = "\r\n".join(MAIL).encode()
    report_id = await set_aside(site, raw)
    _, page = await read(http, f"/desk/quarantine/{report_id}?lang=en", boss)
    assert "m***@example.ir" in page
    assert "maryam@example.ir" not in page
    assert "گران‌فروشی" in page
    assert "نان گران</textarea>" in page
    assert re.search(r"p0\.png</bdi>\s*<span[^>]*>1 KB</span> – it is no photo", page)
    assert "base64" not in page
    assert "2YbYp9mG" not in page
    typed = {"text": "فقط نان", "phone": "12"}
    _, _, again = await post(http, f"/desk/quarantine/{report_id}/ticket", boss, **typed)
    assert "فقط نان</textarea>" in again
    _, _, again = await post(http, f"/desk/quarantine/{report_id}/discard", boss, reason="")
    assert "نان گران</textarea>" in again


async def test_files_of_a_mail_come_along_once_as_far_as_they_may(
    http: aiohttp.ClientSession, site: Site, boss: str
) -> None:
    photo = b"\x89PNG\r\n\x1a\n" + bytes(2_000)
    plain = "\r\n".join(MAIL).encode().removesuffix(b"--")
    raw = plain + b"\r\n".join(
        (
            b"",
            b'Content-Type: image/png; name="../shop.png"',
            b"Content-Transfer-Encoding: base64",
            b"",
            b64encode(photo),
            b"--b--",
        )
    )
    report_id = await set_aside(site, raw)
    path = f"/desk/quarantine/{report_id}"
    _, page = await read(http, f"{path}?lang=en", boss)
    along, _, left = page.partition("Attachments that do not come along")
    assert "shop.png" in along.partition("Attachments that come along")[2]
    assert "p0.png" in left
    said = {"text": "نانوایی نان را گران می‌فروشد", "phone": "09121234567", "category": "overcharging"}
    status, _, again = await post(http, f"{path}/ticket", boss, **said)
    assert status == 409  # the form does not speak of the files this mail has
    assert "گران می‌فروشد</textarea>" in again
    assert await site.parts.database.read(select(tickets.c.id)) == []
    for _ in range(2):
        assert (await post(http, f"{path}/ticket", boss, **said, files="1"))[0] == 303
    rows = await site.parts.database.read(select(attachments))
    assert [(each["name"], each["media_type"]) for each in rows] == [("shop.png", "image/png")]
    assert rows[0]["ticket_id"] is not None
    assert await site.parts.files.read(rows[0]["sha256"]) == photo
    _, page = await read(http, f"{path}?lang=en", boss)
    assert "come along" not in page.partition("Attachments that do not")[0]


@pytest.mark.parametrize(
    ("channel", "raw", "seen"),
    [
        (
            "sms",
            '{"sender": "09121234567", "line": "1", "message_id": "7", "text": "نان گران"}',
            "نان گران</textarea>",
        ),
        ("telegram", '{"broken": ', "broken"),
    ],
)
async def test_other_channels_are_shown_as_they_read_them_or_as_they_came(
    http: aiohttp.ClientSession, site: Site, boss: str, channel: str, raw: str, seen: str
) -> None:
    report_id = await keep(site, channel, raw.encode(), {})
    await quarantine(site.parts.database, report_id, "KeyError")
    status, page = await read(http, f"/desk/quarantine/{report_id}", boss)
    assert status == 200
    assert seen in page
    assert "09121234567" not in page


async def test_ticket_is_made_once_and_keeps_the_channel(
    http: aiohttp.ClientSession, site: Site, boss: str, report_id: int
) -> None:
    path = f"/desk/quarantine/{report_id}/ticket"
    assert (await post(http, path, boss, text="", phone="12"))[0] == 422
    said = {"text": "نانوایی نان را گران می‌فروشد", "phone": "09121234567", "category": "overcharging"}
    for _ in range(2):
        assert (await post(http, path, boss, **said))[0] == 303
    rows = await site.parts.database.read(select(tickets))
    assert [row["channel"] for row in rows] == ["email"]
    opened = await site.parts.database.read(select(events.c.actor).where(events.c.kind == "opened"))
    assert [row["actor"] for row in opened] == ["boss"]
    _, page = await read(http, f"/desk/quarantine/{report_id}", boss)
    assert "/desk/tickets/" in page
    assert (await post(http, f"/desk/quarantine/{report_id}/discard", boss, reason="spam"))[0] == 409


async def test_discarding_needs_a_reason_and_is_final(http: aiohttp.ClientSession, boss: str, report_id: int) -> None:
    path = f"/desk/quarantine/{report_id}"
    assert (await post(http, f"{path}/discard", boss, reason=""))[0] == 422
    for _ in range(2):
        assert (await post(http, f"{path}/discard", boss, reason="spam"))[0] == 303
    assert (await post(http, f"{path}/ticket", boss, text="متن", phone="09121234567"))[0] == 409


async def test_understood_reports_are_not_shown_here(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    async with http.post("/api/v1/reports", json={"text": "گران‌فروشی", "phone": "09121234567"}) as answer:
        assert answer.status == 201
    row = (await site.parts.database.read(select(reports.c.id)))[0]
    assert (await read(http, f"/desk/quarantine/{row['id']}", boss))[0] == 404
    assert (await read(http, "/desk/quarantine/nonsense", boss))[0] == 404


async def test_mail_that_is_about_to_be_read_is_not_filed_by_hand_too(
    http: aiohttp.ClientSession, site: Site, boss: str
) -> None:
    raw = "\r\n".join(MAIL).encode()
    report_id = await keep(site, "email", raw, raw)
    path = f"/desk/quarantine/{report_id}"
    assert (await read(http, path, boss))[0] == 404
    assert (await post(http, f"{path}/ticket", boss, text="نان گران", phone="09121234567"))[0] == 404
    assert (await post(http, f"{path}/discard", boss, reason="spam"))[0] == 404
