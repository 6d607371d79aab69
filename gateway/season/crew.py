"""The staff of the season: who answers at every body that may have to, a liaison for each organisation, a supervisor.

They are demonstration staff with the demonstration's password, as those of `make run` are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from gateway.demonstration.demonstrate import PASSWORD
from gateway.season.inventing import phone_of
from normalizer.gazetteer import COUNTIES, PROVINCES, organisation_of
from ticketing.accounts import add_staff, list_staff
from ticketing.body_register import body_register
from ticketing.climbing import way_up
from ticketing.database import Database
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.passwords import hash_password
from ticketing.rules import Rules
from ticketing.staff import Staff, staff_from
from ticketing.tables import staff as staff_table

_PHONES_FROM: Final = 90_000
"""Far from the numbers of citizens."""
Wanted = tuple[str, str, str, str | None]
"""(username, role, organisation, body)"""


def counties_of(organisation: str, count: int) -> list[str]:
    """So many counties of an organisation: its capital, where it has one, and the next by their codes."""
    capital = PROVINCES[organisation].capital if organisation in PROVINCES else ""
    names = [each.name for each in COUNTIES if organisation_of(each.province, each.name) == organisation]
    return sorted(names, key=lambda name: name != capital)[:count]


async def hire(
    database: Database, rules: Rules, counties: Mapping[str, Sequence[str]], at: datetime
) -> dict[str, Staff]:
    """Make the accounts that are lacking. Returns who answers at each body, by its code."""
    known = {member["username"] for member in await list_staff(database)}
    lacking = [each for each in _wanted(counties) if each[0] not in known]
    encoded = await hash_password(PASSWORD)
    await asyncio.gather(
        *(
            add_staff(
                database,
                rules.vault,
                username=username,
                role=role,
                organisation=organisation,
                body=body,
                phone=phone_of(_PHONES_FROM + number) if body else None,
                password=PASSWORD,
                encoded=encoded,
                at=at,
                demonstration=True,
            )
            for number, (username, role, organisation, body) in enumerate(lacking)
        )
    )
    ours = staff_table.c.demonstration & (staff_table.c.role == "responder")
    members = [staff_from(rules.vault, row) for row in await database.read(select(staff_table).where(ours))]
    return {member.body: member for member in members if member.body is not None}


def _wanted(counties: Mapping[str, Sequence[str]]) -> Iterator[Wanted]:
    yield "supervisor", "supervisor", NATIONAL, None
    for organisation in ORGANISATIONS:
        if organisation != NATIONAL:
            yield f"liaison-{organisation.lower()}", "liaison", organisation, None
    for body in sorted(_answering(counties)):
        found = body_register().body(body)
        yield f"at-{body}", "responder", found.organisation if found else NATIONAL, body


def _answering(counties: Mapping[str, Sequence[str]]) -> set[str]:
    """The bodies above the unions of these counties: their ways up."""
    unions = {(body.organisation, body.county): body.code for body in body_register() if body.kind == "union"}
    places = [(organisation, county) for organisation, several in counties.items() for county in several]
    return {body.code for place in places for body in way_up(unions[place])[1:]}
