"""Taking a ticket on: one is first, the others hear who; and it is nobody's again when it waits for another role."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.support.staging import NOW, a_ticket, act, hire, member, put, today
from ticketing.assigning import Taken, TakenAlready, assign, colleagues, give_back, take
from ticketing.database import Database
from ticketing.errors import Conflict, Forbidden, Invalid, NotFound
from ticketing.rules import Rules
from ticketing.states import State

SARA, REZA = member("evaluator", username="sara"), member("evaluator", username="reza")
BOSS = member("supervisor", username="boss")
LATER = NOW + timedelta(minutes=15)


@pytest.fixture(autouse=True)
async def hired(database: Database, rules: Rules) -> None:
    far = member("evaluator", "01", username="far")
    await hire(database, rules.vault, SARA, REZA, BOSS, far, member("dispatcher", "", username="nation"))


async def test_of_two_who_take_at_once_one_does_and_the_other_hears_who(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    ends = await asyncio.gather(
        *(take(database, rules, staff, ticket.code, NOW) for staff in (SARA, REZA)), return_exceptions=True
    )
    taken = [end for end in ends if isinstance(end, Taken)]
    refused = [end for end in ends if isinstance(end, TakenAlready)]
    assert [each.assignee for each in taken] == [refused[0].taken.assignee]
    assert refused[0].taken.at == NOW


async def test_taking_again_changes_nothing(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await take(database, rules, SARA, ticket.code, NOW)
    again = await take(database, rules, SARA, ticket.code, LATER)
    assert (again.assignee, again.at) == ("sara", NOW)
    assert (await today(database, rules, ticket)).last_event == 2


async def test_given_back_is_nobodys_and_others_do_not_give_back(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await take(database, rules, SARA, ticket.code, NOW)
    with pytest.raises(TakenAlready):
        await take(database, rules, REZA, ticket.code, NOW)
    await give_back(database, rules, SARA, ticket.code, LATER)
    assert (await today(database, rules, ticket)).assignee is None
    await give_back(database, rules, SARA, ticket.code, LATER)
    assert (await today(database, rules, ticket)).last_event == 3


async def test_handed_to_a_colleague_whoever_has_it(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await take(database, rules, SARA, ticket.code, NOW)
    assert (await assign(database, rules, BOSS, ticket.code, "REZA", LATER)).assignee == "reza"
    assert (await today(database, rules, ticket)).assignee == REZA.id


@pytest.mark.parametrize("name", ["far", "nation", "boss", "nobody"])
async def test_handed_to_nobody_who_could_not_work_on_it(database: Database, rules: Rules, name: str) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    with pytest.raises(Invalid):
        await assign(database, rules, BOSS, ticket.code, name, NOW)


@pytest.mark.parametrize(
    ("state", "body", "names"),
    [
        (State(2, "evaluator"), None, ["reza", "sara"]),
        (State(3, "dispatcher"), None, ["nation"]),
        (State(3, "self_regulator"), "union:23", ["theirs"]),
        (State(4, "inspector"), None, []),
    ],
)
async def test_colleagues_are_those_of_the_role_who_see_the_ticket(
    database: Database, rules: Rules, state: State, body: str | None, names: list[str]
) -> None:
    officers = [("theirs", "union:23"), ("others", "union:24")]
    await hire(database, rules.vault, *(member("self_regulator", username=name, body=of) for name, of in officers))
    ticket = a_ticket(rules, state, body=body)
    await put(database, rules, ticket)
    assert await colleagues(database, rules, BOSS, ticket.code) == names


async def test_ticket_is_nobodys_again_when_it_waits_for_another_role(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await take(database, rules, SARA, ticket.code, NOW)
    await act(database, rules, SARA, ticket, "note", note="بررسی شد")
    assert (await today(database, rules, ticket)).assignee == SARA.id
    await act(database, rules, SARA, ticket, "evaluate", route="inspection")
    moved = await today(database, rules, ticket)
    assert (moved.waiting_for, moved.assignee, moved.assigned_at) == ("dispatcher", None, None)


async def test_only_what_waits_for_ones_role_and_is_seen_is_taken(database: Database, rules: Rules) -> None:
    sent, foreign = a_ticket(rules, State(4, "inspector")), a_ticket(rules, organisation="01")
    await put(database, rules, sent, foreign)
    with pytest.raises(Conflict):
        await take(database, rules, SARA, sent.code, NOW)
    with pytest.raises(NotFound):
        await take(database, rules, SARA, foreign.code, NOW)
    with pytest.raises(Conflict):
        await assign(database, rules, BOSS, sent.code, "sara", NOW)
    with pytest.raises(Forbidden):
        await assign(database, rules, member("dispatcher"), sent.code, "sara", NOW)
