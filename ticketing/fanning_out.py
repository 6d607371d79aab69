"""One action done to many children of a parent case: to each as if to it alone, with a result for each.

Each child is a unit of work of its own, checked as every action is, with its own event and its own texts to its own
citizen. One that is elsewhere in its steps, or has changed since it was looked at, is left as it is, and that is said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ticketing.act import act
from ticketing.action_body import read_body
from ticketing.attachments import StoredFile
from ticketing.database import Database
from ticketing.errors import FieldError, Forbidden, Invalid, KeyReused, NotFound, Refused
from ticketing.parent_cases import find_case, result_of
from ticketing.procedure import Action, may
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.writer import Unavailable

_AT_ONCE: Final = 8
"""So many are handed to the writer together: citizens' reports get their turn in between."""


@dataclass(frozen=True, slots=True)
class FanOut:
    """What is to be done to which children: each tracking code with the version that was looked at.

    `key` makes a second sending give each child's first answer again; `body_hash` tells another body apart.
    """

    action: str
    fields: Mapping[str, Any]
    children: Mapping[str, int]
    key: str | None
    body_hash: bytes
    files: Sequence[StoredFile] = ()


async def act_on_children(
    database: Database, rules: Rules, staff: Staff, case_id: str, asked: FanOut, at: datetime
) -> dict[str, Any]:
    """Do it; returns `{"id", "results"}`, in the order of the children.

    Raises `NotFound` (no such case in sight, no such action, or one that is done one by one), `Forbidden`, `Invalid`
    (a body that is wrong for every child), `KeyReused`.
    """
    case = await find_case(database.read, staff, case_id)
    action = rules.procedures[case["procedure"]].actions.get(asked.action)
    if action is None or action.one_by_one:
        raise NotFound("no_such_action")
    if not may(action, staff.role):
        raise Forbidden
    _check_body(action, asked, at)
    codes, results = list(asked.children), []
    for start in range(0, len(codes), _AT_ONCE):
        doing = [
            _act_on(database, rules, staff, case["id"], asked, code, at) for code in codes[start : start + _AT_ONCE]
        ]
        results += await asyncio.gather(*doing)
    if results and all(each["code"] == KeyReused.code for each in results):
        raise KeyReused
    return {"id": case_id, "results": results}


def _check_body(action: Action, asked: FanOut, at: datetime) -> None:
    errors = [] if asked.children else [FieldError("tickets", "required")]
    if asked.files and not action.files:
        errors.append(FieldError("files", "not_allowed"))
    read_body(action, asked.fields, at, also=errors)


async def _act_on(
    database: Database, rules: Rules, staff: Staff, case_id: int, asked: FanOut, code: str, at: datetime
) -> dict[str, Any]:
    body = {**asked.fields, "version": asked.children[code]}
    try:
        ticket = await act(
            database,
            rules,
            staff,
            code,
            asked.action,
            body,
            at,
            key=asked.key,
            body_hash=asked.body_hash,
            files=asked.files,
            parent=case_id,
        )
    except Invalid as refusal:  # right in itself, and wrong for this child: an inspector of another organisation
        return result_of(code, refusal.errors[0].code if refusal.errors else refusal.code)
    except Refused as refusal:
        return result_of(code, refusal.code)
    except Unavailable:
        return result_of(code, "unavailable")
    return {**result_of(code), **{name: ticket[name] for name in ("step", "status", "outcome", "version")}}
