"""The membership file of a guild: read from its CSV, and looked into where somebody cannot be reached otherwise.

It is the guild's to keep; here it is only a copy, sealed, found again by the membership number.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select

from normalizer.phone import Phone, parse_phone
from normalizer.text import clean, digits
from ticketing.database import Database
from ticketing.errors import FieldError, Invalid
from ticketing.ids import new_id
from ticketing.membership_tables import memberships
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

COLUMNS: Final[Mapping[str, str]] = {
    "شماره عضویت": "number",
    "نام": "name",
    "ایمیل": "email",
    "تلفن": "phone",
    "نشانی": "address",
}
"""A file's columns may be called so, or as here."""
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Membership:
    """What the guild knows of a member; the phone is E.164."""

    number: str
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


def read_csv(lines: Iterable[str]) -> Iterator[Membership]:
    """The members of a CSV file with a header line, in its order; columns of other names are passed over.

    Raises `Invalid` naming the column that lacks, or the line (as `line 7.phone`) with a wrong value.
    """
    rows = csv.DictReader(lines)
    named = {column: COLUMNS.get(clean(column).strip(), column.strip()) for column in rows.fieldnames or ()}
    if "number" not in named.values():
        raise Invalid([FieldError("number", "required")])
    for row in rows:
        told = {named[column]: clean(value or "").strip() for column, value in row.items() if column in named}
        yield _member(told, rows.line_num)


def _member(told: Mapping[str, str], line: int) -> Membership:
    number = written_number(told["number"])
    if not number:
        raise Invalid([FieldError(f"line {line}.number", "required")])
    phone = parse_phone(told["phone"]) if told.get("phone") else None
    if phone is not None and not isinstance(phone, Phone):
        raise Invalid([FieldError(f"line {line}.phone", phone.code)])
    plain = {name: told.get(name, "") for name in ("name", "email", "address")}
    return Membership(number=number, phone=phone.e164 if phone else "", **plain)


def written_number(number: str) -> str:
    """A membership number as it is looked up: ASCII digits, no spaces, small letters."""
    return "".join(digits(number).split()).lower()


async def import_memberships(database: Database, vault: Vault, members: Iterable[Membership], at: datetime) -> int:
    """Put these members into the file, each in the place of what was known under its number; how many there are.

    Of two under one number the later counts. Members that are not among them stay.
    """
    by_number = {member.number: member for member in members}
    batch = list(by_number.values())
    for start in range(0, len(batch), _BATCH):
        part = batch[start : start + _BATCH]

        async def work(tx: UnitTransaction, part: list[Membership] = part) -> None:
            rows = [_row(vault, member, at) for member in part]
            known = [row["number_index"] for row in rows]
            await tx.execute(delete(memberships).where(memberships.c.number_index.in_(known)))
            for row in rows:
                tx.add(memberships, row)

        await database.write(work)
    return len(batch)


def _row(vault: Vault, member: Membership, at: datetime) -> dict[str, Any]:
    row_id = new_id()
    known = vault.seal("memberships.known", row_id, json.dumps(asdict(member), ensure_ascii=False))
    return {"id": row_id, "number_index": _index(vault, member.number), "known": known, "at": at}


def _index(vault: Vault, number: str) -> bytes:
    return vault.index("membership", number)


async def find_membership(tx: UnitTransaction, vault: Vault, number: str) -> Membership | None:
    """What the guild knows of the member with this number; None where it knows none."""
    wanted = memberships.c.number_index == _index(vault, written_number(number))
    for row in await tx.rows(select(memberships).where(wanted)):
        return Membership(**json.loads(vault.unseal("memberships.known", row["id"], row["known"])))
    return None
