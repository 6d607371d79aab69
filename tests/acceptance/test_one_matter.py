"""One citizen's one matter by telephone, SMS, mail and bot is one ticket, with reasons; another shop is another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.acceptance.world import World, figures
from ticketing.tables import tickets

PHONE = "+989121112233"
CALL: dict[str, Any] = {
    "text": "شهروند اظهار داشت سوپرمارکت رضا در تهران شیر کم چرب را ده هزار تومان گران‌تر از قیمت جلد فروخت",
    "phone": "09121112233",
    "name": "مریم احمدی",
    "category": "overcharging",
    "business": {"name": "سوپرمارکت رضا"},
    "place": {"province": "23", "county": "تهران"},
    "channel": "phone",
    "call_id": "c-1",
}
TEXTED = "همون سوپری رضا که زنگ زدم، رسید هم نداد"
MAILED = "پیرو تماس تلفنی، رسید شیر کم چرب سوپرمارکت رضا پیوست است. شماره من 09121112233"
CHATTED = "سوپر رضا هنوز شیر کم چرب را ده هزار تومان گران می‌دهد"
OTHER_SHOP = "قصابی کوثر در کرج گوشت یخ زده را به اسم گوشت تازه فروخت"


async def reports_of(world: World, code: str, how_many: int) -> list[dict[str, Any]]:
    """The reports of a ticket, once there are so many."""

    async def has_all() -> bool:
        return len((await world.ticket(code))["reports"]) >= how_many

    await world.until_true(has_all)
    return list((await world.ticket(code))["reports"])


async def count(world: World) -> int:
    return len(await world.gateway.parts.database.read(select(tickets.c.id)))


async def test_four_channels_are_one_ticket_another_shop_is_another_and_unjoining_restores_both(world: World) -> None:
    status, filed = await world.call("POST", "/api/v1/staff/reports", CALL, by="op")
    assert (status, filed["candidate"]) == (201, None)
    code = filed["tracking_code"]
    assert await world.text_in("09121112233", TEXTED, "sms-1") == 200
    await world.mail_in(MAILED, message_id="<one@example.ir>")
    await reports_of(world, code, 3)
    world.bots.push_contact("+989121112233", chat=501)
    await reports_of(world, code, 4)
    world.bots.push_text(CHATTED, chat=501)
    reports = await reports_of(world, code, 5)
    assert await count(world) == 1
    assert [each["channel"] for each in reports] == ["phone", "sms", "email", "telegram", "telegram"]
    for each in reports:
        print(f"{each['channel']:9} {', '.join(each['joined_by']) or 'opened it'}")
    assert all("same_shop" in reports[place]["joined_by"] for place in (1, 2, 4))
    assert [step["kind"] for step in (await world.ticket(code))["notices"] if step["medium"] == "sms"] == ["step"] * 2

    assert await world.text_in("09121112233", OTHER_SHOP, "sms-2") == 200
    await world.until(lambda: len(world.texts_to(PHONE)) == 5)  # two steps, what was added, two steps
    assert await count(world) == 2

    texted = reports[1]
    assert texted["may_leave"]
    rest = await world.act("ev", code, "unjoin_report", report=texted["id"])
    own = await world.ticket(rest["timeline"][-1]["data"]["ticket"])
    assert [each["text"] for each in own["reports"]] == [texted["text"]]
    assert texted["id"] not in [each["id"] for each in rest["reports"]]
    assert TEXTED not in rest["facts"]["text"]
    assert own["timeline"][0]["data"]["ticket"] == code
    assert own["notices"][0]["kind"] == "step"
    await world.until(lambda: any(own["tracking_code"] in figures(each.message) for each in world.texts_to(PHONE)))

    joined = await world.act("ev", own["tracking_code"], "join", tracking_code=code)
    assert (joined["outcome"], joined["merged_into"], joined["notices"][-1]["kind"]) == ("merged", code, "close")
    back = await world.act("ev", own["tracking_code"], "unjoin")
    assert (back["status"], [each["id"] for each in back["reports"]]) == ("open", [texted["id"]])
    assert len((await world.ticket(code))["reports"]) == 4
