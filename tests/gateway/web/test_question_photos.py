"""Photos sent at their step of the questions: kept sealed, taken back, and asked for again when they are gone."""

from __future__ import annotations

import re

from tests.support.citizen import PHONE, Citizen, photo
from tests.support.files import JPEG
from tests.support.web import Site


async def test_a_photo_sent_at_its_step_is_kept_sealed_and_joins_the_report(site: Site, citizen: Citizen) -> None:
    await citizen.through("photos")
    await citizen.answer("photos", photo(JPEG))
    assert citizen.path == "/report/contact"
    drafts = list((site.parts.settings.storage.attachments.with_name("drafts")).iterdir())
    assert not any(JPEG in path.read_bytes() or "سوپر".encode() in path.read_bytes() for path in drafts)
    await citizen.answer("contact", {"phone": PHONE})
    assert "قبض.jpg" in citizen.text
    await citizen.send()
    assert await site.kept_files() == [JPEG]
    assert len(list(drafts[0].parent.iterdir())) == 1  # all that is left says that it was sent


async def test_a_photo_can_be_taken_back_and_a_refused_one_loses_no_other(site: Site, citizen: Citizen) -> None:
    await citizen.through("photos")
    data = photo(JPEG, "خوب.jpg")
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
    await citizen.answer("photos", photo(JPEG))
    await citizen.answer("contact", {"phone": PHONE})
    for path in site.parts.settings.storage.attachments.with_name("drafts").glob("*.*"):
        path.unlink()
    await citizen.send()
    assert citizen.status == 422
    assert "دیگر نیست" in citizen.text
    assert await site.count_tickets() == 0
