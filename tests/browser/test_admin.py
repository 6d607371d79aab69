"""The administrator's pages and the account in a browser: segments counted live, keyboard alone, any width."""

from __future__ import annotations

from email.message import EmailMessage

import pyotp
import pytest
from playwright.async_api import BrowserContext, Page, expect

from channels.channel import Arrival
from sms.segments import segments
from sms.texts import LONGEST
from tests.support.axe import violations
from tests.support.desks import NARROW, WIDE, sit_down
from tests.support.photos import photo
from tests.support.web import Site
from ticketing.intake import quarantine
from ticketing.tables import reports

CONTACTED = "/desk/admin/texts/steps/contacted"
PAGES = (
    "/desk/account?totp=set-up",
    "/desk/admin",
    "/desk/failed-texts",
    "/desk/quarantine",
    "/desk/admin/staff",
    "/desk/admin/staff/new",
    "/desk/admin/staff/of/one.admin",
    "/desk/admin/staff/of/one.admin/change",
    "/desk/admin/organisations",
    "/desk/admin/organisations/08S",
    "/desk/admin/texts",
    CONTACTED,
    "/desk/admin/routing",
)


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("fa", "۱۲۴: رسید {code}"),
        ("fa", "ا" * 120 + "{code}"),
        ("fa", "با ایموجی 🍞 " * 4 + "{code} 124"),
        ("en", "124: received {code}"),
        ("en", "x" * 150 + " {code}"),
        ("en", "[" * 75 + "{code}"),
        ("en", "euro € and {code}" * 6),
    ],
)
async def test_segments_are_counted_live_as_the_server_counts(
    page: Page, context: BrowserContext, site: Site, language: str, typed: str
) -> None:
    await sit_down(context, site, "admin")
    await page.goto(f"{CONTACTED}?lang=en")
    await page.locator(f"#{language}").fill(typed)
    shown = await page.locator(f"#{language}-count [data-segments]").inner_text()
    await page.get_by_role("button", name="Preview").click()
    counted = page.locator(f"#{language}-count [data-segments]")
    if await page.locator("#summary").count() == 0:
        await expect(counted).to_have_text(shown)
    assert shown.isascii()
    assert int(shown) >= segments(typed.replace("{code}", LONGEST["code"]))


async def test_one_time_codes_are_set_up_by_keyboard_alone(page: Page, context: BrowserContext, site: Site) -> None:
    await sit_down(context, site, "operator")
    await page.goto("/desk/account?totp=set-up&lang=en")
    code = pyotp.parse_uri(await page.get_by_role("link", name="Open the authenticator app").get_attribute("href"))
    assert isinstance(code, pyotp.TOTP)
    await page.get_by_label("The six digits the app shows").focus()
    await page.keyboard.type(code.at(site.clock.now()))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("One-time codes are on")


async def test_preview_follows_what_is_typed(page: Page, context: BrowserContext, site: Site) -> None:
    await sit_down(context, site, "admin")
    await page.goto(CONTACTED)
    await page.locator("#fa").fill("رسید: {code}")
    await expect(page.locator("#fa-preview")).to_contain_text("۲۷۳۰-۴۸۵۹-۱۶۰۴")


@pytest.mark.parametrize("scripts", [False])
async def test_routing_is_edited_without_a_script(page: Page, context: BrowserContext, site: Site) -> None:
    await sit_down(context, site, "admin")
    await page.goto("/desk/admin/routing?lang=en")
    for route, tick in (("inspection", "category.fraud"), ("penalties", "channel.sms")):
        await page.get_by_role("button", name="Add a rule").click()
        await page.get_by_label("Route").select_option(route)
        await page.locator(f"#rule-{tick.partition('.')[0]} summary").click()
        await page.locator(f"[name='rule.{tick}']").check()
        await page.get_by_role("button", name="Done").click()
    await page.get_by_role("button", name="Up Rule 2").click()
    await page.get_by_role("button", name="Try out").last.click()
    await page.get_by_role("button", name="Save these rules").click()
    await expect(page.get_by_role("status").first).to_contain_text("Saved")
    assert [rule.route for rule in site.parts.rules.routing.rules] == ["penalties", "inspection"]


async def a_mail_set_aside(site: Site) -> int:
    """The id of a mail nobody could read, with a photo that may come along and a file that may not."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Maryam <maryam@example.ir>", "گران‌فروشی نان"
    mail.set_content("نانوایی سر کوچه نان را گران می‌فروشد.")
    mail.add_attachment(photo(7, 320, 240), maintype="image", subtype="png", filename="عکس نانوایی.png")
    mail.add_attachment("price,1\n", subtype="csv", filename="prices.csv")
    raw = mail.as_bytes()
    await site.parts.reception.keep("email", Arrival("mail", raw, raw, site.clock.now()))
    report_id = (await site.parts.database.read(reports.select()))[0]["id"]
    await quarantine(site.parts.database, report_id, "raw:unreadable")
    return int(report_id)


async def test_ticket_made_of_a_mail_has_its_photo(page: Page, context: BrowserContext, site: Site) -> None:
    await sit_down(context, site, "admin")
    await page.goto(f"/desk/quarantine/{await a_mail_set_aside(site)}")
    files = page.locator(".came ul")
    await expect(files.first).to_contain_text("عکس نانوایی.png")
    await expect(files.last).to_contain_text("prices.csv")
    await expect(files.last).to_contain_text("عکس، فیلم، صدا یا PDF نیست")
    await page.get_by_label("نوع تخلف").select_option("overcharging")
    await page.get_by_label("شمارهٔ همراه").fill("۰۹۱۲۱۲۳۴۵۶۷")
    await page.get_by_role("button", name="ساختن پرونده").click()
    await page.locator("p.done a").click()
    await expect(page.locator(".evidence li")).to_have_count(1)
    shown = page.locator(".evidence img")
    await shown.scroll_into_view_if_needed()
    await expect(shown).to_have_js_property("complete", True)
    assert await shown.evaluate("image => image.naturalWidth") > 0


async def test_every_page_is_accessible_and_no_wider_than_its_window(
    page: Page, context: BrowserContext, site: Site
) -> None:
    await sit_down(context, site, "admin")
    report_id = await a_mail_set_aside(site)
    wrong: list[str] = []
    for path in (*PAGES, f"/desk/quarantine/{report_id}"):
        await page.goto(path)
        for size, colours in ((NARROW, "light"), (WIDE, "dark")):
            await page.set_viewport_size(size)  # type: ignore[arg-type]
            await page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            wrong += [f"{path} {colours}: {each}" for each in await violations(page)]
            if await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wrong.append(f"{path} is wider than {size}")
    assert wrong == []
