"""The gateway looks by itself at what was attached, each file once, and goes on after whatever cannot be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.loops.leadership import Leadership
from gateway.loops.looking_at_files import Looking
from gateway.loops.supervisor import TryLaterError
from gateway.views.frame import Caps
from gateway.views.kept import KeptViews
from gateway.views.viewer import Viewer
from normalizer.report import Attachment, Business, Place
from tests.support.clock import ManualClock
from tests.support.files import a_licence
from tests.support.reports import shipped_rules, web_report
from ticketing.attachments import AttachmentStore
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.tables import attachments, tickets

RULES = shipped_rules()
GUILD_ID = "0412345678"
CAPS = Caps(megapixels=20, pages=5, seconds=20, memory_mb=1024)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_what_nobody_has_looked_at_is_looked_at_by_the_next_gateway(database: Database, tmp_path: Path) -> None:
    store, clock = AttachmentStore(tmp_path / "files", RULES.vault), ManualClock()

    def looking(**more: str) -> Looking:
        viewer = Viewer(store, KeptViews(store, RULES.vault), CAPS, clock.now, **more)
        return Looking(database, RULES, viewer, Leadership(database), clock)

    contents = {"a.heic": "image/heic", "b.pdf": "application/pdf", "c.jpg": "image/jpeg"}
    photo = a_licence(f"https://iranianasnaf.ir/{GUILD_ID}")
    files = tuple(Attachment(name, media_type, content=photo) for name, media_type in contents.items())
    await take_in(database, RULES, web_report(business=Business(), place=Place(), attachments=files), files=store)
    with pytest.raises(TryLaterError):
        await looking(module="tests.support.nowhere").pass_once()
    assert await looking().pass_once() is False
    seen = await database.read(select(attachments).order_by(attachments.c.id))
    assert [(row["pages"], row["looked_at"] is not None) for row in seen] == [(0, True), (0, True), (1, True)]
    (ticket,) = await database.read(select(tickets))
    assert (ticket["business_guild_id"], ticket["step"]) == (GUILD_ID, 2)
    assert await looking(module="tests.support.nowhere").pass_once() is False  # nothing is looked at twice
