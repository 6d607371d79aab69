"""A ticket in hand: loaded from its row, changed by a use case, saved once with its new events.

Saving is guarded by the version and the last event it was loaded with, so two changes never blend. The version counts
what people must have seen before they act: a clock's marks leave it as it is. Identity is opened on loading and sealed
again only when it changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update

from ticketing.businesses import Trader, business_of
from ticketing.errors import Conflict, NotFound
from ticketing.events import GENESIS, MARKS, chain_hash
from ticketing.ids import new_id
from ticketing.searching import is_indexed, ticket_words, words_row
from ticketing.tables import events, tickets
from ticketing.transaction import LookUp, UnitTransaction
from ticketing.vault import Vault, address_index


@dataclass(frozen=True, slots=True)
class Identity:
    """Who complains; sealed as a whole. Phones are E.164; `phone` is a mobile, `landline` is not texted.

    `mail_id` is the Message-ID of their first mail, which our answers refer to.
    """

    name: str | None = None
    national_id: str | None = None
    phone: str | None = None
    landline: str | None = None
    email: str | None = None
    chat: str | None = None
    mail_id: str | None = None

    @property
    def last4(self) -> str | None:
        """The last four digits of the number they can prove themselves with."""
        number = self.phone or self.landline
        return number[-4:] if number else None


@dataclass(slots=True)
class Ticket:
    """The columns of `tickets` in the open, and the events not yet saved."""

    id: int
    code: str
    procedure: str
    channel: str
    language: str
    opened_at: datetime
    updated_at: datetime
    text: str
    step: int = 0
    status: str = "open"
    waiting_for: str | None = None
    outcome: str | None = None
    route: str | None = None
    category: str | None = None
    organisation: str = ""
    body: str | None = None
    version: int = 0
    closed_at: datetime | None = None
    timer: str | None = None
    due_at: datetime | None = None
    clock: dict[str, Any] | None = None
    began_at: datetime | None = None
    rings_at: datetime | None = None
    late_at: datetime | None = None
    anonymous: bool = False
    identity: Identity = field(default_factory=Identity)
    medium: str | None = None
    account: str = ""
    business_name: str | None = None
    business_guild_id: str | None = None
    business_address: str | None = None
    business_phone: str | None = None
    business_kind: str | None = None
    business_id: int | None = None
    parent_id: int | None = None
    province: str | None = None
    county: str | None = None
    lat: float | None = None
    lon: float | None = None
    damages_rial: int | None = None
    happened_on: date | None = None
    urgent: bool = False
    missing: list[str] = field(default_factory=list)
    filed_by: int | None = None
    assignee: int | None = None
    assigned_at: datetime | None = None
    inspector: int | None = None
    accepted_at: datetime | None = None
    case_number: str | None = None
    dissatisfied: int | None = None
    addressee: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    appointment: dict[str, Any] | None = None
    last_event: int = 0
    last_hash: bytes = GENESIS
    new_events: list[dict[str, Any]] = field(default_factory=list)
    stored: Mapping[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        """True until it is closed."""
        return self.status == "open"

    def open_again(self) -> None:
        """No longer closed. Whom it waits for, and until when, is the caller's to say."""
        self.status, self.outcome, self.closed_at, self.dissatisfied = "open", None, None, None

    def put_into(self, case_id: int, actor: str, at: datetime) -> None:
        """Into a parent case, with others about the same business."""
        self.parent_id = case_id
        self.record("gathered", actor, at, parent_case=case_id)

    def take_out(self, actor: str, at: datetime) -> None:
        """Out of its parent case."""
        self.record("released", actor, at, parent_case=self.parent_id)
        self.parent_id = None

    def record(self, kind: str, actor: str, at: datetime, **data: Any) -> None:
        """Append an event. `data` holds codes and figures only, never identity."""
        self.last_event += 1
        digest = chain_hash(self.last_hash, self.id, self.last_event, at, kind, actor, data)
        self.last_hash = digest
        row = {"id": new_id(), "ticket_id": self.id, "number": self.last_event, "at": at, "kind": kind}
        self.new_events.append({**row, "actor": actor, "data": data, "hash": digest})


_PLAIN = tuple(
    name
    for name in (each.name for each in fields(Ticket))
    if name not in {"code", "identity", "details", "new_events", "stored"} and name in tickets.c
)


_IDENTITY = tuple(each.name for each in fields(Identity))


def by_code(vault: Vault, code: str) -> LookUp:
    """The look-up of the ticket with tracking code `code` (ASCII digits)."""
    return LookUp(tickets, ("code_index",), (vault.index("code", code),))


def ticket_from(vault: Vault, row: Mapping[str, Any]) -> Ticket:
    """The ticket of a row of `tickets`, identity opened."""
    plain = {name: row[name] for name in _PLAIN}
    plain["missing"] = list(plain["missing"] or ())
    code = vault.unseal("tickets.code", row["id"], row["code"])
    details = ticket_details(vault, row)
    return Ticket(code=code, identity=ticket_identity(vault, row), details=details, stored=row, **plain)


