"""Cases before the disciplinary council as people live them: by form, text, mail and desk, through one gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.acceptance.reading import heard, mailed, plain, written
from tests.acceptance.world import World, open_world
from tests.support.clock import ManualClock
from tests.support.council import DETAILS, PLACE, RESPONDENT_PHONE
from tests.support.files import JPEG
from tests.support.gateway import Gateways

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])
PHONE = "+989121234567"
OURS = {"Sec-Fetch-Site": "same-origin"}
STAFF = (("secretary", "council_secretary", {}), ("chair", "council_chair", {}), ("boss", "supervisor", {}))
FORM = {
    "text": "نرم‌افزار را تحویل نداد و پول را پس نمی‌دهد",
    "place.province": "23",
    "place.county": "تهران",
    "phone": "۰۹۱۲۱۲۳۴۵۶۷",
    "name": "مریم احمدی",
    "email": "maryam@example.ir",
    **{f"details.{name}": value for name, value in DETAILS.items()},
}
CONTRACT = ("قرارداد.jpg", JPEG, "image/jpeg")
LETTER = ("لایحه.jpg", JPEG, "image/jpeg")
RECEIPT = "140508301234"
EVE = datetime(2026, 12, 5, 13, 30, tzinfo=UTC)  # 17:00 in Tehran
HEARD = datetime(2026, 12, 6, 7, 30, tzinfo=UTC)  # an hour into the hearing
SITTING = {"members_present": 3, "minutes": "شورا تشکیل شد."}


@pytest.fixture
async def council(gateways: Gateways) -> AsyncIterator[World]:
    """The council's people at their desks, on 1405-08-30, with two free times on 1405-09-15."""
    async with open_world(gateways, clock=ManualClock(), staff=STAFF) as world:
        official = {"name": "شورای انتظامی تهران", "post": "نشست"}
        status, made = await world.call("POST", "/api/v1/staff/calendar/officials", official, by="secretary")
        assert status in (200, 201), made
        times = {"day": "1405-09-15", "begins": "10", "ends": "12", "minutes": 60, "place": PLACE}
        path = f"/api/v1/staff/calendar/officials/{made['id']}/slots"
        status, added = await world.call("POST", path, times, by="secretary")
        assert added == {"added": 2}
        yield world


async def schedule(world: World, code: str) -> None:
    """The first free time of the council's calendar, with invitations."""
    _, kept = await world.call("GET", "/api/v1/staff/calendar?since=1405-09-15", by="secretary")
    slot = next(each["id"] for each in kept["officials"][0]["slots"] if each["state"] == "free")
    await world.act("secretary", code, "schedule", slot=slot, reason="ادای توضیح")


async def test_a_case_goes_from_the_fee_by_a_hearing_and_an_expert_to_a_decision_served(council: World) -> None:
    world = council
    code = await world.file("council", FORM, [CONTRACT])
    (asked,) = await heard(world, PHONE, 1)
    assert all(words in asked for words in ("شورای انتظامی ثبت شد", "۴,۹۰۵,۰۰۰ ریال", "۲-۱۰۱۰۱۴۳۳-۸۱۰۰-۳۲۰"))
    assert "رسید" in await world.track(code, "4567")
    for action in ("submit", "decide"):
        status, problem = await world.try_to("secretary", code, action)
        assert (status, problem["code"]) == (409, "not_at_this_step"), "nothing is done before the fee"

    assert await world.text_in("09121234567", f"شماره رسید {RECEIPT}", "receipt") == 200
    assert "رسید هزینهٔ آن" in (await heard(world, PHONE, 2))[-1]
    await world.act("secretary", code, "submit")
    ranked = await world.act("chair", code, "rank", urgent=True)
    assert (ranked["urgent"], ranked["step"], ranked["waiting_for"]) == (True, "docketed", "council_secretary")
    assert "در نوبت رسیدگی" in (await heard(world, PHONE, 3))[-1]

    await invited(world, code)
    await world.act("secretary", code, "defend", [LETTER], received_on="1405-08-30", text="تحویل داده شد")
    await reminded(world, code)
    await world.at(HEARD)
    await world.act("secretary", code, "hold", complainant="present", respondent="absent", **SITTING)
    assert "جلسهٔ رسیدگی" in (await heard(world, PHONE, 6))[-1], "the respondent's absence stops nothing"
    await asked_of_an_expert(world, code)
    await decided(world, code)


async def invited(world: World, code: str) -> None:
    """Both sides are, by text and by mail with a file for their calendar."""
    await schedule(world, code)
    ours, (theirs,) = (await heard(world, PHONE, 4))[-1], await heard(world, RESPONDENT_PHONE, 1)
    assert ours == theirs
    told = ("۱۴۰۵-۰۰۰۰۰۱", "۱۵ آذر", "۱۰:۰۰", "آپادانا", "ادای توضیح")
    assert all(words in theirs for words in told), theirs
    for address in ("maryam@example.ir", "info@rayan.example"):
        (mail,) = await mailed(world, address, 1)
        assert plain(mail["Subject"]) == "دعوت‌نامهٔ شورای انتظامی، پروندهٔ ۱۴۰۵-۰۰۰۰۰۱"
        assert "لایحهٔ دفاعیه" in written(mail)
        (file,) = mail.iter_attachments()
        assert file.get_content_type() == "text/calendar"
        lines = file.get_content().replace("\r\n ", "").splitlines()
        assert {"DTSTART:20261206T063000Z", "DTEND:20261206T073000Z"} <= set(lines)
    page = await world.track(code, "4567")
    assert all(words in page for words in ("۱۵ آذر ۱۴۰۵", "۱۰:۰۰", PLACE))


