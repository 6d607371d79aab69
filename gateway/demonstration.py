"""Demonstration staff and tickets, so that a fresh gateway can be walked through at once.

Everybody knows these passwords, so it is done on a loopback address only, and said aloud. Tickets are made in an empty
database only, and only while texts go to the sandbox: their numbers could be somebody's.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from gateway.commands.command import Say
from gateway.config import ConfigError, Settings
from gateway.loopback import is_loopback
from gateway.parts import Parts
from normalizer.report import Business, Place, Report, Sender
from ticketing.accounts import add_staff, list_staff
from ticketing.act import act
from ticketing.asked import Asked
from ticketing.board import mark_read, open_conversations, write_message
from ticketing.desk import get_ticket
from ticketing.intake import take_in
from ticketing.staff import Staff
from ticketing.tables import staff as staff_table
from ticketing.tables import tickets

PASSWORD: Final = "demonstration-124"  # noqa: S105  (it is meant to be known)
_ACCOUNT: Final = "demonstration"

# username, role, organisation, body, phone
STAFF: Final = (
    ("operator", "operator", "", None, None),
    ("evaluator", "evaluator", "23", None, None),
    ("evaluator-isfahan", "evaluator", "10", None, None),
    ("evaluator-jiroft", "evaluator", "08S", None, None),
    ("union", "self_regulator", "23", "grocers-tehran", None),
    ("dispatcher", "dispatcher", "23", None, None),
    ("inspector", "inspector", "23", None, "09121240101"),
    ("clerk", "penalties_clerk", "23", None, None),
    ("supervisor", "supervisor", "", None, None),
    ("liaison", "liaison", "10", None, "09121240102"),
    ("admin", "admin", "", None, None),
)


Deed = tuple[str, str, dict[str, Any]]
"""(username, action, body)"""


@dataclass(frozen=True, slots=True)
class Story:
    """A report, and what staff did about it."""

    report: dict[str, Any]
    deeds: tuple[Deed, ...] = ()


_TEHRAN, _ISFAHAN = Place(province="23", county="تهران"), Place(province="10", county="اصفهان")
_TO_UNION = ("evaluator", "evaluate", {"route": "self_regulation", "body": "grocers-tehran"})
_TO_INSPECTION = ("evaluator", "evaluate", {"route": "inspection"})
_SENT_OUT = ("dispatcher", "dispatch", {"inspector": "inspector"})
_VIOLATION = {"violation": True, "finding": "روی جلد ۴۸۰ هزار ریال، فروخته به ۶۲۰ هزار ریال", "amount_rial": 140_000}
_INSPECTED = (_TO_INSPECTION, _SENT_OUT, ("inspector", "inspect", _VIOLATION))
_REFERRED: tuple[Deed, ...] = (*_INSPECTED, ("evaluator", "refer", {}))
_VERDICT = {"text": "جریمه به مبلغ ۱۴ میلیون ریال", "fine_rial": 14_000_000, "number": "۱۴۰۵-۱۲۴", "date": "1405-08-20"}


def _in_tehran(number: int, text: str, category: str, shop: str, deeds: tuple[Deed, ...]) -> Story:
    sender = Sender(phone=f"091212400{number:02d}")
    report = {"channel": "web", "text": text, "category": category, "sender": sender}
    return Story({**report, "business": Business(name=shop), "place": _TEHRAN}, deeds)


STORIES: Final = (
    Story(
        {
            "channel": "web",
            "text": "روغن را بالاتر از قیمت روی بسته فروخت.",
            "category": "overcharging",
            "sender": Sender(phone="09121240001", name="نمونه یک"),
            "business": Business(name="سوپرمارکت بهاران"),
            "place": _TEHRAN,
        }
    ),
    Story({"channel": "sms", "text": "نانوایی محله نان را کم می‌فروشد", "sender": Sender(phone="09121240002")}),
    Story(
        {
            "channel": "web",
            "text": "برای خرید یخچال فاکتور نداد.",
            "category": "no_invoice",
            "sender": Sender(phone="09121240003", name="نمونه سه"),
            "business": Business(name="لوازم خانگی سپاهان"),
            "place": _ISFAHAN,
        }
    ),
    Story(
        {
            "channel": "web",
            "text": "قیمت میوه‌ها روی هیچ جعبه‌ای نوشته نشده است.",
            "category": "price_not_displayed",
            "sender": Sender(phone="09121240004", name="نمونه چهار"),
            "business": Business(name="میوه‌فروشی تازه"),
            "place": _TEHRAN,
        },
        (_TO_UNION,),
    ),
    Story(
        {
            "channel": "web",
            "text": "برنج را به شرط خرید چای می‌فروشد.",
            "category": "forced_sale",
            "sender": Sender(phone="09121240005", name="نمونه پنج"),
            "business": Business(name="خواربار فجر"),
            "place": _TEHRAN,
        },
        (_TO_INSPECTION, _SENT_OUT),
    ),
    _in_tehran(6, "شیرینی را کمتر از وزن سفارش داد.", "short_measure", "شیرینی‌سرای گل", _INSPECTED),
    _in_tehran(7, "لاستیک را گران‌تر از نرخ مصوب فروخت.", "overcharging", "لاستیک‌فروشی میهن", _REFERRED),
    _in_tehran(
        8,
        "گوشی تقلبی را به جای اصل فروخت.",
        "fraud",
        "موبایل امید",
        (*_REFERRED, ("clerk", "verdict", _VERDICT)),
    ),
    _in_tehran(
        9,
        "پول اضافه گرفت و پس نمی‌داد.",
        "overcharging",
        "تعمیرگاه وحدت",
        (_TO_UNION, ("union", "settle", {"result": "settled"})),
    ),
    # With the first one five about one shop, each naming it a little differently: a surge.
    _in_tehran(10, "روغن را گران‌تر از قیمت رویش داد.", "overcharging", "سوپر بهاران", ()),
    _in_tehran(11, "قیمت شکر با قیمت قفسه فرق داشت.", "pricing_rules", "سوپرمارکت بهاران", ()),
    _in_tehran(12, "روغن را فقط با خرید برنج می‌داد.", "forced_sale", "سوپری بهاران", ()),
    _in_tehran(13, "برای روغن رسید نداد و گران هم فروخت.", "overcharging", "بهاران", ()),
    _in_tehran(14, "گوشت را با استخوان زیاد وزن کرد.", "short_measure", "قصابی کوثر", ()),
    _in_tehran(15, "ترازویش درست نیست و کم می‌دهد.", "short_measure", "گوشت کوثر", ()),
    Story(
        {
            "channel": "web",
            "text": "اتحادیه پروانهٔ کسب مرا بی‌دلیل صادر نمی‌کند.",
            "sender": Sender(phone="09121240016", name="نمونه شانزده"),
            "place": _ISFAHAN,
            "extra": {"procedure": "guild_body", "details": {"against": "union", "union": "اتحادیهٔ نانوایان"}},
        }
    ),
)


def require_loopback(settings: Settings) -> None:
    """Raises `ConfigError` where others than this machine could reach the demonstration."""
    if not is_loopback(settings.http.host):
        raise ConfigError("http.host: a demonstration is given on a loopback address only, such as 127.0.0.1")


async def demonstrate(parts: Parts) -> None:
    """Add what is lacking of the demonstration. Raises `ConfigError` off loopback."""
    require_loopback(parts.settings)
    await _add_staff(parts)
    if parts.has_sandbox and not await _has_tickets(parts):
        codes = [await _tell(parts, number, story) for number, story in enumerate(STORIES, start=1)]
        await _converse(parts, in_isfahan=codes[-1])


def tell_sign_ins(url: str, say: Say) -> None:
    """Say aloud what this is, and how to sign in."""
    say("")
    say("  *** DEMONSTRATION: anyone on this machine can sign in. Never use it for real matters. ***")
    say(f"  sign in at        {url}/desk, or POST {url}/api/v1/staff/login")
    say(f"  password of all   {PASSWORD}")
    for username, role, organisation, body, _ in STAFF:
        where = " ".join(part for part in (organisation or "national", body) if part)
        say(f"    {username:<18} {role:<16} {where}")
    say("")


async def _add_staff(parts: Parts) -> None:
    known = {member["username"] for member in await list_staff(parts.database)}
    lacking = [each for each in STAFF if each[0] not in known]
    await asyncio.gather(*(_add(parts, *each) for each in lacking))


async def _add(parts: Parts, username: str, role: str, organisation: str, body: str | None, phone: str | None) -> None:
    await add_staff(
        parts.database,
        parts.rules.vault,
        username=username,
        role=role,
        organisation=organisation,
        body=body,
        phone=phone,
        password=PASSWORD,
        at=parts.clock.now(),
        demonstration=True,
    )


async def _member(parts: Parts, username: str) -> Staff:
    role, organisation, body = next(each[1:4] for each in STAFF if each[0] == username)
    ours = (staff_table.c.username == username) & staff_table.c.demonstration
    rows = await parts.database.read(select(staff_table.c.id).where(ours))
    return Staff(rows[0]["id"], username, role, organisation, body, demonstration=True)


async def _has_tickets(parts: Parts) -> bool:
    return bool(await parts.database.read(select(tickets.c.id).limit(1)))


async def _tell(parts: Parts, number: int, story: Story) -> str:
    """The story's ticket, by its code."""
    at, name = parts.clock.now(), f"{_ACCOUNT}-{number}"
    converses = story.report["channel"] == "sms"
    report = Report(
        account=_ACCOUNT,
        external_id=name,
        received_at=at,
        raw=json.dumps(name).encode(),
        medium="sms" if converses else None,
        converses=converses,
        always_complaint=not converses,
        **story.report,
    )
    accepted = await take_in(parts.database, parts.rules, report)
    for username, action, body in story.deeds:
        await _do(parts, str(accepted.tracking_code), username, action, body)
    return str(accepted.tracking_code)


