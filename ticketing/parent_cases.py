"""Parent cases: open tickets about one business, put together by an evaluator so that one answer reaches all of them.

A child keeps its own code, citizen, steps and texts: it is linked, never joined. Who may do this is the procedure's to
say (`gatherers`); each change is an event of the child's own chain, and who complains about the same business is told
to no citizen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from sqlalchemy import select, update

from sms.store import Read
from ticketing.asked import Asked
from ticketing.business_tables import businesses, parent_cases
from ticketing.database import Database
from ticketing.desk import find_visible
from ticketing.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from ticketing.ids import new_id, parse_id
from ticketing.policy import criterion, knows_citizens
from ticketing.roles import at_desk
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets
from ticketing.ticket import save, ticket_from
from ticketing.transaction import Row, UnitTransaction

MOST_CHILDREN: Final = 200
DONE: Final = "done"
REFUSED: Final = "refused"


def result_of(code: str, why: str | None = None) -> dict[str, Any]:
    """What became of one child: done, or refused and why (a code)."""
    return {"tracking_code": code, "result": REFUSED if why else DONE, "code": why}


async def open_case(
    database: Database, asked: Asked, business_id: str, codes: Sequence[str], *, adds: bool
) -> dict[str, Any]:
    """Open the business's parent case with these of its open tickets; `adds`: new ones are put into it by themselves.

    Returns `{"id", "results"}`. Raises `NotFound`, `Forbidden`, `Conflict` (`case_open`: it has one), `Invalid` where
    none of the tickets can be put into it.
    """
    return await asked.once(database, partial(_open, asked=asked, business_id=business_id, codes=codes, adds=adds))


async def add_children(database: Database, asked: Asked, case_id: str, codes: Sequence[str]) -> dict[str, Any]:
    """Put more open tickets of its business into an open case. Raises as `open_case`; `Conflict` (`case_closed`)."""
    return await asked.once(database, partial(_add, asked=asked, case_id=case_id, codes=codes))


async def take_out(database: Database, asked: Asked, case_id: str, codes: Sequence[str]) -> dict[str, Any]:
    """Take children out of a case, open or closed. Raises `NotFound`, `Forbidden`."""
    return await asked.once(database, partial(_take_out, asked=asked, case_id=case_id, codes=codes))


async def close_case(database: Database, asked: Asked, case_id: str) -> dict[str, Any]:
    """Close the case: its business may have another; its children stay as they are. Raises as `add_children`."""
    return await asked.once(database, partial(_close, asked=asked, case_id=case_id))


async def find_case(read: Read, staff: Staff, written_id: str) -> Row:
    """The case's row, for those of its organisation and whoever sees one of its children. Raises `NotFound`."""
    case_id = parse_id(written_id)
    rows = await read(select(parent_cases).where(parent_cases.c.id == case_id)) if case_id is not None else ()
    if not rows:
        raise NotFound
    if _is_near(staff, rows[0]):
        return dict(rows[0])
    known = (criterion(staff), knows_citizens(staff))  # the case names a business, perhaps the complainant's own
    child = select(tickets.c.id).where(tickets.c.parent_id == case_id, *known).limit(1)
    if not await read(child):
        raise NotFound
    return dict(rows[0])


def may_gather(rules: Rules, staff: Staff, procedure: str) -> bool:
    """True where this member of staff may make parent cases of the procedure's tickets."""
    return staff.role in rules.procedures[procedure].gatherers


def _is_near(staff: Staff, case: Row) -> bool:
    return staff.role in _GATHERERS and staff.organisation in ("", case["organisation"])


_GATHERERS: Final = at_desk("businesses")


