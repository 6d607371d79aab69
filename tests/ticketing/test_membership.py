"""A guild's membership file: what is read from it, what is refused by its line, and finding a member again."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.reports import AT, shipped_rules
from ticketing.database import Database
from ticketing.errors import Invalid
from ticketing.membership import Membership, find_membership, import_memberships, read_csv
from ticketing.membership_tables import memberships
from ticketing.transaction import UnitTransaction

VAULT = shipped_rules().vault
FILE = """شماره عضویت,نام,ایمیل,تلفن,نشانی,رسته
۲۱-۱۰۴۲,رایان‌پرداز,info@rayan.example,۰۹۱۲۰۰۰۰۱۱۱,"تهران، خیابان یکم",نرم‌افزار
21-1043,نوآور,,,,
"""


async def found(database: Database, number: str) -> Membership | None:
    async def work(tx: UnitTransaction) -> Membership | None:
        return await find_membership(tx, VAULT, number)

    return await database.write(work)


async def test_a_member_is_found_by_the_number_however_it_is_written(database: Database) -> None:
    assert await import_memberships(database, VAULT, read_csv(FILE.splitlines()), AT) == 2
    member = await found(database, "21 - ۱۰۴۲")
    assert member == Membership("21-1042", "رایان‌پرداز", "info@rayan.example", "+989120000111", "تهران، خیابان یکم")
    assert await found(database, "21-9999") is None
    moved = "number,address\n21-1042,کرج\n"
    assert await import_memberships(database, VAULT, read_csv(moved.splitlines()), AT) == 1
    assert await found(database, "21-1042") == Membership("21-1042", address="کرج")
    rows = await database.read(select(memberships))
    assert len(rows) == 2
    assert not any("رایان".encode() in bytes(row["known"]) for row in rows)


@pytest.mark.parametrize(
    ("written", "field"),
    [("name\nx", "number"), ("number,name\n,x", "line 2.number"), ("number,phone\n1,abc", "line 2.phone")],
)
def test_a_file_is_refused_by_the_line_that_is_wrong(written: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        list(read_csv(written.splitlines()))
    assert [error.field for error in refusal.value.errors] == [field]
