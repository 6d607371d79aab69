"""Texts and routing changed at the desk: checked, tried out, in use at once, and taken over by other processes."""

from __future__ import annotations

import re
from html import unescape

import aiohttp
import pytest

from gateway.overriding import OverridesWatch, apply_overrides
from gateway.rules import build_rules
from tests.support.desk_pages import post, read
from tests.support.web import Site
from ticketing.overriding import ROUTING, change_override, fetch_overrides
from ticketing.overriding import TEXTS as TEXTS_SECTION

CONTACTED = "/desk/admin/texts/steps/contacted"
NEW = {"fa": "۱۲۴: گزارش رسید: {code}", "en": "124: received: {code}"}
TO_INSPECTION = '[[rules]]\ncategory = ["overcharging"]\nroute = "inspection"'


async def hidden(http: aiohttp.ClientSession, path: str, cookie: str, name: str) -> str:
    _, page = await read(http, path, cookie)
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])  # type: ignore[index]


def text_of(site: Site, language: str = "fa") -> str:
    return site.parts.rules.texts.render("contacted", language, code="273048591604")


class TestTexts:
    @pytest.mark.parametrize("language", ["fa", "en"])
    async def test_every_text_can_be_opened(
        self, http: aiohttp.ClientSession, site: Site, boss: str, language: str
    ) -> None:
        for section, names in site.parts.rules.texts.names.items():
            for name in names:
                status, _ = await read(http, f"/desk/admin/texts/{section}/{name}?lang={language}", boss)
                assert status == 200, name
        assert (await read(http, "/desk/admin/texts/texts/contacted", boss))[0] == 404

    async def test_saved_text_is_sent_at_once_and_can_be_taken_back(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
        before, seen = text_of(site), await hidden(http, CONTACTED, boss, "seen")
        for _ in range(2):  # the same form twice
            assert (await post(http, CONTACTED, boss, **NEW, seen=seen, do="save"))[0] == 303
        assert text_of(site).startswith("۱۲۴: گزارش رسید: ")
        assert (await fetch_overrides(site.parts.database))[TEXTS_SECTION].version == 1
        seen = await hidden(http, CONTACTED, boss, "seen")
        assert (await post(http, CONTACTED, boss, **NEW, seen=seen, do="restore"))[0] == 303
        assert text_of(site) == before

    async def test_preview_changes_nothing(self, http: aiohttp.ClientSession, site: Site, boss: str) -> None:
        before = text_of(site)
        status, _, page = await post(http, CONTACTED, boss, **NEW, do="preview")
        assert status == 200
        assert "۲۷۳۰-۴۸۵۹-۱۶۰۴" in page
        assert text_of(site) == before

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"fa": ""}, "cannot be empty"),
            ({"fa": "رسید"}, "The placeholder code is missing"),
            ({"en": "124 {code} {who}"}, "The placeholder who is not known"),
            ({"en": "124 {code"}, "A brace is not closed"),
            ({"fa": "الف" * 60 + "{code}"}, "SMS segments with the longest values"),
            ({"fa": "الف" * 25 + "{code}"}, "Together with"),
        ],
        ids=["empty", "no code", "unknown placeholder", "brace", "too long", "too long with its question"],
    )
    async def test_text_that_breaks_a_rule_is_kept_on_the_page_only(
        self, http: aiohttp.ClientSession, site: Site, boss: str, wrong: dict[str, str], said: str
    ) -> None:
        before, seen = text_of(site), await hidden(http, CONTACTED, boss, "seen")
        status, _, page = await post(http, f"{CONTACTED}?lang=en", boss, **(NEW | wrong), seen=seen, do="save")
        assert status == 422
        assert said in unescape(page)
        assert all(each in unescape(page) for each in (NEW | wrong).values())
        assert text_of(site) == before

    async def test_two_at_the_same_text_lose_nothing(self, http: aiohttp.ClientSession, site: Site, boss: str) -> None:
        seen = await hidden(http, CONTACTED, boss, "seen")
        assert (await post(http, CONTACTED, boss, **NEW, seen=seen, do="save"))[0] == 303
        mine = {"fa": "۱۲۴: مال من {code}", "en": "124: mine {code}"}
        status, _, page = await post(http, CONTACTED, boss, **mine, seen=seen, do="save")
        assert status == 409
        assert mine["fa"] in page
        assert NEW["fa"] in page
        again = unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])  # type: ignore[index]
        assert (await post(http, CONTACTED, boss, **mine, seen=again, do="save"))[0] == 303


