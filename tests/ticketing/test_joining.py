"""Joining by hand and taking it back: both tickets whole again, reports and files where they were."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.staging import NOW, a_ticket, act, member, put, reported, told
from ticketing import desk
from ticketing.database import Database
from ticketing.errors import Invalid
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.tables import reports
from ticketing.ticket import Ticket

EVALUATOR = member("evaluator")


async def seen(database: Database, rules: Rules, ticket: Ticket) -> dict[str, Any]:
    return await desk.get_ticket(database, rules, EVALUATOR, ticket.code, NOW)


def parts(picture: dict[str, Any]) -> dict[str, Any]:
    """What must come back as it was."""
    changing = ("version", "updated_at", "timeline", "notices", "due_at", "due_on", "clock")
    return {name: value for name, value in picture.items() if name not in changing}


async def test_joined_reports_go_over_and_unjoining_gives_both_back_whole(database: Database, rules: Rules) -> None:
    first = a_ticket(rules, State(3, "self_regulator", timer="self_regulation"))
    second = a_ticket(rules, due_at=NOW + timedelta(days=1))
    await put(database, rules, first, second)
    await reported(database, rules, first, "one", None)
    await reported(database, rules, second, "two", None)
    await reported(database, rules, second, "three", ["code in the text"])
    before = [parts(await seen(database, rules, each)) for each in (first, second)]

    joined = await act(database, rules, EVALUATOR, second, "join", tracking_code=first.code)
    assert (joined["status"], joined["outcome"], joined["merged_into"]) == ("closed", "merged", first.code)
    assert (joined["reports"], joined["attachments"], told(joined)) == ([], [], [("close", None)])
    assert "unjoin" in joined["allowed_actions"]
    taken = await seen(database, rules, first)
    reasons = {report["text"]: report["joined_by"] for report in taken["reports"]}
    assert reasons == {"one": [], "two": ["by hand"], "three": ["code in the text", "by hand"]}
    assert {each["name"] for each in taken["attachments"]} == {"one.jpg", "two.jpg", "three.jpg"}
    assert taken["timeline"][-1]["kind"] == "joined"
    assert taken["timeline"][-1]["data"]["ticket"] == second.code

    await reported(database, rules, first, "since", ["code in the text"])
    back = await act(database, rules, EVALUATOR, second, "unjoin")
    assert parts(back) == before[1]
    assert back["due_at"] == (NOW + timedelta(days=1)).isoformat()
    rest = await seen(database, rules, first)
    assert {report["text"] for report in rest["reports"]} == {"one", "since"}
    assert {each["name"] for each in rest["attachments"]} == {"one.jpg", "since.jpg"}
    assert rest["timeline"][-1]["kind"] == "unjoined"
    assert len(await database.read(select(reports))) == 4


async def test_a_ticket_may_be_joined_again_and_each_unjoin_undoes_the_last(database: Database, rules: Rules) -> None:
    one, two, moved = (a_ticket(rules) for _ in range(3))
    await put(database, rules, one, two, moved)
    await reported(database, rules, moved, "x", None)
    for target in (one, two):
        await act(database, rules, EVALUATOR, moved, "join", tracking_code=target.code)
        assert [each["text"] for each in (await seen(database, rules, target))["reports"]] == ["x"]
        back = await act(database, rules, EVALUATOR, moved, "unjoin")
        assert [(each["text"], each["joined_by"]) for each in back["reports"]] == [("x", [])]
        assert (await seen(database, rules, target))["reports"] == []


@pytest.mark.parametrize(
    ("target", "code"), [("itself", "same_ticket"), ("closed", "ticket_closed"), ("absent", "no_such_ticket")]
)
async def test_what_cannot_be_joined_into_is_named(database: Database, rules: Rules, target: str, code: str) -> None:
    ticket, closed = a_ticket(rules), a_ticket(rules, State(2, None, "closed", "withdrawn"))
    await put(database, rules, ticket, closed)
    codes = {"itself": ticket.code, "closed": closed.code, "absent": a_ticket(rules).code}
    with pytest.raises(Invalid) as refusal:
        await act(database, rules, EVALUATOR, ticket, "join", tracking_code=codes[target])
    assert [(error.field, error.code) for error in refusal.value.errors] == [("tracking_code", code)]