async def _open(
    tx: UnitTransaction, *, asked: Asked, business_id: str, codes: Sequence[str], adds: bool
) -> dict[str, Any]:
    rules, staff, at = asked.rules, asked.staff, asked.at
    number = parse_id(business_id)
    seen = select(tickets).where(tickets.c.business_id == number, criterion(staff)).limit(1)
    its = await tx.rows(seen) if number is not None else ()
    if not its:
        raise NotFound
    procedure = its[0]["procedure"]
    if not may_gather(rules, staff, procedure):
        raise Forbidden
    case = {"id": new_id(), "business_id": number, "procedure": procedure, "closed_at": None}
    free = (businesses.c.id == number) & businesses.c.open_case.is_(None)
    claimed = await tx.execute(update(businesses).where(free).values(open_case=case["id"], adds=adds))
    if claimed.rowcount != 1:
        raise Conflict("case_open")
    results = [await _put(tx, asked, case, code) for code in _distinct(codes)]
    if not any(each["result"] == DONE for each in results):
        raise Invalid([FieldError("tickets", "none_fits")])
    opened = {"organisation": staff.organisation, "opened_by": staff.username, "opened_at": at}
    tx.add(parent_cases, {**case, **opened})
    return {"id": str(case["id"]), "results": results}


async def _add(tx: UnitTransaction, *, asked: Asked, case_id: str, codes: Sequence[str]) -> dict[str, Any]:
    case = await _changing(tx, asked, case_id)
    if case["closed_at"] is not None:
        raise Conflict("case_closed")
    return {"id": case_id, "results": [await _put(tx, asked, case, code) for code in _distinct(codes)]}


async def _put(tx: UnitTransaction, asked: Asked, case: Mapping[str, Any], code: str) -> dict[str, Any]:
    row = await find_visible(tx.rows, asked.rules, asked.staff, code)
    why = _misfit(case, row)
    if row is None or why:
        return result_of(code, why or "not_found")
    ticket = ticket_from(asked.rules.vault, row)
    ticket.put_into(case["id"], asked.staff.username, asked.at)
    await save(tx, asked.rules.vault, ticket, asked.at)
    return result_of(ticket.code)


def _misfit(case: Mapping[str, Any], row: Row | None) -> str | None:
    """Why a ticket cannot be put into the case, or None."""
    if row is None:
        return "not_found"
    if row["business_id"] != case["business_id"] or row["procedure"] != case["procedure"]:
        return "other_business"
    if row["parent_id"] is not None:
        return "in_a_case"
    return None if row["status"] == "open" else "ticket_closed"


async def _take_out(tx: UnitTransaction, *, asked: Asked, case_id: str, codes: Sequence[str]) -> dict[str, Any]:
    case, results = await _changing(tx, asked, case_id), []
    for code in _distinct(codes):
        row = await find_visible(tx.rows, asked.rules, asked.staff, code)
        if row is None or row["parent_id"] != case["id"]:
            results.append(result_of(code, "not_in_case"))
            continue
        ticket = ticket_from(asked.rules.vault, row)
        ticket.take_out(asked.staff.username, asked.at)
        await save(tx, asked.rules.vault, ticket, asked.at)
        results.append(result_of(ticket.code))
    return {"id": case_id, "results": results}


async def _close(tx: UnitTransaction, *, asked: Asked, case_id: str) -> dict[str, Any]:
    case = await _changing(tx, asked, case_id)
    still_open = (parent_cases.c.id == case["id"]) & parent_cases.c.closed_at.is_(None)
    values = {"closed_at": asked.at, "closed_by": asked.staff.username}
    closed = await tx.execute(update(parent_cases).where(still_open).values(**values))
    if closed.rowcount != 1:
        raise Conflict("case_closed")
    of_case = businesses.c.open_case == case["id"]
    await tx.execute(update(businesses).where(of_case).values(open_case=None, adds=False))
    return {"id": case_id, "results": []}


async def _changing(tx: UnitTransaction, asked: Asked, case_id: str) -> Row:
    """The case, for changing. Raises `NotFound`, `Forbidden`."""
    case = await find_case(tx.rows, asked.staff, case_id)
    if not may_gather(asked.rules, asked.staff, case["procedure"]):
        raise Forbidden
    return case


def _distinct(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(codes))[:MOST_CHILDREN]
