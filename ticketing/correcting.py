"""A report understood otherwise than when it came: kept as it is understood now, and its ticket's facts set right.

Only what the gateway itself read is changed, and only while nobody has worked with it: a fact that came from this very
report, of an open ticket that has not been evaluated. What people gave, set or chose stays; nothing known is taken
away, no identity changes, nothing is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select, update

from ticketing.completing import facts_came
from ticketing.organisations import organisation_of
from ticketing.rules import Rules
from ticketing.tables import events, reports
from ticketing.ticket import Ticket, load, save
from ticketing.transaction import UnitTransaction
from ticketing.understood import Understood, open_understood, seal_understood

REREAD: Final = "reread"
_ACTOR: Final = "gateway"
_BY_HAND: Final = {
    "category": ("category",),
    "business_name": ("business.name",),
    "business_guild_id": ("business.guild_id",),
    "business_address": ("business.address",),
    "business_phone": ("business.phone",),
    "province": ("place.province", "place.county"),
    "happened_on": ("happened_on",),
}
"""The facts of a ticket that are read from reports, and by what names people give them. County goes with province."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What became of one report: whether it was kept anew, and the facts of its ticket that changed."""

    is_kept: bool
    changed: tuple[str, ...] = ()


async def correct(
    tx: UnitTransaction, rules: Rules, report_id: int, sealed: bytes | None, today: Understood, at: datetime
) -> Correction:
    """Keep `today` (with its text) as what is understood of the report, in place of what was `sealed` with it.

    Where that is something else by now, somebody was quicker and nothing is done. Raises `Conflict` (`stale_version`)
    where another process saves the ticket meanwhile: it is to be done again.
    """
    facts = {name: value for name, value in today.items() if name != "text"}
    kept = {"intent": today["intent"], "text": today["text"]}
    kept["understood"] = seal_understood(rules.vault, report_id, facts)
    same = (reports.c.id == report_id) & (reports.c.understood == sealed)  # None becomes IS NULL
    done = await tx.execute(update(reports).where(same).values(**kept))
    if done.rowcount != 1:
        return Correction(is_kept=False)
    if sealed is None:
        return Correction(is_kept=True)
    before = open_understood(rules.vault, report_id, sealed)
    return Correction(True, await _set_right(tx, rules, report_id, before, facts, at))


async def _set_right(
    tx: UnitTransaction, rules: Rules, report_id: int, before: Understood, today: Understood, at: datetime
) -> tuple[str, ...]:
    ticket_id = (await tx.rows(select(reports.c.ticket_id).where(reports.c.id == report_id)))[0]["ticket_id"]
    if ticket_id is None:
        return ()
    ticket = await load(tx, rules.vault, ticket_id)
    if not ticket.is_open or ticket.route is not None:
        return ()
    history = await tx.rows(select(events.c.kind, events.c.data).where(events.c.ticket_id == ticket.id))
    opener = next((row["data"].get("report") for row in history if row["kind"] == "opened"), None)
    by_hand = {name for row in history for name in row["data"].get("fields", ())}
    told = set() if report_id == opener else await _told_before(tx, rules, ticket, report_id, opener)
    free = [name for name, said in _BY_HAND.items() if name not in told and by_hand.isdisjoint(said)]
    changed = [_BY_HAND[name][0] for name in free if _take(ticket, name, before, today)]
    if report_id == opener and before["urgent"] != today["urgent"] and ticket.urgent == before["urgent"]:
        ticket.urgent = today["urgent"]
        changed.append("urgent")
    if changed:
        ticket.record(REREAD, _ACTOR, at, report=report_id, read=list(changed))
        await facts_came(tx, rules, ticket, at, _ACTOR)
        await save(tx, rules.vault, ticket, at)
    return tuple(changed)


async def _told_before(
    tx: UnitTransaction, rules: Rules, ticket: Ticket, report_id: int, opener: int | None
) -> set[str]:
    """The facts that a report of the ticket has told before this one: its first, and whatever came in between."""
    earlier = (reports.c.id == opener) | (reports.c.id < report_id)
    mine = (reports.c.ticket_id == ticket.id) & reports.c.intent.is_not(None)
    told: set[str] = set()
    for row in await tx.rows(select(reports.c.id, reports.c.understood).where(mine, earlier)):
        if row["understood"] is None:
            return set(_BY_HAND)  # what it told is not known: it may have been everything
        facts = open_understood(rules.vault, row["id"], row["understood"])
        told.update(name for name in _BY_HAND if facts.get(name))
    return told


def _take(ticket: Ticket, name: str, before: Understood, today: Understood) -> bool:
    """Put today's value in the place of the one that was read then; False where that is not what the ticket has."""
    if name == "province":
        return _take_place(ticket, before, today)
    had, has = before.get(name), today.get(name)
    if not has or has == had or _plain(getattr(ticket, name)) != had:
        return False
    setattr(ticket, name, date.fromisoformat(has) if name == "happened_on" else has)
    return True


def _take_place(ticket: Ticket, before: Understood, today: Understood) -> bool:
    had, has = (before["province"], before["county"]), (today["province"], today["county"])
    if not has[0] or has == had or (ticket.province, ticket.county) != had:
        return False
    if ticket.organisation == organisation_of(*had):  # else somebody has sent it elsewhere
        ticket.organisation = organisation_of(*has)
        if ticket.organisation != organisation_of(*had):
            ticket.assignee = ticket.assigned_at = None
    ticket.province, ticket.county = has
    return True


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