class TestRouting:
    @pytest.fixture
    async def ticket(self, http: aiohttp.ClientSession) -> str:
        said = {"text": "نان گران", "phone": "09121234567", "category": "overcharging"}
        said |= {"business": {"name": "نانوایی"}, "place": {"province": "23"}}  # type: ignore[dict-item]
        async with http.post("/api/v1/reports", json=said) as answer:
            assert answer.status == 201
            return str((await answer.json())["tracking_code"])

    async def test_rules_are_tried_before_they_are_saved(
        self, http: aiohttp.ClientSession, site: Site, boss: str, ticket: str
    ) -> None:
        path = "/desk/admin/routing"
        seen = await hidden(http, path, boss, "seen")
        status, _, page = await post(http, f"{path}?lang=en", boss, rules=TO_INSPECTION, seen=seen, do="save")
        assert status == 200, "not tried yet: it is tried first"
        assert "Of the last 1 tickets, 1 would have gone another way." in page
        assert ticket in page
        assert site.parts.rules.routing.rules == ()
        tried = re.search(r'name="tried" value="([^"]+)"', page)[1]  # type: ignore[index]
        for _ in range(2):
            answer = await post(http, path, boss, rules=TO_INSPECTION, seen=seen, tried=tried, do="save")
            assert answer[0] == 303
        assert [rule.route for rule in site.parts.rules.routing.rules] == ["inspection"]
        _, page = await read(http, f"{path}?lang=en", boss)
        assert TO_INSPECTION.replace("'", '"') in unescape(page)
        _, _, page = await post(http, f"{path}?lang=en", boss, rules=TO_INSPECTION, do="try")
        assert "Of the last 1 tickets, 0 would have gone another way." in page
        seen = await hidden(http, path, boss, "seen")
        assert (await post(http, path, boss, seen=seen, do="restore"))[0] == 303
        assert site.parts.rules.routing.rules == ()

    @pytest.mark.parametrize(
        "rules",
        ["[[rules]", "x = 1", "rules = 3", '[[rules]]\nroute = "nowhere"', '[[rules]]\ncategory = ["x"]'],
    )
    @pytest.mark.parametrize("language", ["fa", "en"])
    async def test_wrong_rules_are_refused_and_kept_on_the_page(
        self, http: aiohttp.ClientSession, boss: str, rules: str, language: str
    ) -> None:
        status, _, page = await post(http, f"/desk/admin/routing?lang={language}", boss, rules=rules, do="try")
        assert status == 422
        assert rules in unescape(page)


