"""One complaint by each of the five channels, through real protocols: five tickets, five codes heard of."""

from __future__ import annotations

from sqlalchemy import select

from tests.acceptance.world import World, figures
from tests.support.mail import mail
from tests.support.reports import REPORT
from ticketing.tables import tickets
from ticketing.ticket import ticket_from

WORDS = "سوپرمارکت رضا در تهران برنج را گران‌فروشی کرده است"


async def codes_by_channel(world: World) -> dict[str, str]:
    vault = world.gateway.parts.rules.vault
    rows = await world.gateway.parts.database.read(select(tickets))
    return {row["channel"]: ticket_from(vault, row).code for row in rows}


async def test_five_channels_make_five_tickets_and_five_codes_are_heard(world: World) -> None:
    status, by_web = await world.call("POST", "/api/v1/reports", {**REPORT, "phone": "09121110001"})
    assert status == 201
    by_phone = {**REPORT, "phone": "09121110002", "channel": "phone", "call_id": "c-1"}
    status, filed = await world.call("POST", "/api/v1/staff/reports", by_phone, by="op")
    assert status == 201
    assert await world.text_in("09121110003", WORDS, "sms-1") == 200
    await world.mail_in(f"{WORDS}. شماره من 09121110004 است.", message_id="<five@example.ir>")
    world.bots.push_text(WORDS, chat=777)

    def all_heard() -> bool:
        texted = all(world.texts_to(f"+98912111000{n}") for n in (1, 2, 3, 4))
        return texted and bool(world.bots.sent) and bool(world.relay.received)

    await world.until(all_heard)
    codes = await codes_by_channel(world)
    assert sorted(codes) == ["email", "phone", "sms", "telegram", "web"]
    assert (codes["web"], codes["phone"]) == (by_web["tracking_code"], filed["tracking_code"])
    heard = {
        "web": world.texts_to("+989121110001")[0].message,
        "phone": world.texts_to("+989121110002")[0].message,
        "sms": world.texts_to("+989121110003")[0].message,
        "email": world.texts_to("+989121110004")[0].message,
        "telegram": str(world.bots.sent[0]["text"]),
    }
    for channel, text in heard.items():
        print(f"{channel:9} {codes[channel]}  {text}")
        assert codes[channel] in figures(text)
    assert len(set(codes.values())) == 5


async def test_a_mail_reply_joins_its_ticket_and_is_answered_by_mail(world: World) -> None:
    await world.mail_in(WORDS, message_id="<first@example.ir>")
    await world.until(lambda: len(world.relay.received) >= 1)
    answer = world.relay.received[0].decode()
    ours = next(line.partition(":")[2].strip() for line in answer.splitlines() if line.startswith("Message-ID:"))
    assert "In-Reply-To: <first@example.ir>" in answer
    reply_headers = [("In-Reply-To", ours)]
    await world.mail_in("شمارهٔ من 09121110009 است", message_id="<second@example.ir>", headers=reply_headers)
    await world.until(lambda: bool(world.texts_to("+989121110009")))
    assert list(await codes_by_channel(world)) == ["email"]


async def test_an_automatic_answer_is_kept_and_never_answered(world: World) -> None:
    raw_headers = [("Auto-Submitted", "auto-replied")]
    assert b"auto-replied" in mail(WORDS, headers=raw_headers)
    await world.mail_in(WORDS, message_id="<auto@example.ir>", headers=raw_headers)
    await world.mail_in(WORDS, message_id="<person@example.ir>")
    await world.until(lambda: bool(world.relay.received))
    assert list(await codes_by_channel(world)) == ["email"]
