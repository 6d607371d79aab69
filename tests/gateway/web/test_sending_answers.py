"""The answers sent: one ticket however often one presses, and nothing lost when storing or clearing up fails."""

from __future__ import annotations

import aiohttp

from tests.support.citizen import PHONE, Citizen, photo
from tests.support.files import JPEG
from tests.support.web import Site
from ticketing.tables import reports


async def test_going_back_after_sending_and_pressing_again_is_one_ticket(site: Site, citizen: Citizen) -> None:
    await citizen.through()
    await citizen.answer("photos", photo(JPEG), "?to=check")
    before = citizen.hidden()
    await citizen.send()
    first = citizen.text
    citizen.text = "".join(f'"hidden" name="{name}" value="{value}"' for name, value in before.items())
    await citizen.send()  # the page as the browser kept it
    assert (citizen.path, citizen.text) == ("/reported", first)
    await citizen.open("/report/check")  # the page asked for anew
    assert (citizen.path, citizen.text) == ("/reported", first)
    assert await site.count_tickets() == 1


async def test_threat_5_nothing_is_lost_while_reports_cannot_be_stored(site: Site, citizen: Citizen) -> None:
    await citizen.through("photos")
    await citizen.answer("photos", photo(JPEG))
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
    assert await site.count_tickets() == 1


async def test_a_report_kept_offline_is_taken_once_and_answered_in_json(site: Site, citizen: Citizen) -> None:
    await citizen.through("photos")
    await citizen.answer("photos", photo(JPEG))
    await citizen.answer("contact", {"phone": PHONE})
    form = citizen.hidden()
    first = await citizen.keep_offline(form)
    again = await citizen.keep_offline(form)
    assert (first.status, again.status) == (201, 200)
    assert (await first.json())["tracking_code"] == (await again.json())["tracking_code"]
    assert await site.kept_files() == [JPEG]
    refused = await citizen.keep_offline({"form_id": form["form_id"][::-1], "text": "x"})
    assert (refused.status, (await refused.json(content_type=None))["errors"][0]["field"]) == (422, "phone")
    for wrong in ("[]", '{"text": 1}', "{"):
        part = aiohttp.FormData({"report": wrong}, default_to_multipart=True)
        own = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
        async with citizen.http.post("/", data=part, headers=own) as answer:
            assert answer.status in (400, 422)
    assert len(await site.parts.database.read(reports.select())) == 1
