"""A report that joined a ticket at once, taken out of it again: it gets a ticket of its own, opened with its own words.

Tickets joined by hand or by the citizen's word are `joining`'s. What the earlier ticket has only from that report is
taken back where that is certain: all its reports are read once more. What staff gave and what its step needs stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select, update

from normalizer.complaint import Complaint
from normalizer.normalize import normalize
from ticketing.asking import ask_next
from ticketing.completing import IDENTITY, know_of
from ticketing.doing import Doing
from ticketing.errors import FieldError, Invalid
from ticketing.hearing import Hearing
from ticketing.needs import missing_of
from ticketing.opening import set_out, ticket_of
from ticketing.organisations import organisation_of
from ticketing.persons import forget
from ticketing.procedure import Procedure
from ticketing.rereading import kept_of
from ticketing.tables import attachments, events, reports, threads
from ticketing.ticket import Ticket
from ticketing.told_facts import facts_of
from ticketing.transaction import Row

UNJOIN_REPORT: Final = "unjoin_report"
_TELLING: Final = ("complaint", "addition", "elsewhere", "other")
"""The intents of what may be a complaint of its own; an answer or a withdrawal is about its ticket."""
_FACTS: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    ("category",): ("category",),
    ("business_name",): ("business.name",),
    ("business_guild_id",): ("business.guild_id",),
    ("business_address",): ("business.address",),
    ("business_phone",): ("business.phone",),
    ("business_kind",): ("business.kind",),
    ("province", "county"): ("place.province", "place.county"),
    ("lat", "lon"): ("place.lat", "place.lon"),
    ("damages_rial",): ("damages_rial",),
    ("happened_on",): ("happened_on",),
}
"""The columns of a ticket that reports fill, those that go together, and what staff call them."""


def leaving(rows: Sequence[Row], history: Sequence[Row]) -> set[int]:
    """Of a ticket's reports those that joined it without a ticket of their own, by their ids.

    `history` are the ticket's events: what another ticket brought along goes back by undoing that join.
    """
    brought = {each for row in history if row["kind"] == "joined" for each in _ids(row["data"])}
    return {
        row["id"]
        for row in rows
        if row["joined_by"] and row["text"] and row["intent"] in _TELLING and row["id"] not in brought
    }


def _ids(data: Mapping[str, Any]) -> Sequence[int]:
    moved = data["reports"]
    return moved if isinstance(moved, list) else ()


async def unjoin_report(doing: Doing) -> None:
    """Give the report named a ticket of its own. Raises `Invalid` for one that has none to be given."""
    tx, ticket = doing.tx, doing.ticket
    rows = await tx.rows(select(reports).where(reports.c.ticket_id == ticket.id).order_by(reports.c.id))
    history = await tx.rows(select(events.c.kind, events.c.data).where(events.c.ticket_id == ticket.id))
    may_leave = leaving(rows, history)
    row = next((each for each in rows if each["id"] == doing.fields["report"]), None)
    if row is None or row["id"] not in may_leave:
        raise Invalid([FieldError("report", "no_such_report")])
    hearing = _heard(doing, row)
    if hearing is None:
        raise Invalid([FieldError("report", "unreadable_report")])
    own = ticket_of(hearing)
    _know_again(doing.procedure, own, ticket)
    await forget(tx, row["id"])
    await set_out(tx, hearing, own, doing.actor, taken_from=ticket.id)
    await _move(doing, hearing, own)
    by_hand = {name for each in history for name in each["data"].get("fields", ())}
    others = [_heard(doing, each) for each in rows if each["id"] != row["id"] and each["intent"] is not None]
    doing.data |= {"ticket": own.id, "reports": [row["id"]]}
    taken = await _take_back(doing, hearing, row["text"], others, by_hand)
    doing.data |= {"taken_back": taken} if taken else {}


def _heard(doing: Doing, row: Row) -> Hearing | None:
    report = doing.rules.reread(kept_of(doing.rules.vault, row))
    return Hearing(doing.rules, report, normalize(report), (), doing.at, row["id"]) if report is not None else None


def _know_again(procedure: Procedure, own: Ticket, ticket: Ticket) -> None:
    """By the same chat it is the same citizen, whose phone need not be asked for again."""
    mine, theirs = own.identity, ticket.identity
    if mine.chat and mine.chat == theirs.chat and own.account == ticket.account:
        know_of(own, theirs)
        own.missing = missing_of(procedure, own)


async def _move(doing: Doing, hearing: Hearing, own: Ticket) -> None:
    """The report, its files and whoever answers it belong to its own ticket from now on."""
    tx, vault = doing.tx, doing.rules.vault
    is_it = reports.c.id == hearing.report_id
    await tx.execute(update(reports).where(is_it).values(ticket_id=own.id, joined_by=None))
    files = attachments.c.report_id == hearing.report_id
    await tx.execute(update(attachments).where(files).values(ticket_id=own.id))
    handles = [vault.index("thread", each) for each in hearing.report.message_ids]
    if handles:
        mine = (threads.c.ticket_id == doing.ticket.id) & threads.c.handle_index.in_(handles)
        await tx.execute(update(threads).where(mine).values(ticket_id=own.id))


async def _take_back(
    doing: Doing, left: Hearing, words: str, others: Sequence[Hearing | None], by_hand: set[str]
) -> list[str]:
    """What the ticket has only from the report that left, taken back; the names of those facts."""
    ticket = doing.ticket
    heard = [each for each in others if each is not None]
    if len(heard) < len(others):
        return []  # what cannot be read any more may have told the same
    if not any(words in each.complaint.text for each in heard):
        ticket.text = ticket.text.replace(f"\n{words}", "", 1)
    told = [each.complaint for each in heard]
    taken = _take_facts(doing, left.complaint, told, by_hand) + _take_identity(doing, left, told, by_hand)
    ticket.missing = missing_of(doing.procedure, ticket)
    if "place.province" in taken:
        ticket.organisation = organisation_of(ticket.province, ticket.county)
    if ticket.is_open:
        await ask_next(doing.tx, doing.rules, ticket, doing.at)
    return taken


def _take_facts(doing: Doing, left: Complaint, others: Sequence[Complaint], by_hand: set[str]) -> list[str]:
    ticket = doing.ticket
    told, known = facts_of(left), [facts_of(each) for each in others]
    taken: list[str] = []
    for columns, names in _FACTS.items():
        had = [getattr(ticket, column) for column in columns]
        is_theirs = had == [told[column] for column in columns]
        is_only_theirs = is_theirs and all([each[column] for column in columns] != had for each in known)
        if any(had) and is_only_theirs and by_hand.isdisjoint(names) and _can_do_without(doing, columns):
            taken += names[:1]
    return taken


def _can_do_without(doing: Doing, columns: Sequence[str]) -> bool:
    """Empty the columns, unless the ticket has come so far that it needs them."""
    procedure, ticket = doing.procedure, doing.ticket
    had = {column: getattr(ticket, column) for column in columns}
    before = missing_of(procedure, ticket)
    for column in columns:
        setattr(ticket, column, None)
    if ticket.step == 1 or missing_of(procedure, ticket) == before:
        return True
    for column, value in had.items():
        setattr(ticket, column, value)
    return False


def _take_identity(doing: Doing, left: Hearing, told: Sequence[Complaint], by_hand: set[str]) -> list[str]:
    """Where the report came by another voice than the ticket's, it may have been another citizen's."""
    ticket, known = doing.ticket, doing.ticket.identity
    if left.complaint.chat and left.complaint.chat == known.chat:
        return []
    taken = [
        name
        for name in IDENTITY
        if (had := getattr(known, name))
        and had == getattr(left.complaint, name)
        and name not in by_hand
        and not any(getattr(each, name) == had for each in told)
    ]
    ticket.identity = replace(known, **dict.fromkeys(taken))
    if ticket.step > 1 and "phone" in missing_of(doing.procedure, ticket):
        ticket.identity = known
        return []
    return taken
