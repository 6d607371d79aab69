"""Demonstration staff and tickets, so that a fresh gateway can be walked through at once.

Everybody knows these passwords, so it is done on a loopback address only, and said aloud. Tickets are made in an empty
database only, and only while texts go to the sandbox: their numbers could be somebody's.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select

from gateway.commands.command import Say
from gateway.config import ConfigError, Settings
from gateway.demonstration.meeting import first_offer, open_calendar
from gateway.loopback import is_loopback
from gateway.parts import Parts
from normalizer.report import Business, Place, Report, Sender
from ticketing.accounts import add_staff, list_staff
from ticketing.act import act
from ticketing.asked import Asked
from ticketing.board import mark_read, open_conversations, write_message
from ticketing.desk import get_ticket
from ticketing.filing import checked_filing
from ticketing.intake import take_in
from ticketing.staff import Staff
from ticketing.tables import staff as staff_table
from ticketing.tables import tickets

PASSWORD: Final = "demonstration-124"  # noqa: S105  (it is meant to be known)
_ACCOUNT: Final = "demonstration"

_DATA: Final = tomllib.loads(files(__package__).joinpath("demonstration.toml").read_text(encoding="utf-8"))
Row = tuple[str, str, str, str | None, str | None]
STAFF: Final[tuple[Row, ...]] = tuple(
    (each["username"], each["role"], each["organisation"], each.get("body"), each.get("phone"))
    for each in _DATA["staff"]
)
"""Username, role, organisation, body and phone of each."""


@dataclass(frozen=True, slots=True)
class Story:
    """A report, and what staff did about it: who, which action, with which fields."""

    report: dict[str, Any]
    deeds: tuple[tuple[str, str, dict[str, Any]], ...] = ()


def _story(told: Mapping[str, Any]) -> Story:
    """A story of the data."""
    report = {
        "channel": told["channel"],
        "text": told["text"],
        "category": told.get("category"),
        "sender": Sender(phone=told["phone"], name=told.get("name"), email=told.get("email")),
        "business": Business(name=told.get("business")),
        "place": Place(**told.get("place", {})),
        "extra": {name: told[name] for name in ("procedure", "details") if name in told},
    }
    return Story(report, tuple((deed["by"], deed["does"], deed.get("with", {})) for deed in told.get("deeds", ())))


STORIES: Final = tuple(_story(told) for told in _DATA["stories"])


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
        await _offer_meeting(parts, to=codes[-2])


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


async def _offer_meeting(parts: Parts, to: str) -> None:
    """An official keeps free times, the first of which is offered."""
    await open_calendar(parts, await _member(parts, "office"))
    offer = await first_offer(parts, await _member(parts, "service-desk"))
    await _do(parts, to, "service-desk", "offer", offer)


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
    accepted = await take_in(parts.database, parts.rules, checked_filing(parts.rules, report, at))
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