class TestRows:
    """Rules as rows: every button is a submit, and nothing is kept until it was tried and saved."""

    PATH = "/desk/admin/routing"
    TWO = TO_INSPECTION + '\n\n[[rules]]\nmin_amount_rial = 5000000\nroute = "penalties"'

    async def press(
        self, http: aiohttp.ClientSession, boss: str, do: str, rules: str, **typed: str
    ) -> tuple[int, str, str]:
        """The status, the rules the page holds now, and the page."""
        said = {"rules": rules, "do": do, **typed}
        status, _, page = await post(http, f"{self.PATH}?lang=en", boss, **said)
        return status, unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)[1]), page  # type: ignore[index]

    async def test_a_rule_is_added_filled_in_and_kept_as_text(self, http: aiohttp.ClientSession, boss: str) -> None:
        status, rules, page = await self.press(http, boss, "add", TO_INSPECTION)
        assert (status, rules.count("[[rules]]")) == (200, 2)
        assert 'name="row" value="1"' in page
        typed = {
            "rule.route": "self_regulation",
            "rule.body": "Bakers",
            "rule.min_amount_rial": "۵٬۰۰۰٬۰۰۰",
            "row": "1",
        }
        typed |= {"rule.province.23": "1", "rule.province.10": "1", "rule.has_guild_id": "yes", "rule.automatic": "1"}
        status, rules, page = await self.press(http, boss, "keep", rules, **typed)
        assert status == 200
        assert rules.endswith(
            '[[rules]]\nprovince = ["23", "10"]\nmin_amount_rial = 5000000\nhas_guild_id = true\n'
            'route = "self_regulation"\nbody = "Bakers"\nautomatic = true'
        )
        assert "Province: Tehran or Isfahan; damages of 5,000,000 rials or more; with a guild id" in unescape(page)
        _, _, page = await self.press(http, boss, "edit:1", rules)
        assert 'name="rule.province.23" value="1" checked' in page
        assert 'value="5000000"' in page

    async def test_rows_are_moved_and_removed(self, http: aiohttp.ClientSession, boss: str) -> None:
        _, moved, _ = await self.press(http, boss, "down:0", self.TWO)
        assert moved.index("penalties") < moved.index("inspection")
        assert (await self.press(http, boss, "up:1", moved))[1] == (await self.press(http, boss, "rows", self.TWO))[1]
        _, left, _ = await self.press(http, boss, "remove:0", self.TWO)
        assert "inspection" not in left
        assert "penalties" in left
        _, left, _ = await self.press(http, boss, "close", self.TWO + "\n\n[[rules]]", row="2")
        assert left.count("[[rules]]") == 2

    @pytest.mark.parametrize(
        ("typed", "field", "sentence"),
        [
            ({}, "rule-route", "Rule 2: Choose a route."),
            (
                {"rule.route": "penalties", "rule.min_amount_rial": "lots"},
                "rule-min_amount_rial",
                "Rule 2: Write the amount",
            ),
            ({"rule.route": "penalties", "rule.body": "نان"}, "rule-body", "Rule 2: Write the union"),
        ],
        ids=["route", "amount", "body"],
    )
    async def test_a_bad_value_names_its_row_and_field(
        self, http: aiohttp.ClientSession, boss: str, typed: dict[str, str], field: str, sentence: str
    ) -> None:
        for do in ("keep", "try", "down:0"):
            status, _, page = await self.press(http, boss, do, self.TWO, row="1", **typed)
            assert status == 422
            assert f'href="#{field}"' in page
            assert sentence in unescape(page)
            assert all(f'value="{each}"' in page for each in typed.values())
        assert (await self.press(http, boss, "remove:1", self.TWO, row="1", **typed))[0] == 200

    async def test_rules_too_long_to_be_read_whole_are_refused_and_not_cut(
        self, http: aiohttp.ClientSession, boss: str
    ) -> None:
        # Cut at its longest, this text would be the same rule without its last line.
        rule = '[[rules]]\nroute = "inspection"\n'
        rules = rule + "#" * (20_000 - len(rule) - 1) + "\nautomatic = true\n"
        status, _, page = await self.press(http, boss, "try", rules)
        assert status == 422
        assert "20000" in page

    async def test_a_bad_value_of_the_text_opens_its_row(self, http: aiohttp.ClientSession, boss: str) -> None:
        wrong = TO_INSPECTION + '\n\n[[rules]]\nroute = "inspection"\ncategory = ["nonsense"]'
        status, _, page = await self.press(http, boss, "try", wrong)
        assert status == 422
        assert "Rule 2: Category: " in unescape(page)
        assert 'name="row" value="1"' in page

    async def test_what_was_tried_with_a_row_open_is_what_is_saved(
        self, http: aiohttp.ClientSession, site: Site, boss: str
    ) -> None:
        seen = await hidden(http, self.PATH, boss, "seen")
        typed = {"row": "0", "rule.route": "penalties", "seen": seen}
        _, rules, page = await self.press(http, boss, "try", "[[rules]]", **typed)
        tried = re.search(r'name="tried" value="([^"]+)"', page)[1]  # type: ignore[index]
        answer = await post(http, self.PATH, boss, rules=rules, seen=seen, tried=tried, do="save")
        assert answer[0] == 303
        assert [rule.route for rule in site.parts.rules.routing.rules] == ["penalties"]


async def test_another_process_takes_changes_over(http: aiohttp.ClientSession, site: Site, boss: str) -> None:
    settings, database = site.parts.settings, site.parts.database
    other = build_rules(settings, site.parts.rules.vault)
    watch = OverridesWatch(settings, other, database)
    await watch.pass_once()
    seen = await hidden(http, CONTACTED, boss, "seen")
    assert (await post(http, CONTACTED, boss, **NEW, seen=seen, do="save"))[0] == 303
    await watch.pass_once()
    assert other.texts.render("contacted", "en", code="273048591604").startswith("124: received: ")


async def test_override_that_is_not_right_any_more_gives_way_to_the_settings(site: Site) -> None:
    member = await site.add_staff("boss", "admin")
    database, rules = site.parts.database, site.parts.rules
    before = text_of(site)
    broken = {"steps": {"contacted": {"fa": "بی‌کد", "en": "no code"}}}
    await change_override(database, TEXTS_SECTION, lambda _: broken, member, site.clock.now())
    await change_override(database, ROUTING, lambda _: {"rules": [{"route": "gone"}]}, member, site.clock.now())
    await apply_overrides(site.parts.settings, rules, database)
    assert text_of(site) == before
    assert rules.routing.rules == ()
