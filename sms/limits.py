"""Budgets of texts: how many one number, and ten thousand adjacent ones, may cost us in a while.

Someone who files in other people's names must not be able to make the gateway text them without end, nor to
earn from it. What is over a budget is put off, never dropped, and what follows it on the same ticket waits too.
Dispatches are ours to our own inspectors and cost no budget.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from sms.store import Transaction
from sms.tables import notices

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
PUT_OFF = {"number": timedelta(hours=1), "prefix": timedelta(minutes=10)}
"""How long until a notice over a budget is looked at again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The budgets; 0 is no limit."""

    sms_per_number_per_day: int = 0
    sms_per_prefix_per_hour: int = 0


@dataclass(frozen=True, slots=True)
class Charge:
    """What sending one notice would be charged to."""

    notice_id: int
    number: bytes
    prefix: bytes | None


async def find_over_budget(
    tx: Transaction, limits: Limits, charges: Sequence[Charge], at: datetime
) -> dict[int, timedelta]:
    """Of `charges`, in order, those that no longer fit: notice id → how long to put it off."""
    numbers = await _sent_since(tx, notices.c.recipient_index, _numbers(limits, charges), at - _DAY)
    prefixes = await _sent_since(tx, notices.c.prefix_index, _prefixes(limits, charges), at - _HOUR)
    put_off: dict[int, timedelta] = {}
    for charge in charges:
        if limits.sms_per_number_per_day and numbers[charge.number] >= limits.sms_per_number_per_day:
            put_off[charge.notice_id] = PUT_OFF["number"]
        elif charge.prefix and prefixes[charge.prefix] >= limits.sms_per_prefix_per_hour > 0:
            put_off[charge.notice_id] = PUT_OFF["prefix"]
        else:
            numbers[charge.number] += 1
            if charge.prefix:
                prefixes[charge.prefix] += 1
    return put_off


def _numbers(limits: Limits, charges: Iterable[Charge]) -> set[bytes]:
    return {charge.number for charge in charges} if limits.sms_per_number_per_day else set()


def _prefixes(limits: Limits, charges: Iterable[Charge]) -> set[bytes]:
    return {charge.prefix for charge in charges if charge.prefix} if limits.sms_per_prefix_per_hour else set()


async def _sent_since(
    tx: Transaction, column: ColumnElement[bytes], keys: set[bytes], since: datetime
) -> Counter[bytes]:
    if not keys:
        return Counter()
    counted = (
        select(column.label("key"), func.count().label("count"))
        .where(column.in_(keys), notices.c.sent_at > since, notices.c.medium == "sms", notices.c.kind != "dispatch")
        .group_by(column)
    )
    return Counter({bytes(row["key"]): row["count"] for row in await tx.rows(counted)})