async def reminded(world: World, code: str) -> None:
    await world.at(EVE)
    for phone, count in ((PHONE, 5), (RESPONDENT_PHONE, 2)):
        text = (await heard(world, phone, count))[-1]
        assert "یادآوری جلسهٔ پروندهٔ ۱۴۰۵-۰۰۰۰۰۱" in text


async def asked_of_an_expert(world: World, code: str) -> None:
    """The complainant asks for one, with the council's consent, and pays."""
    asked: dict[str, Any] = {"asked_by": "complainant", "fee_rial": 90_000_000, "question": "آیا کامل است؟"}
    status, problem = await world.try_to("secretary", code, "appoint_expert", **asked)
    assert (status, problem["errors"][0]["field"]) == (422, "consented_on")
    await world.act("secretary", code, "appoint_expert", consented_on="1405-09-15", **asked)
    assert "۹۰,۰۰۰,۰۰۰ ریال، با شماست" in (await heard(world, PHONE, 7))[-1]
    assert (await mailed(world, "maryam@example.ir", 3))[-1]["Subject"].startswith("هزینهٔ کارشناسی")
    status, problem = await world.try_to("secretary", code, "report_expert", [LETTER], text="کامل نیست")
    assert (status, problem["code"]) == (409, "not_at_this_step"), "nobody has paid"
    await world.act("secretary", code, "pay_expert", receipt="445566")
    await world.act("secretary", code, "report_expert", [LETTER], text="کامل نیست")


async def decided(world: World, code: str) -> None:
    """Served on both by mail; the complainant's text says where it stands."""
    text = "مشتکی‌عنه به تذکر کتبی محکوم می‌شود."
    known = {"outcome": "upheld", "number": "1405/12", "date": "1405-09-15", "members_present": 4, "text": text}
    closed = await world.act("secretary", code, "decide", **known)
    assert (closed["step"], closed["status"], closed["outcome"]) == ("decided", "closed", "upheld")
    assert "ابلاغ شد" in (await heard(world, PHONE, 8))[-1]
    for address, count in (("maryam@example.ir", 4), ("info@rayan.example", 3)):
        served = (await mailed(world, address, count))[-1]
        assert plain(served["Subject"]) == "ابلاغ تصمیم شورای انتظامی، پروندهٔ ۱۴۰۵-۰۰۰۰۰۱"
        assert all(words in written(served) for words in ("شماره تصمیم: ۱۴۰۵/۱۲", "۱۴۰۵/۰۹/۱۵", text))
    assert "تصمیم شورای انتظامی در پروندهٔ" in (await heard(world, RESPONDENT_PHONE, 3))[-1]
    page = await world.track(code, "4567")
    assert f"{text} شماره تصمیم: ۱۴۰۵/۱۲ تاریخ تصمیم: ۱۴۰۵/۰۹/۱۵" in page
    assert "وارد بودن شکایت" in page
    kinds = [each["kind"] for each in closed["timeline"] if each["actor"] in ("secretary", "chair")]
    done = ["submit", "rank", "schedule", "defend", "hold", "appoint_expert", "pay_expert", "report_expert", "decide"]
    assert [kind for kind in kinds if kind in done] == done


async def test_the_complainant_who_stays_away_from_the_first_hearing_has_withdrawn(council: World) -> None:
    world = council
    code = await world.file("council", FORM, [CONTRACT])
    assert "۴,۹۰۵,۰۰۰ ریال است، به شماره حساب ۲-۱۰۱۰۱۴۳۳-۸۱۰۰-۳۲۰" in plain(await world.track(code, "4567"))
    paid = {"code": code, "phone_last4": "4567", "text": f"شمارهٔ رسید {RECEIPT} است"}
    async with world.http.post(f"{world.gateway.url}/track/add", data=paid, headers=OURS) as answer:
        assert "وصول شکایت در دبیرخانه شورا" in await answer.text()
    assert "رسید هزینهٔ آن" in (await heard(world, PHONE, 2))[-1]
    await world.act("secretary", code, "submit")
    await world.act("chair", code, "rank", urgent=False)
    await schedule(world, code)
    away = {"complainant": "absent", "respondent": "present", **SITTING}
    status, problem = await world.try_to("secretary", code, "hold", **away)
    assert (status, problem["code"]) == (409, "too_early")
    await world.at(HEARD)
    closed = await world.act("secretary", code, "hold", **away)
    assert (closed["step"], closed["outcome"]) == ("invited", "withdrawn")
    assert "در نخستین جلسه حاضر نشد" in (await heard(world, PHONE, 5))[-1]
    page = await world.track(code, "4567")
    assert "انصراف شاکی" in page