async def load(tx: UnitTransaction, vault: Vault, ticket_id: int) -> Ticket:
    """The ticket with this id, for changing. Raises `NotFound`."""
    rows = await tx.rows(select(tickets).where(tickets.c.id == ticket_id))
    if not rows:
        raise NotFound
    return ticket_from(vault, rows[0])


async def find_business(tx: UnitTransaction, ticket: Ticket, at: datetime) -> None:
    """Set which business the ticket is about, and put it into the business's open case where that adds new ones.

    For a new ticket this comes before anything of it is added: it looks into rows.
    """
    found = await business_of(tx, trader_of(ticket), at)
    ticket.business_id = found["id"] if found is not None else None
    if found is not None and found["adds"] and ticket.is_open and ticket.parent_id is None:
        ticket.put_into(found["open_case"], "gateway", at)


async def save(tx: UnitTransaction, vault: Vault, ticket: Ticket, at: datetime) -> None:
    """Write the ticket and its new events; whoever took it on has it no more where it now waits for another role.

    Where what is known of its trader has changed, its business is found anew. Raises `Conflict` where somebody else
    saved it meanwhile.
    """
    if not _is_marked_only(ticket):
        ticket.version += 1
    ticket.updated_at = at
    if ticket.stored is not None and trader_of(ticket) != trader_in(ticket.stored):
        await find_business(tx, ticket, at)
    if ticket.stored is None:
        row = _sealed_row(vault, ticket)
        tx.add(tickets, row)
        tx.add(ticket_words, words_row(row))
    else:
        if ticket.waiting_for != ticket.stored["waiting_for"] and ticket.assignee == ticket.stored["assignee"]:
            ticket.assignee = ticket.assigned_at = None  # it was taken on while it waited for somebody else
        changed = _changes(_sealed_row(vault, ticket), ticket.stored)
        done = await tx.execute(update(tickets).where(_as_loaded(ticket.stored)).values(**changed))
        if done.rowcount != 1:
            raise Conflict("stale_version")
        if is_indexed(changed):
            words = words_row({**ticket.stored, **changed})["words"]
            await tx.execute(update(ticket_words).where(ticket_words.c.id == ticket.id).values(words=words))
    for event in ticket.new_events:
        tx.add(events, event)
    ticket.new_events = []


def _is_marked_only(ticket: Ticket) -> bool:
    return bool(ticket.new_events) and all(event["kind"] in MARKS for event in ticket.new_events)


def _as_loaded(stored: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(tickets.c[name] == stored[name] for name in ("id", "version", "last_event")))


def trader_of(ticket: Ticket) -> Trader:
    """What the ticket knows of its trader."""
    return Trader(ticket.business_guild_id, ticket.business_name, ticket.business_phone, ticket.province, ticket.county)


def trader_in(row: Mapping[str, Any]) -> Trader:
    """What a row of `tickets` knows of its trader."""
    names = ("business_guild_id", "business_name", "business_phone", "province", "county")
    return Trader(*(row[name] for name in names))


def _sealed_row(vault: Vault, ticket: Ticket) -> dict[str, Any]:
    row = {name: getattr(ticket, name) for name in _PLAIN}
    row["phone_index"] = vault.index("phone", ticket.identity.phone) if ticket.identity.phone else None
    row["voice_index"] = _voice_index(vault, ticket)
    if ticket.stored is None:
        row["code"] = vault.seal("tickets.code", ticket.id, ticket.code)
        row["code_index"] = vault.index("code", ticket.code)
    before = ticket_identity(vault, ticket.stored) if ticket.stored is not None else Identity()
    if ticket.stored is None or before != ticket.identity:
        known = {name: value for name in _IDENTITY if (value := getattr(ticket.identity, name)) is not None}
        row["identity"] = vault.seal("tickets.identity", ticket.id, json.dumps(known)) if known else None
    details_before = ticket_details(vault, ticket.stored) if ticket.stored is not None else {}
    if ticket.details != details_before:
        row["details"] = vault.seal("tickets.details", ticket.id, json.dumps(ticket.details, ensure_ascii=False))
    return row


def _voice_index(vault: Vault, ticket: Ticket) -> bytes | None:
    address = {"bot": ticket.identity.chat, "email": ticket.identity.email}.get(ticket.medium or "")
    return address_index(vault, ticket.medium or "", ticket.account, address) if address else None


def ticket_identity(vault: Vault, row: Mapping[str, Any]) -> Identity:
    """The identity sealed in a row of `tickets`."""
    sealed = row["identity"]
    return Identity(**json.loads(vault.unseal("tickets.identity", row["id"], sealed))) if sealed else Identity()


def ticket_details(vault: Vault, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row of `tickets` holds sealed that only its procedure asks for."""
    sealed = row["details"]
    details: dict[str, Any] = json.loads(vault.unseal("tickets.details", row["id"], sealed)) if sealed else {}
    return details


def _changes(row: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if stored[name] != value}
