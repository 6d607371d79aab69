"""An inspector at work in the browser: what they press and fill in, and what came of it in the database."""

from __future__ import annotations

from typing import Any

from playwright.async_api import FilePayload, Page, expect
from sqlalchemy import select

from tests.support.photos import photo
from tests.support.web import Site
from ticketing import desk
from ticketing.staff import Staff
from ticketing.tables import events
from ticketing.ticket import Ticket

LIST = "/desk/dispatches"


def a_file(name: str, content: bytes) -> FilePayload:
    """A file as a file field takes it."""
    return {"name": name, "mimeType": "image/png", "buffer": content}


async def prepare(page: Page) -> None:
    """Make the list and its jobs ready for where no network is."""
    await page.goto(LIST)
    await page.click("#prepare")
    await expect(page.locator("#prepared")).to_contain_text("آماده شد")


async def write_report(page: Page, ticket: Ticket, photos: int = 0, finding: str = "شیر را گران می‌فروخت") -> None:
    """From the list to the filled form, as on the spot."""
    await page.click(f'.job[data-code="{ticket.code}"] h2 a')
    await page.click("#arrive")
    await expect(page.locator("#visit")).to_be_visible()
    await page.check("[name=violation][value=yes]")
    await page.fill("#finding", finding)
    if photos:
        chosen = [a_file(f"{each}.png", photo(ticket.id + each)) for each in range(photos)]
        await page.set_input_files("#photos-input", chosen)
        await expect(page.locator("#photos li")).to_have_count(photos)
        await expect(page.locator("#photos-said")).to_contain_text("عکس")


async def send(page: Page) -> None:
    """Send the report that is filled in."""
    await page.click("#visit [type=submit]")
    await expect(page.locator("#finished")).to_be_visible()


async def picture(site: Site, member: Staff, ticket: Ticket) -> dict[str, Any]:
    """The ticket as this inspector sees it."""
    services = site.services
    return await desk.get_ticket(services.database, services.rules, member, ticket.code, services.now())


async def inspections(site: Site) -> list[int]:
    """The tickets with an inspection, one entry for each."""
    found = await site.services.database.read(select(events.c.ticket_id).where(events.c.kind == "inspect"))
    return sorted(row["ticket_id"] for row in found)
