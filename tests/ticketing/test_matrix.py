"""The whole (state × action × role) matrix of every procedure, generated from its data, refusals included."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import time, timedelta
from typing import Any

import pytest

from tests.support.meetings import DAY, asked_by
from tests.support.staging import NOW, PHONE, a_ticket, act, close, hire, member, put, reported, today
from ticketing.appointments import free_slots, offer_slot
from ticketing.attachments import StoredFile
from ticketing.calendars import Series, add_official, add_slots
from ticketing.database import Database
from ticketing.doing import Doing, state_of
from ticketing.errors import Conflict, Forbidden
from ticketing.procedure import Action, Procedure, Variant
from ticketing.procedure_files import load_procedures
from ticketing.roles import ROLES, at_desk
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State, after
from ticketing.ticket import Identity, Ticket, load, save
from ticketing.transaction import UnitTransaction

PROCEDURES = load_procedures()
CONSUMER = PROCEDURES["consumer"]
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
    "phone": "09121234567",
    "receipt": "987654321",
    "rial": 1_000_000,
    "count": 5,
}
COUNTY = "تهران"
VERIFIED, FINAL = "23-01-county_commission", "23-provincial_commission"
"""A body whose answers the one above verifies, and one that answers for good."""
COMPLETED: dict[str, dict[str, Any]] = {
    "category": {"category": "fraud"},
    "addressee": {"details.against": "union", "place.county": COUNTY},
    "phone": {"phone": "09121234567"},
    "place": {"place.province": "23"},
}
"""What completes a ticket that lacks a fact."""
LACKING: dict[str, dict[str, Any]] = {
    "category": {"category": None},
    "addressee": {"details": {}, "county": None},
    "phone": {"identity": Identity(name="زهرا")},
    "place": {"province": None},
}
IN_TIME = {"hold_appointment", "miss_appointment"}
"""Effects there are only once an appointment has begun."""
BEFORE = {"before_appointment", *IN_TIME, "summon"}
"""Effects there are only where there is an appointment."""
DETAILS = {
    "against": "union",
    "fee_receipt": "987654321",
    "respondent_name": "شرکت نمونه",
    "respondent_address": "تهران",
}
LETTER = StoredFile("letter.pdf", "application/pdf", 4, "0" * 64)
MORNINGS = Series(DAY, time(8), time(18), 15, "تهران، اتاق ۱۲")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where tickets of one procedure are put into the states of the matrix, with one of each role to act on them."""

    database: Database
    rules: Rules
    crew: dict[str, Staff]
    procedure: Procedure

    async def ticket(self, state: State, guard: str | None = None) -> Ticket:
        """A ticket in `state` that every one of the crew sees; of the guards, those on its body hold where named."""
        if state.status == "open":
            return await self._open(state, guard)
        states = [each for each in self.procedure.states() if each.step == state.step and each.status == "open"]
        ticket = await self._open(states[0] if states else State(state.step, None), guard)
        if state.outcome == "merged":
            other = a_ticket(self.rules)
            await put(self.database, self.rules, other)
            await self.does("evaluator", ticket, "join", tracking_code=other.code)
        else:
            await close(self.database, self.rules, ticket, state.outcome or "")
        return ticket

    async def does(self, role: str, ticket: Ticket, action: str, **body: Any) -> dict[str, Any]:
        return await act(self.database, self.rules, self.crew[role], ticket, action, **body)

    async def slot(self) -> str:
        """A free time of an official."""
        return str((await free_slots(self.database.read, self.crew[self._scheduler], NOW))[0]["id"])

    async def appoint(self, ticket: Ticket) -> None:
        """Give a ticket an appointment and leave it where it is."""
        slot = int(await self.slot())

        async def work(tx: UnitTransaction) -> None:
            loaded = await load(tx, self.rules.vault, ticket.id)
            staff = self.crew[self._scheduler]
            await offer_slot(Doing(tx, self.rules, loaded, NOW, staff.username, {"slot": slot}, staff))
            await save(tx, self.rules.vault, loaded, NOW)

        await self.database.write(work)

    def lacks_appointment(self, variant: Variant) -> bool:
        """True for a move on an appointment where coming to its state has made none."""
        is_made = "offer_slot" in variant.effects or "offer" in self.procedure.timers
        return not is_made and not BEFORE.isdisjoint(variant.effects)

    @property
    def _scheduler(self) -> str:
        """The role that sets appointments in this procedure."""
        actions = self.procedure.actions.values()
        return next(each.roles[0] for each in actions if any("offer_slot" in move.effects for move in each.then))

    async def _open(self, state: State, guard: str | None) -> Ticket:
        """Put there; what waits for somebody about an appointment has come there by offering one."""
        if "offer" not in self.procedure.timers or state.waiting_for not in ("citizen", "office"):
            return await self._put(state, guard)
        ticket = await self._put(State(2 if state.step == 3 else state.step, "service_clerk"), guard)
        await self.does("service_clerk", ticket, "offer", slot=await self.slot())
        if state.waiting_for == "office":
            await self.does("service_clerk", ticket, "choose", choice="comes")
        return ticket

    async def _put(self, state: State, guard: str | None) -> Ticket:
        need = self.procedure.needs[0]
        known = {
            "procedure": self.procedure.code,
            "inspector": self.crew["inspector"].id,
            "body": (VERIFIED if guard else FINAL) if "addressee" in self.procedure.needs else "",
            "addressee": "23-01-union",
            "details": DETAILS,
            "identity": Identity(name="زهرا محمدی", phone=PHONE, email="zahra@example.com"),
            "county": COUNTY,
            "case_number": "1405-000001",
            "dissatisfied": 1,
            "appointment": {"starts_at": (NOW + timedelta(days=1)).isoformat()},
        }
        lacking = {"missing": [need], **LACKING[need]} if state.step == 1 else {}
        ticket = a_ticket(self.rules, state, **{**known, **lacking})
        await put(self.database, self.rules, ticket)
        return ticket