async def _converse(parts: Parts, in_isfahan: str) -> None:
    """The centre writes to two organisations, and one of them answers; the other still has to read it."""
    centre = Asked(parts.rules, await _member(parts, "supervisor"), parts.clock.now())
    isfahan = Asked(parts.rules, await _member(parts, "liaison"), parts.clock.now())
    circular = "لطفاً رابط رسیدگی به شکایات سازمان خود را تا پایان هفته معرفی کنید."
    await open_conversations(parts.database, centre, ("10", "23"), "معرفی رابط", circular)
    question = f"پروندهٔ {in_isfahan} هنوز پاسخی نگرفته است.\n\nمهلت آن رو به پایان است؛ لطفاً پیگیری کنید."
    begun = await open_conversations(parts.database, centre, ("10",), "پروندهٔ بی‌پاسخ", question)
    conversation = begun["conversations"][0]["id"]
    await mark_read(parts.database, isfahan.staff, conversation, 1, isfahan.at)
    await write_message(parts.database, isfahan, conversation, "دیده شد. پاسخ اتحادیه را فردا می‌فرستیم.")


async def _do(parts: Parts, code: str, username: str, action: str, body: dict[str, Any]) -> None:
    staff, at = await _member(parts, username), parts.clock.now()
    seen = await get_ticket(parts.database, parts.rules, staff, code, at)
    said = {**body, "version": seen["version"]}
    body_hash = hashlib.sha256(json.dumps(said).encode()).digest()
    await act(parts.database, parts.rules, staff, code, action, said, at, key=None, body_hash=body_hash)
