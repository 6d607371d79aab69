"""What goes wrong on an inspector's day: withdrawn jobs, refusals, other people, a phone that is put away."""

from __future__ import annotations

from playwright.async_api import BrowserContext, Page, Route, expect

from tests.support.axe import violations
from tests.support.desks import sit_down
from tests.support.dispatches import dispatch
from tests.support.inspecting import LIST, a_file, inspections, picture, prepare, send, write_report
from tests.support.staging import act, close
from tests.support.web import Site
from ticketing.staff import Staff
from ticketing.ticket import Ticket


async def out_of_reach(page: Page, context: BrowserContext, site: Site, **who: str) -> tuple[Staff, Ticket]:
    """An inspector whose list is ready, on the way to a job where no network is."""
    member = await sit_down(context, site, "inspector", **who)
    ticket = await dispatch(site, member)
    await prepare(page)
    await context.set_offline(True)
    return member, ticket


async def test_nobody_else_sees_or_sends_what_is_kept(page: Page, context: BrowserContext, site: Site) -> None:
    _, ticket = await out_of_reach(page, context, site, username="first")
    await write_report(page, ticket)
    await send(page)
    await page.close()
    page = await context.new_page()
    await sit_down(context, site, "inspector", username="second")
    await context.set_offline(False)
    await page.goto(LIST)
    await expect(page.locator("#synced")).to_contain_text("آخرین ارتباط")
    await expect(page.locator("#kept")).to_be_hidden()
    await expect(page.locator("main")).not_to_contain_text("سوپرمارکت بهار")
    assert await inspections(site) == []
    await context.add_cookies([{"name": "desk", "value": await site.token("first"), "url": site.url}])
    await page.goto(LIST)
    await expect(page.locator("#kept .receipt:visible")).to_have_count(1)
    assert await inspections(site) == [ticket.id]


async def test_evidence_of_a_withdrawn_job_goes_to_the_ticket_once(
    page: Page, context: BrowserContext, site: Site
) -> None:
    member, ticket = await out_of_reach(page, context, site)
    await write_report(page, ticket, photos=1, finding="ترازو دست‌کاری شده بود")
    await send(page)
    await close(site.parts.database, site.parts.rules, ticket, "withdrawn", site.clock.now())
    await context.set_offline(False)
    await page.goto(LIST)
    card = page.locator("#kept li")
    await expect(card.locator(".badge")).to_have_text("لغو شده")
    await expect(card.locator(".evidence")).to_contain_text("ترازو دست‌کاری شده بود")
    await expect(card.locator(".evidence canvas")).to_have_count(1)
    taken: list[bool] = []

    async def lose_the_first_answer(route: Route) -> None:
        answer = await route.fetch()
        taken.append(answer.ok)
        await (route.abort() if taken.count(True) == 1 and answer.ok else route.fulfill(response=answer))

    await page.route("**/actions/note", lose_the_first_answer)
    await card.locator(".as-evidence").click()
    await expect(card.locator(".receipt")).to_be_visible()
    await expect(card.locator("canvas")).to_have_count(0)  # it is the server's now
    seen = await picture(site, member, ticket)
    notes = [event["data"] for event in seen["timeline"] if event["kind"] == "note"]
    assert [note["files"] for note in notes] == [1]
    assert "ترازو دست‌کاری شده بود" in notes[0]["text"]
    [kept] = seen["attachments"]
    assert kept["origin"] == "inspector"
    assert kept["sha256"] in notes[0]["text"]
    assert await inspections(site) == []


async def test_job_page_of_a_withdrawn_job_offers_the_same(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    await page.goto(LIST)
    await write_report(page, ticket, photos=1)
    await close(site.parts.database, site.parts.rules, ticket, "withdrawn", site.clock.now())
    await send(page)
    await expect(page.locator("#finished")).to_contain_text("لغو شده")
    await page.reload()
    await page.click("#as-evidence")
    await expect(page.locator("#finished")).to_contain_text("رسید")
    assert len((await picture(site, member, ticket))["attachments"]) == 1


async def test_a_version_that_changed_meanwhile_is_not_the_inspectors_problem(
    page: Page, context: BrowserContext, site: Site
) -> None:
    member, ticket = await out_of_reach(page, context, site)
    await page.click(".job h2 a")
    await page.click("#accept")
    await expect(page.locator("#accept")).to_have_attribute("aria-pressed", "true")  # said once the phone has it
    await page.goto(LIST)
    await write_report(page, ticket)
    await send(page)
    await act(site.parts.database, site.parts.rules, member, ticket, "note", site.clock.now(), text="تماس گرفتند")
    await context.set_offline(False)
    await page.goto(LIST)
    await expect(page.locator("#kept .receipt:visible")).to_have_count(2)
    assert await inspections(site) == [ticket.id]


async def test_a_refused_report_says_why_and_can_be_put_right(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    await page.goto(LIST)
    await write_report(page, ticket)
    await page.set_input_files("#photos-input", a_file("عکس.png", b"this is no picture"))
    await expect(page.locator("#photos li")).to_have_count(1)
    await page.click("#visit [type=submit]")
    await expect(page.locator("#stopped")).to_be_visible()
    assert await page.input_value("#finding") == "شیر را گران می‌فروخت"
    await page.click("#photos button")
    await send(page)
    await expect(page.locator("#finished")).to_contain_text("رسید")
    assert await inspections(site) == [ticket.id]


async def test_a_draft_survives_and_a_refused_place_asks_why(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    await page.goto(LIST)
    await write_report(page, ticket, photos=1)  # this context gives no leave for the place
    await expect(page.locator("#no-place")).to_be_visible()
    await page.fill("#no_place_why", "زیرزمین بازار")
    await expect(page.locator("#saved")).to_contain_text("ذخیره شد")
    await page.fill("#statement", "می‌گوید فاکتور دارد")
    await page.goto(LIST)
    await page.click("#kept .open")
    await expect(page.locator("#photos li")).to_have_count(1)
    assert await page.input_value("#statement") == "می‌گوید فاکتور دارد"
    await send(page)
    await expect(page.locator("#finished")).to_contain_text("رسید")
    timeline = (await picture(site, member, ticket))["timeline"]
    [note] = [event["data"]["note"] for event in timeline if event["kind"] == "inspect"]
    assert "زیرزمین بازار" in note
    assert "می‌گوید فاکتور دارد" in note


async def test_kept_pages_go_with_whoever_signs_out(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    await dispatch(site, member)
    await prepare(page)
    assert await page.evaluate("async () => (await caches.keys()).includes('pages-desk')")
    await page.click("form[action*='sign-out'] button")
    await page.wait_for_url("**/desk")
    await expect(page.locator("#username")).to_be_visible()
    assert not await page.evaluate("async () => (await caches.keys()).includes('pages-desk')")


async def test_pages_fit_a_phone_a_thumb_and_everybody(page: Page, context: BrowserContext, site: Site) -> None:
    member = await sit_down(context, site, "inspector")
    ticket = await dispatch(site, member)
    for path in (LIST, f"{LIST}?lang=en", f"{LIST}/{ticket.code}", f"{LIST}/{ticket.code}?lang=en"):
        await page.goto(path)
        if ticket.code in path:
            await page.click("#report")
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, path
        for target in await page.locator("main :is(a, button, summary, .choice, input[type=text]):visible").all():
            box = await target.bounding_box()
            assert box is not None
            assert box["height"] >= 44, (path, await target.inner_text())
