"""A citizen's devices: browsers that asked to be told of one ticket, and the notices that go to them.

A notice here stands beside the texts and never instead of one. It holds neither the code nor anything about the
matter, for it shows on locked screens; where a device is reached is looked up when the notice leaves, so that what was
taken back, or gone, is not used once more.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select

from sms.outbox import PUSH, Notice, enqueue
from sms.store import Read
from ticketing.database import Database
from ticketing.device_tables import devices
from ticketing.errors import Conflict
from ticketing.ids import new_id
from ticketing.rules import Rules
from ticketing.tables import tickets
from ticketing.ticket import Ticket
from ticketing.title import titled
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault, address_index

MOST_DEVICES: Final = 5
"""Of one ticket: a family's telephones, not a list to send to."""
KEPT_AFTER_CLOSE: Final = timedelta(days=3)
"""The outbox gives a notice up after two days (`sms.follow_up.Patience`): by then the last one has gone."""
_SEALED: Final = "devices.subscription"
_TEXTS: Final = {"step": "push_step", "question": "push_question", "close": "push_closed"}


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gives out to be reached (W3C Push API); the keys are base64url.

    `service` is the entry of the settings that allows its endpoint.
    """

    endpoint: str
    p256dh: str
    auth: str
    service: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a notice to a device goes, and what its page needs.

    `topic` stands for this device and ticket: a push service that sees two of them cannot tell that they are one
    ticket's.
    """

    subscription: Subscription
    code: str
    language: str
    topic: str


async def keep_device(
    database: Database, vault: Vault, ticket: Ticket, subscription: Subscription, at: datetime
) -> None:
    """Tell this browser of `ticket` from now on; a second time is the same as once.

    Raises `Conflict`: the ticket is closed, or `too_many_devices` are told of it.
    """
    if not ticket.is_open:
        raise Conflict
    index = _endpoint_index(vault, subscription.endpoint)

    async def work(tx: UnitTransaction) -> None:
        told = await tx.rows(select(devices.c.endpoint_index).where(devices.c.ticket_id == ticket.id))
        if any(bytes(row["endpoint_index"]) == index for row in told):
            return
        if len(told) >= MOST_DEVICES:
            raise Conflict("too_many_devices")
        tx.add(devices, _row(vault, ticket.id, subscription, index, at))

    await database.write(work)


async def drop_device(database: Database, vault: Vault, ticket: Ticket, endpoint: str) -> None:
    """Tell this browser of `ticket` no more; what is still in the outbox for it will not find it."""
    await _forget(database, _of(vault, ticket, endpoint))


async def is_told(read: Read, vault: Vault, ticket: Ticket, endpoint: str) -> bool:
    """True while this browser is told of `ticket`."""
    return bool(await read(select(devices.c.id).where(_of(vault, ticket, endpoint))))


async def forget_endpoint(database: Database, vault: Vault, endpoint: str) -> None:
    """Its push service says that the browser is gone: it is told of no ticket any more."""
    await _forget(database, devices.c.endpoint_index == _endpoint_index(vault, endpoint))


def of_long_closed(at: datetime) -> ColumnElement[bool]:
    """Of a device: its ticket closed so long ago that nothing is left to tell it."""
    long_closed = (tickets.c.status == "closed") & (tickets.c.closed_at <= at - KEPT_AFTER_CLOSE)
    return devices.c.ticket_id.in_(select(tickets.c.id).where(long_closed))


async def find_address(read: Read, vault: Vault, device_id: int) -> Address | None:
    """Where the device is reached; None where it was taken back or forgotten. Raises `VaultError`."""
    columns = (devices.c.id, devices.c.ticket_id, devices.c.subscription, devices.c.service)
    joined = select(*columns, tickets.c.code, tickets.c.language).join(tickets, tickets.c.id == devices.c.ticket_id)
    rows = await read(joined.where(devices.c.id == device_id))
    if not rows:
        return None
    row = rows[0]
    known = json.loads(vault.unseal(_SEALED, row["id"], row["subscription"]))
    return Address(
        Subscription(service=row["service"], **known),
        code=vault.unseal("tickets.code", row["ticket_id"], row["code"]),
        language=row["language"],
        topic=urlsafe_b64encode(vault.index("topic", str(row["id"]))).decode().rstrip("="),
    )


async def tell_devices(tx: UnitTransaction, rules: Rules, ticket: Ticket, kind: str, at: datetime) -> None:
    """Put one notice for each of the ticket's devices into the outbox: of a `step`, a `question` or the `close`."""
    if ticket.stored is None:  # only being opened: nobody knows its code yet
        return
    told = await tx.rows(select(devices.c.id, devices.c.service).where(devices.c.ticket_id == ticket.id))
    if not told:
        return
    text = rules.texts.render(_TEXTS[kind], ticket.language, **_said(rules, ticket, kind))
    for row in told:
        address = str(row["id"])
        notice = Notice(
            id=new_id(),
            ticket_id=ticket.id,
            kind=kind,
            step=ticket.step if kind == "step" else None,
            medium=PUSH,
            account=row["service"],
            recipient=address,
            text=text,
            headers={"urgency": "high" if kind == "question" else "normal"},
            once=f"step:{ticket.id}:{ticket.step}:{address}" if kind == "step" else None,
        )
        enqueue(tx, notice, rules.vault.seal, address_index(rules.vault, PUSH, "", address), at)


def _said(rules: Rules, ticket: Ticket, kind: str) -> dict[str, str]:
    if kind != "step":
        return {}
    return {"step": titled(rules.procedures[ticket.procedure].step(ticket.step).title, ticket.language)}


def _row(vault: Vault, ticket_id: int, subscription: Subscription, index: bytes, at: datetime) -> Mapping[str, Any]:
    row_id = new_id()
    known = {"endpoint": subscription.endpoint, "p256dh": subscription.p256dh, "auth": subscription.auth}
    return {
        "id": row_id,
        "ticket_id": ticket_id,
        "endpoint_index": index,
        "subscription": vault.seal(_SEALED, row_id, json.dumps(known)),
        "service": subscription.service,
        "created_at": at,
    }


def _of(vault: Vault, ticket: Ticket, endpoint: str) -> ColumnElement[bool]:
    return (devices.c.ticket_id == ticket.id) & (devices.c.endpoint_index == _endpoint_index(vault, endpoint))


def _endpoint_index(vault: Vault, endpoint: str) -> bytes:
    return vault.index("endpoint", endpoint)


async def _forget(database: Database, which: ColumnElement[bool]) -> None:
    async def work(tx: UnitTransaction) -> None:
        await tx.execute(delete(devices).where(which))

    await database.write(work)
