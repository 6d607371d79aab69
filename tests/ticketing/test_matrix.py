"""The whole (state × action × role) matrix of every procedure, generated from its data, refusals included."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.staging import a_ticket, act, close, hire, member, put, reported, today
from ticketing.database import Database
from ticketing.doing import state_of
from ticketing.errors import Conflict, Forbidden
from ticketing.procedure import Action, Variant
from ticketing.procedure_files import load_procedures
from ticketing.roles import ROLES
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State, after
from ticketing.ticket import Ticket

CONSUMER = load_procedures()["consumer"]
STATES = list(CONSUMER.states())
# What the contract's table says, written out by hand: action → (roles, steps, whom it waits for). An inspector may be
# sent once more after an inspection; the ticket has reached step 5 by then, and goes back to no other.
CONTRACT: dict[str, tuple[set[str], set[int], str | None]] = {
    "complete": ({"operator", "evaluator"}, {1}, None),
    "evaluate": ({"evaluator"}, {2}, "evaluator"),
    "transfer": ({"evaluator"}, {1, 2, 3, 4, 5, 6}, None),
    "settle": ({"self_regulator"}, {3}, "self_regulator"),
    "answer": ({"operator"}, {3}, "citizen"),
    "dispatch": ({"dispatcher"}, {2, 3, 4, 5}, "dispatcher"),
    "accept": ({"inspector"}, {4, 5}, "inspector"),
    "decline": ({"inspector"}, {4, 5}, "inspector"),
    "inspect": ({"inspector"}, {4, 5}, "inspector"),
    "refer": ({"evaluator"}, {5}, None),
    "no_violation": ({"evaluator"}, {5}, None),
    "verdict": ({"penalties_clerk"}, {6}, None),
}
SAMPLES: dict[str, Any] = {
    "text": "متن",
    "bool": True,
    "organisation": "01",
    "username": "inspector",
    "date": "1405-08-20",
    "category": "fraud",
}


def named(state: State) -> str:
    return f"step {state.step} {state.outcome or state.waiting_for} {state.timer or ''}".strip()


@pytest.fixture
async def crew(database: Database, rules: Rules) -> dict[str, Staff]:
    """One of each role, all of Tehran."""
    staff = {role: member(role) for role in ROLES}
    await hire(database, rules.vault, *staff.values())
    return staff


async def staged(database: Database, rules: Rules, crew: dict[str, Staff], state: State) -> Ticket:
    """A ticket in `state` that every one of the crew sees."""
    seen_by_all = {"inspector": crew["inspector"].id, "body": "", "case_number": "1405-000001"}
    lacking = {"missing": ["category"], "category": None} if state.step == 1 else {}
    if state.status == "open":
        ticket = a_ticket(rules, state, **seen_by_all, **lacking)
        await put(database, rules, ticket)
        return ticket
    waiting = [each for each in STATES if each.step == state.step and each.status == "open"]
    ticket = a_ticket(rules, waiting[0] if waiting else State(state.step, None), **seen_by_all, **lacking)
    await put(database, rules, ticket)
    if state.outcome == "merged":
        other = a_ticket(rules)
        await put(database, rules, other)
        await act(database, rules, crew["evaluator"], ticket, "join", tracking_code=other.code)
    else:
        await close(database, rules, ticket, state.outcome or "")
    return ticket


@pytest.mark.parametrize("dialect", ["sqlite"])  # refusing writes nothing: what it reads, the test below reads on both
@pytest.mark.parametrize("state", STATES, ids=named)
async def test_threat_53_what_the_data_does_not_allow_is_refused(
    database: Database, rules: Rules, crew: dict[str, Staff], state: State
) -> None:
    ticket = await staged(database, rules, crew, state)
    version = (await today(database, rules, ticket)).version
    refused = [(action, role) for at, action, role, allowed in CONSUMER.cells() if at == state and not allowed]
    outcomes = await asyncio.gather(
        *(act(database, rules, crew[role], ticket, action, version=version) for action, role in refused),
        return_exceptions=True,
    )
    for (action, role), outcome in zip(refused, outcomes, strict=True):
        if role in CONSUMER.actions[action].roles and role not in CONSUMER.actions[action].filer_only:
            assert isinstance(outcome, Conflict), (action, role, outcome)
            assert outcome.allowed_actions == CONSUMER.allowed(role, state)
        else:
            assert isinstance(outcome, Forbidden), (action, role, outcome)
    assert (await today(database, rules, ticket)).version == version


@pytest.mark.parametrize("state", STATES, ids=named)
async def test_what_the_data_allows_leads_where_it_says(
    database: Database, rules: Rules, crew: dict[str, Staff], state: State
) -> None:
    for each, action_code, role, allowed in CONSUMER.cells():
        if each != state or not allowed:
            continue
        action = CONSUMER.actions[action_code]
        for variant in action.then:
            ticket = await staged(database, rules, crew, state)
            before = await today(database, rules, ticket)
            body = await sample(database, rules, ticket, action, variant)
            answer = await act(database, rules, crew[role], ticket, action_code, **body)
            now = await today(database, rules, ticket)
            assert now.version == before.version + 1 == answer["version"]
            if not {"reopen", "unjoin"} & set(variant.effects):
                assert state_of(now) == after(CONSUMER, state, variant), (action_code, role)
            else:
                assert now.is_open
                assert now.step == state.step
            assert answer["step"] == CONSUMER.step(now.step).code


async def sample(database: Database, rules: Rules, ticket: Ticket, action: Action, variant: Variant) -> dict[str, Any]:
    """A body that chooses `variant`, with what it needs and no more."""
    wanted = [name for name, rule in action.fields.items() if not rule.optional] + list(variant.requires)
    if action.takes_facts:
        wanted.append("category")
    body: dict[str, Any] = {}
    for name in wanted:
        kind = action.fields[name].type
        if kind == "tracking_code":
            other = a_ticket(rules)
            await put(database, rules, other)
            body[name] = other.code
        elif kind == "report":
            body[name] = str(await reported(database, rules, ticket, "گزارش دوم", ["same_person"]))
        elif kind != "choice":
            body[name] = SAMPLES[kind]
    return body | {name: values[0] for name, values in variant.when.items()}


@pytest.mark.parametrize("action", CONTRACT)
def test_the_data_says_what_the_contract_says(action: str) -> None:
    roles, steps, waiting_for = CONTRACT[action]
    open_at = {(state.step, state.waiting_for) for state in STATES if CONSUMER.open_to(CONSUMER.actions[action], state)}
    assert set(CONSUMER.actions[action].roles) & set(ROLES) == roles
    assert {step for step, _ in open_at} == steps
    assert waiting_for is None or {waits for _, waits in open_at} == {waiting_for}


def test_every_state_of_the_contract_is_in_the_matrix() -> None:
    assert {state.step for state in STATES} == set(range(1, 8))
    assert {state.outcome for state in STATES} - {None} == set(CONSUMER.outcomes)
    assert len(list(CONSUMER.cells())) == len(STATES) * len(CONSUMER.actions) * len(CONSUMER.roles)


def test_nobody_acts_who_is_not_named() -> None:
    assert [code for state in STATES for code in CONSUMER.allowed("nobody", state)] == []
