"""The page that files a report of another procedure than the first, without scripts: what it asks, where it leads."""

from __future__ import annotations

import re
from html import unescape

import aiohttp
import pytest

from gateway.web.field_controls import kind_of
from tests.support.citizen import Citizen
from tests.support.files import JPEG
from tests.support.web import Site
from ticketing.procedure_files import load_procedures

PATH = "/file/guild_body"
FORM = {
    "details.against": "union",
    "details.union": "اتحادیه نانوایان",
    "place.province": "02",
    "place.county": "ساری",
    "text": "اتحادیه پروانه مرا بی‌دلیل صادر نمی‌کند",
    "phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷",
    "name": "زهرا محمدی",
}


async def test_it_is_linked_from_the_first_page_and_files_with_a_photo(site: Site, citizen: Citizen) -> None:
    await citizen.open("/")
    assert f'href="{PATH}"' in citizen.text
    await citizen.open(PATH)
    assert "مرجعی که از آن شکایت دارید" in citizen.text
    form = aiohttp.FormData(FORM | citizen.hidden(), default_to_multipart=True)
    form.add_field("files", JPEG, filename="a.jpg", content_type="image/jpeg")
    await citizen.post(PATH, form)
    assert citizen.path == "/reported"
    assert "ارجاع به مرجع پاسخگو" in citizen.text
    assert "اتحادیه یا شرکت برای جلب رضایت" not in citizen.text, "that is another procedure's way"
    assert await site.count_tickets() == 1
    assert len(await site.kept_files()) == 1


async def test_the_tracking_page_counts_the_procedures_own_steps(citizen: Citizen) -> None:
    await citizen.post(PATH, FORM)
    code = "".join(re.findall(r"<span>([۰-۹]{4})</span>", citizen.text))
    await citizen.post("/track", {"code": code, "phone_last4": "۴۵۶۷"})
    assert citizen.status == 200
    assert "۲ از ۴" in citizen.text
    assert "«ارجاع به مرجع پاسخگو»" in citizen.text
    assert "مرجع پاسخگو آن را بررسی می‌کند" in citizen.text


async def test_the_same_form_twice_is_one_report(site: Site, citizen: Citizen) -> None:
    await citizen.open(PATH)
    form = FORM | citizen.hidden()
    await citizen.post(PATH, form)
    first = citizen.text
    await citizen.post(PATH, form)
    assert re.findall(r"<span>[۰-۹]{4}</span>", citizen.text) == re.findall(r"<span>[۰-۹]{4}</span>", first)
    assert await site.count_tickets() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " "}, "text"),
        ({"phone": ""}, "phone"),
        ({"details.against": ""}, "details.against"),
        ({"details.against": "king"}, "details.against"),
        ({"place.province": ""}, "place.province"),
        ({"place.county": ""}, "place.county"),
        ({"place.county": "تهران"}, "place.county"),
        ({"details.union": "ن" * 201}, "details.union"),
    ],
)
async def test_what_is_wrong_is_named_beside_its_field_and_what_was_typed_stays(
    site: Site, citizen: Citizen, change: dict[str, str], field: str
) -> None:
    await citizen.post(PATH, FORM | change)
    assert citizen.status == 422
    assert f'href="#{field.replace(".", "-")}"' in citizen.text
    assert "زهرا محمدی" in unescape(citizen.text)
    assert await site.count_tickets() == 0


async def test_everything_that_is_wrong_is_told_at_once_in_the_pages_order(citizen: Citizen) -> None:
    await citizen.post(PATH, {"name": "زهرا"})
    linked = re.findall(r'<a href="#([\w-]+)">', citizen.text.partition("</ul>")[0])
    assert linked == ["details-against", "place-province", "place-county", "text", "phone"]


@pytest.mark.parametrize(("path", "status"), [("/file/nothing", 404), ("/file/consumer", 200)])
async def test_only_procedures_with_a_page_of_their_own_have_one(citizen: Citizen, path: str, status: int) -> None:
    await citizen.open(path)
    assert (citizen.status, citizen.path) == (status, "/" if status == 200 else path)


def test_the_page_has_a_control_for_every_detail() -> None:
    details = {rule.type: kind_of(rule) for each in load_procedures().values() for rule in each.filing.fields.values()}
    assert set(details.values()) <= {"radios", "radios_or_line", "select", "date", "area", "line"}
    assert not {"organisation", "username", "report"} & set(details), "these have values that are not in the data"


async def test_who_is_not_content_is_led_to_the_form_of_grievances(site: Site, citizen: Citizen) -> None:
    await citizen.open("/track")
    path = unescape(re.findall(r'<p>از شیوهٔ[^<]+<a href="([^"]+)"', citizen.text)[0])
    assert path == "/file/request?details.kind=grievance"
    await citizen.open(path)
    assert re.search(r'value="grievance"[^>]* checked', citizen.text)
    assert re.search(r'value="request"[^>]* checked', citizen.text) is None
