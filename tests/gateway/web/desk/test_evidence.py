"""Attachments over HTTP: to whoever sees the ticket, drawn anew; as they were sent, to those who may, in writing."""

from __future__ import annotations

import aiohttp
import pytest
from sqlalchemy import select, update

from normalizer.report import Attachment
from tests.support.files import a_fax, a_photo, a_wave, opened
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


async def test_photo_is_shown_drawn_anew_and_may_do_nothing(desk: TicketDesk, site: Site) -> None:
    sent = a_photo(turned=6)
    path = await with_file(site, sent, "عکس.jpg", "image/jpeg")
    evaluator = await desk.sit("evaluator")
    assert f"{path}/thumb" in await evaluator.page(path.split("/")[3])
    assert f"{path}/pages/1" in (await evaluator.get(path))[2].decode()
    for view in ("thumb", "pages/1"):
        status, headers, content = await evaluator.get(f"{path}/{view}")
        assert (status, headers["Content-Type"], opened(content).size) == (200, "image/jpeg", (48, 64))
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "no-store" in headers["Cache-Control"]


async def test_fax_is_shown_page_by_page(desk: TicketDesk, site: Site) -> None:
    path = await with_file(site, a_fax(2), "fax.tif", "image/tiff")
    evaluator = await desk.sit("evaluator")
    first, second = [(await evaluator.get(f"{path}?page={number}"))[2].decode() for number in (1, 2)]
    assert "صفحهٔ ۱ از ۲" in first
    assert f"{path}?page=2" in first
    assert f"{path}/pages/2" in second
    assert f"{path}?page=3" not in second
    assert await evaluator.status(f"{path}?page=3") == 404
    assert await evaluator.status(f"{path}/pages/3") == 404
    assert "۲ صفحه" in await evaluator.page(path.split("/")[3])


@pytest.mark.parametrize(
    ("name", "media_type", "said"), [("a.heic", "image/heic", "نوع"), ("a.pdf", "application/pdf", "خراب")]
)
async def test_file_without_a_view_says_so(desk: TicketDesk, site: Site, name: str, media_type: str, said: str) -> None:
    path = await with_file(site, PDF, name, media_type)
    evaluator = await desk.sit("evaluator")
    assert said in (await evaluator.get(path))[2].decode()
    assert "پیش‌نمایش ندارد" in await evaluator.page(path.split("/")[3])
    assert await evaluator.status(f"{path}/thumb") == 404


@pytest.mark.parametrize(
    ("media_type", "served_as"), [("image/jpeg", "image/jpeg"), ("text/html", "application/octet-stream")]
)
async def test_original_is_saved_by_those_who_may_and_the_history_says_so(
    desk: TicketDesk, site: Site, media_type: str, served_as: str
) -> None:
    sent = a_photo()
    path = await with_file(site, sent, 'a"\r\nb.jpg', media_type)
    code = path.split("/")[3]
    status, headers, content = await (await desk.sit("evaluator", username="sara")).save(f"{path}/original")
    assert (status, content, headers["Content-Type"]) == (200, sent, served_as)
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%22%0D%0Ab.jpg"
    operator = await desk.sit("operator")
    assert (await operator.save(f"{path}/original"))[0] == 403
    assert "original" not in (await operator.get(path))[2].decode()
    page = await operator.page(code)
    assert page.count("اصل پیوست دریافت شد") == 1
    assert "sara" in page


async def test_voicemail_is_played_from_any_place_on(desk: TicketDesk, site: Site) -> None:
    sent = a_wave()
    path = await with_file(site, sent, "msg0001.wav", "audio/x-wav")
    evaluator = await desk.sit("evaluator")
    assert f'<audio controls preload="none" src="{path}/recording"' in await evaluator.page(path.split("/")[3])
    for asked, status, content in (
        ("", 200, sent),
        ("bytes=0-", 206, sent),
        ("bytes=10-19", 206, sent[10:20]),
        ("bytes=-4", 206, sent[-4:]),
        (f"bytes={len(sent)}-", 416, None),
        ("bytes=0-1,4-5", 200, sent),
    ):
        answer = await evaluator.get(f"{path}/recording", {"Range": asked} if asked else {})
        assert answer[0] == status
        if content is not None:
            assert (answer[2], answer[1]["Content-Type"]) == (content, "audio/wav")
            assert answer[1]["Accept-Ranges"] == "bytes"
            assert "Content-Disposition" not in answer[1]
    assert (await evaluator.get(f"{path}/recording", {"Range": "bytes=10-19"}))[1]["Content-Range"] == (
        f"bytes 10-19/{len(sent)}"
    )


async def test_recording_browsers_do_not_play_says_so_and_is_saved(desk: TicketDesk, site: Site) -> None:
    path = await with_file(site, a_wave(codec=0x31), "msg0001.wav", "audio/x-wav")
    evaluator = await desk.sit("evaluator")
    for page in ((await evaluator.get(path))[2].decode(), await evaluator.page(path.split("/")[3])):
        assert "پخش نمی‌کند" in page
        assert "<audio" not in page
    _, headers, _ = await evaluator.get(f"{path}/recording?save=1")
    assert headers["Content-Disposition"].startswith("attachment")
    photo = await with_file(site, a_photo(), "a.jpg", "image/jpeg")
    assert await evaluator.status(f"{photo}/recording") == 404


async def test_file_is_there_for_those_who_see_its_ticket_only(desk: TicketDesk, site: Site) -> None:
    path = await with_file(site, a_photo(), "a.jpg", "image/jpeg")
    elsewhere, evaluator = await desk.sit("evaluator", organisation="10"), await desk.sit("evaluator")
    other = await a_ticket(site, phone="09121234568", text="چیز دیگر")
    mine = path.rpartition("/")[2]
    for view in ("", "/thumb", "/pages/1", "/recording"):
        assert await elsewhere.status(path + view) == 404
        assert await evaluator.status(f"/desk/tickets/{other}/attachments/{mine}{view}") == 404
    assert (await elsewhere.save(f"{path}/original"))[0] == 404
    assert await desk.status(path) == 401


@pytest.mark.parametrize("wanted", ["0", "-1", "x", "%2e%2e%2fkeys", "9" * 30, "۱"])
async def test_address_is_never_a_path(desk: TicketDesk, site: Site, wanted: str) -> None:
    path = await with_file(site, a_photo(), "a.jpg", "image/jpeg")
    evaluator = await desk.sit("evaluator")
    assert await evaluator.status(f"{path.rpartition('/')[0]}/{wanted}") == 404
    assert await evaluator.status(f"{path}/pages/{wanted}") == 404


async def test_file_that_is_not_there_yet_is_not_found(desk: TicketDesk, site: Site) -> None:
    path = await with_file(site, a_photo(), "a.jpg", "image/jpeg")

    async def forget(tx: UnitTransaction) -> None:
        await tx.execute(update(attachments).values(sha256=None))

    await site.parts.database.write(forget)
    evaluator = await desk.sit("evaluator")
    assert await evaluator.status(path) == 404
    assert "هنوز نرسیده است" in await evaluator.page(path.split("/")[3])
