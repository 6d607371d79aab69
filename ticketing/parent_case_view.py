"""Parent cases as staff see them: the children in sight, what may be done to how many of them, what could be added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, or_, select

from sms.store import Read
from ticketing.business_tables import businesses, parent_cases
from ticketing.business_view import described
from ticketing.desk import item_of, with_assignee
from ticketing.parent_cases import MOST_CHILDREN, find_case, may_gather
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import IS_OPEN, tickets
from ticketing.ticket import ticket_from
from ticketing.transaction import Row
from ticketing.view import allowed_actions

MOST_LISTED: Final = 50
_PLAIN: Final = ("procedure", "organisation", "opened_by", "closed_by")


async def get_case(read: Read, rules: Rules, staff: Staff, case_id: str, at: datetime) -> dict[str, Any]:
    """The case with its `children` in sight, the `actions` that may be done to how many of them, and `addable`, the
    open tickets about its business that are in no case. Raises `NotFound`.
    """
    case = await find_case(read, staff, case_id)
    business = (await read(select(businesses).where(businesses.c.id == case["business_id"])))[0]
    its = with_assignee().where(tickets.c.parent_id == case["id"], criterion(staff))
    rows = await read(its.order_by(tickets.c.id).limit(MOST_CHILDREN))
    children = [_child(rules, staff, row, at) for row in rows]
    changes = case["closed_at"] is None and may_gather(rules, staff, case["procedure"])
    addable = await gatherable(read, rules, staff, case["business_id"], at) if changes else []
    return {
        **_told(case, business),
        "children": children,
        "actions": dict(Counter(code for child in children for code in child["allowed_actions"])),
        "addable": addable,
        "may_change": may_gather(rules, staff, case["procedure"]),
    }


async def gatherable(read: Read, rules: Rules, staff: Staff, business_id: int, at: datetime) -> list[dict[str, Any]]:
    """The open tickets in sight about a business that are in no parent case, the oldest first."""
    free = (tickets.c.business_id == business_id, tickets.c.parent_id.is_(None), IS_OPEN, criterion(staff))
    rows = await read(with_assignee().where(*free).order_by(tickets.c.id).limit(MOST_CHILDREN))
    return [item_of(rules, staff, row, at) for row in rows]


async def list_cases(read: Read, staff: Staff) -> list[dict[str, Any]]:
    """The open cases of the asker's organisation or with open children in sight, the newest first.

    Each tells how many of its children are open, and how many tickets about its business are in no case.
    """
    seen = select(tickets.c.parent_id).where(tickets.c.parent_id.is_not(None), IS_OPEN, criterion(staff))
    near = or_(parent_cases.c.organisation == staff.organisation, parent_cases.c.id.in_(seen))
    newest = select(parent_cases).where(parent_cases.c.closed_at.is_(None), near)
    cases = await read(newest.order_by(parent_cases.c.id.desc()).limit(MOST_LISTED))
    ids = [case["business_id"] for case in cases]
    known = {row["id"]: row for row in await read(select(businesses).where(businesses.c.id.in_(ids)))} if ids else {}
    children = await _counted(read, staff, [case["id"] for case in cases], "parent_id")
    addable = await _counted(read, staff, ids, "business_id")
    return [
        {
            **_told(case, known[case["business_id"]]),
            "open": children.get(case["id"], 0),
            "addable": addable.get(case["business_id"], 0),
        }
        for case in cases
    ]


async def open_case_of(read: Read, business_id: int) -> int | None:
    """The business's parent case while it is open."""
    rows = await read(select(businesses.c.open_case).where(businesses.c.id == business_id))
    return rows[0]["open_case"] if rows else None


async def _counted(read: Read, staff: Staff, ids: Sequence[int], by: str) -> Mapping[int, int]:
    """How many open tickets in sight there are by `parent_id`, or, of those in no case, by `business_id`."""
    if not ids:
        return {}
    column = tickets.c[by]
    free = or_(tickets.c.parent_id.is_(None), column == tickets.c.parent_id)
    counted = select(column, func.count().label("count")).where(column.in_(ids), free, IS_OPEN, criterion(staff))
    return {row[by]: row["count"] for row in await read(counted.group_by(column))}


def _child(rules: Rules, staff: Staff, row: Row, at: datetime) -> dict[str, Any]:
    """A ticket's line, and what may be done to it together with others."""
    actions = rules.procedures[row["procedure"]].actions
    allowed = allowed_actions(rules, staff, ticket_from(rules.vault, row))
    return {
        **item_of(rules, staff, row, at),
        "allowed_actions": [each for each in allowed if not actions[each].one_by_one],
    }


def _told(case: Row, business: Row) -> dict[str, Any]:
    return {
        "id": str(case["id"]),
        "business": described(business),
        "status": "open" if case["closed_at"] is None else "closed",
        **{name: case[name] for name in _PLAIN},
        "opened_at": case["opened_at"].isoformat(),
        "closed_at": case["closed_at"].isoformat() if case["closed_at"] else None,
        "adds": business["open_case"] == case["id"] and business["adds"],
    }
