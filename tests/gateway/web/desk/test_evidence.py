"""Attachments over HTTP: to whoever sees the ticket, as what they are, sandboxed; nothing of an address is a path."""

from __future__ import annotations

import aiohttp
import pytest
from sqlalchemy import select, update

from normalizer.report import Attachment
from tests.gateway.web.test_bodies import JPEG
from tests.support.ticket_desk import TicketDesk, a_ticket
from tests.support.web import Site
from ticketing.tables import attachments
from ticketing.transaction import UnitTransaction

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture
def desk(site: Site, http: aiohttp.ClientSession) -> TicketDesk:
    return TicketDesk(site, http)


async def with_file(site: Site, content: bytes, name: str, media_type: str) -> str:
    """The address of the file of a fresh ticket of Tehran."""
    code = await a_ticket(site, attachments=(Attachment(name=name, media_type=media_type, content=content),))
    rows = await site.parts.database.read(select(attachments.c.id))
    return f"/desk/tickets/{code}/attachments/{rows[-1]['id']}"


async def test_picture_is_shown_as_what_it_is_and_may_do_nothing(desk: TicketDesk, site: Site) -> None:
    path = await with_file(site, JPEG, "عکس.jpg", "image/jpeg")
    status, headers, content = await (await desk.sit("evaluator")).get(path)
    assert (status, content) == (200, JPEG)
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"] == "inline; filename*=UTF-8''%D8%B9%DA%A9%D8%B3.jpg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize(
    ("media_type", "served_as"), [("application/pdf", "application/pdf"), ("text/html", "application/octet-stream")]
)
async def test_what_is_no_picture_sound_or_film_is_saved(
    desk: TicketDesk, site: Site, media_type: str, served_as: str
) -> None:
    path = await with_file(site, PDF, 'a"\r\nb.pdf', media_type)
    status, headers, _ = await (await desk.sit("evaluator")).get(path)
    assert status == 200
    assert headers["Content-Type"] == served_as
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22%0D%0Ab.pdf"


async def test_file_is_there_for_those_who_see_its_ticket_only(desk: TicketDesk, site: Site) -> None:
    path = await with_file(site, JPEG, "a.jpg", "image/jpeg")
    assert await (await desk.sit("evaluator", organisation="10")).status(path) == 404
    other = await a_ticket(site, phone="09121234568", text="چیز دیگر")
    mine = path.rpartition("/")[2]
    assert await (await desk.sit("evaluator")).status(f"/desk/tickets/{other}/attachments/{mine}") == 404
    assert await desk.status(path) == 401


@pytest.mark.parametrize("wanted", ["0", "-1", "x", "%2e%2e%2fkeys", "9" * 30, "۱"])
async def test_address_is_never_a_path(desk: TicketDesk, site: Site, wanted: str) -> None:
    path = await with_file(site, JPEG, "a.jpg", "image/jpeg")
    assert await (await desk.sit("evaluator")).status(f"{path.rpartition('/')[0]}/{wanted}") == 404


async def test_file_that_is_not_there_yet_is_not_found(desk: TicketDesk, site: Site) -> None:
    path = await with_file(site, JPEG, "a.jpg", "image/jpeg")

    async def forget(tx: UnitTransaction) -> None:
        await tx.execute(update(attachments).values(sha256=None))

    await site.parts.database.write(forget)
    evaluator = await desk.sit("evaluator")
    assert await evaluator.status(path) == 404
    assert "هنوز نرسیده است" in await evaluator.page(path.split("/")[3])
