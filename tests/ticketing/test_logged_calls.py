"""Calls no ticket came of: kept once, sealed, found again by the caller, undone for a moment and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.staging import NOW, PHONE, errors_of, hire, member
from ticketing.database import Database
from ticketing.desk_tables import logged_calls
from ticketing.drafts import drafts_of
from ticketing.errors import KeyReused, NotFound
from ticketing.logged_calls import (
    OUTCOMES,
    UNDONE_WITHIN,
    LoggedCall,
    find_logged,
    log_call,
    logged_as,
    logged_calls_of,
    undo,
)
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets

SAID = {"phone": "0912 123 4567", "text": "ساعت کار را پرسید", "call_id": "c1"}


@pytest.fixture
async def operator(database: Database, rules: Rules) -> Staff:
    somebody = member("operator")
    await hire(database, rules.vault, somebody)
    return somebody


async def log(database: Database, rules: Rules, operator: Staff, outcome: str = "answered", **more: Any) -> LoggedCall:
    form_id, said, at = more.pop("form_id", "f1"), more.pop("said", SAID), more.pop("at", NOW)
    return await log_call(database, rules.vault, operator, form_id, outcome, said, at, call_id="c1", **more)


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_call_is_kept_with_who_when_and_why_and_no_ticket(
    database: Database, rules: Rules, operator: Staff, outcome: str
) -> None:
    assert await log(database, rules, operator, outcome) == LoggedCall(outcome, NOW)
    (row,) = await database.read(select(logged_calls))
    assert (row["staff_id"], row["outcome"], row["call_id"], row["at"]) == (operator.id, outcome, "c1", NOW)
    assert not any(each in repr(dict(row)) for each in ("9121234567", "ساعت کار"))
    assert await database.read(select(tickets.c.id)) == []


async def test_second_press_keeps_the_first_and_another_operators_form_is_another(
    database: Database, rules: Rules, operator: Staff
) -> None:
    other = member("operator", username="other")
    await hire(database, rules.vault, other)
    await log(database, rules, operator)
    assert await log(database, rules, operator, "wrong_number") == LoggedCall("answered", NOW)
    assert (await log(database, rules, other, "wrong_number")).outcome == "wrong_number"
    assert len(await database.read(select(logged_calls.c.id))) == 2


async def test_unknown_outcome_and_a_form_filed_already_are_refused(
    database: Database, rules: Rules, operator: Staff
) -> None:
    assert await errors_of(log(database, rules, operator, "complaint")) == {"outcome": "not_allowed"}
    await log(database, rules, operator)
    with pytest.raises(KeyReused):
        await log(database, rules, operator, form_id="f2", filed_as=[logged_as(operator.id, "f1")])


async def test_undo_gives_the_form_back_for_a_moment_only(database: Database, rules: Rules, operator: Staff) -> None:
    await log(database, rules, operator)
    late = NOW + UNDONE_WITHIN
    assert await find_logged(database, operator, "f1", NOW) == LoggedCall("answered", NOW)
    assert await find_logged(database, operator, "f1", late) is None
    for somebody, at in ((operator, late), (member("operator", username="other"), NOW)):
        with pytest.raises(NotFound):
            await undo(database, rules.vault, somebody, "f1", at, "call")
    for _ in range(2):  # pressed twice
        await undo(database, rules.vault, operator, "f1", NOW, "call")
        assert await database.read(select(logged_calls)) == []
        (draft,) = await drafts_of(database, rules.vault, operator.id, "call", NOW)
        assert (draft.form_id, draft.body) == ("f1", SAID)


async def test_earlier_calls_are_found_by_the_caller_within_ones_organisation(
    database: Database, rules: Rules, operator: Staff
) -> None:
    away, national = member("operator", "01", username="away"), member("operator", "", username="national")
    await hire(database, rules.vault, away, national)
    await log(database, rules, operator, at=NOW - timedelta(days=31))
    await log(database, rules, operator, "to_111", form_id="f2", at=NOW - timedelta(days=1))
    await log(database, rules, away, "cut_off", form_id="f3")
    await log(database, rules, operator, form_id="f4", said={"text": "شمارهٔ پنهان"})

    async def seen_by(somebody: Staff, phone: str = PHONE) -> list[str]:
        return [each.outcome for each in await logged_calls_of(database, rules.vault, somebody, phone, NOW)]

    assert await seen_by(operator) == ["to_111"]
    assert await seen_by(national) == ["cut_off", "to_111"]
    assert await seen_by(operator, "09351112233") == []
    assert await seen_by(operator, "") == []