@pytest.fixture
def rules(rules: Rules) -> Rules:
    """As shipped, with the sister systems switched on."""
    return replace(rules, sisters=frozenset({"samad", "foad"}))


@pytest.fixture
async def crew(database: Database, rules: Rules) -> dict[str, Staff]:
    """One of each role, all of Tehran, and an official with free times."""
    staff = {role: member(role) for role in ROLES}
    await hire(database, rules.vault, *staff.values())
    for keeper in sorted(at_desk("calendar")):
        official = await add_official(database, asked_by(rules, staff[keeper]), "رضا احمدی", "مدیرکل")
        await add_slots(database, asked_by(rules, staff[keeper]), official["id"], MORNINGS)
    return staff


def at_each_step(*dialects: str) -> Any:
    """Every step of every procedure; `dialects` beside SQLite for the first one only, whose queries are all others'."""
    return pytest.mark.parametrize(
        ("dialect", "code", "step"),
        [
            (dialect, code, step.number)
            for code, procedure in PROCEDURES.items()
            for dialect in ("sqlite", *(dialects if procedure is CONSUMER else ()))
            for step in procedure.steps
        ],
    )


@at_each_step()  # refusing writes nothing: what it reads, the test below reads on both
async def test_threat_53_what_the_data_does_not_allow_is_refused(
    database: Database, rules: Rules, crew: dict[str, Staff], code: str, step: int
) -> None:
    procedure = PROCEDURES[code]
    stage = Stage(database, rules, crew, procedure)
    for state in (each for each in procedure.states() if each.step == step):
        ticket = await stage.ticket(state)
        version = (await today(database, rules, ticket)).version
        refused = [(action, role) for at, action, role, allowed in procedure.cells() if at == state and not allowed]
        outcomes = await asyncio.gather(
            *(stage.does(role, ticket, action, version=version) for action, role in refused), return_exceptions=True
        )
        for (action, role), outcome in zip(refused, outcomes, strict=True):
            if role in procedure.actions[action].roles and role not in procedure.actions[action].filer_only:
                assert isinstance(outcome, Conflict), (state, action, role, outcome)
                assert outcome.allowed_actions == procedure.allowed(role, state)
            else:
                assert isinstance(outcome, Forbidden), (state, action, role, outcome)
        assert (await today(database, rules, ticket)).version == version


@at_each_step("postgresql")
async def test_what_the_data_allows_leads_where_it_says(
    database: Database, rules: Rules, crew: dict[str, Staff], code: str, step: int
) -> None:
    procedure = PROCEDURES[code]
    stage = Stage(database, rules, crew, procedure)
    for state, action_code, role, allowed in procedure.cells():
        if state.step != step or not allowed:
            continue
        for variant in procedure.actions[action_code].then:
            await leads_where_it_says(stage, state, procedure.actions[action_code], variant, role)


async def leads_where_it_says(stage: Stage, state: State, action: Action, variant: Variant, role: str) -> None:
    ticket = await stage.ticket(state, variant.provided)
    if stage.lacks_appointment(variant):
        await stage.appoint(ticket)
    before = await today(stage.database, stage.rules, ticket)
    body = await sample(stage, ticket, action, variant)
    at = NOW if IN_TIME.isdisjoint(variant.effects) else NOW + timedelta(days=9)
    files = (LETTER,) if action.needs_files else ()
    answer = await stage.does(role, ticket, action.code, at=at, files=files, **body)
    now = await today(stage.database, stage.rules, ticket)
    assert now.version == before.version + 1 == answer["version"]
    if "go_over" in variant.effects:
        begun = PROCEDURES[body["procedure"]].steps[1 if not now.missing else 0]
        assert (now.procedure, now.step) == (body["procedure"], begun.number)
        assert now.waiting_for in (begun.waits_for, begun.unasked)
        return
    if not {"reopen", "unjoin"} & set(variant.effects):
        assert state_of(now) == after(stage.procedure, state, variant), (state, action.code, role)
    else:
        assert now.is_open
        assert now.step == state.step
    assert answer["step"] == stage.procedure.step(now.step).code


async def sample(stage: Stage, ticket: Ticket, action: Action, variant: Variant) -> dict[str, Any]:
    """A body that chooses `variant`, with what it needs and no more."""
    wanted = [name for name, rule in action.fields.items() if not rule.optional] + list(variant.requires)
    body: dict[str, Any] = dict(COMPLETED[stage.procedure.needs[0]]) if action.takes_facts else {}
    for name in wanted:
        kind = action.fields[name].type
        if kind == "tracking_code":
            other = a_ticket(stage.rules)
            await put(stage.database, stage.rules, other)
            body[name] = other.code
        elif kind == "report":
            body[name] = str(await reported(stage.database, stage.rules, ticket, "گزارش دوم", ["same_person"]))
        elif kind == "slot":
            body[name] = await stage.slot()
        else:
            body[name] = action.fields[name].choices[0] if kind == "choice" else SAMPLES[kind]
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
