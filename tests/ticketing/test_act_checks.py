"""What stands between staff and an action: the order of checks, conflicts, keyed repeats."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.staging import NOW, PHONE, a_ticket, act, errors_of, member, put, today
from ticketing import desk
from ticketing.attempt_tables import answers
from ticketing.database import Database
from ticketing.errors import Conflict, Forbidden, KeyReused, NotFound
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import remarks


class TestOrderOfChecks:
    """Key, sight, role, moment, body: each hides what comes after it."""

    @pytest.fixture
    async def ticket(self, database: Database, rules: Rules) -> Any:
        ticket = a_ticket(rules)
        await put(database, rules, ticket)
        return ticket

    async def test_an_invisible_ticket_is_not_found_whatever_else_is_wrong(
        self, database: Database, rules: Rules, ticket: Any
    ) -> None:
        stranger = member("penalties_clerk", "01")
        with pytest.raises(NotFound):
            await act(database, rules, stranger, ticket, "evaluate", version="x", nonsense=1)
        with pytest.raises(NotFound):
            await act(database, rules, member("evaluator", ""), "314159265355", "evaluate")

    async def test_an_unknown_action_is_not_found(
        self, database: Database, rules: Rules, crew: dict[str, Staff], ticket: Any
    ) -> None:
        with pytest.raises(NotFound) as refusal:
            await act(database, rules, crew["evaluator"], ticket, "promote\x00")
        assert refusal.value.code == "no_such_action"

    async def test_a_wrong_role_is_forbidden_before_step_version_and_body(
        self, database: Database, rules: Rules, crew: dict[str, Staff], ticket: Any
    ) -> None:
        with pytest.raises(Forbidden):
            await act(database, rules, crew["supervisor"], ticket, "verdict", version=99, nonsense=1)

    async def test_a_stale_version_shows_today_before_the_body_is_read(
        self, database: Database, rules: Rules, crew: dict[str, Staff], ticket: Any
    ) -> None:
        with pytest.raises(Conflict) as refusal:
            await act(database, rules, crew["evaluator"], ticket, "refer", version=99, nonsense=1)
        today_seen = await desk.get_ticket(database, rules, crew["evaluator"], ticket.code, NOW)
        assert refusal.value.code == "stale_version"
        assert refusal.value.ticket == today_seen
        assert refusal.value.allowed_actions == today_seen["allowed_actions"]

    async def test_a_wrong_step_names_what_is_allowed_before_the_body_is_read(
        self, database: Database, rules: Rules, crew: dict[str, Staff], ticket: Any
    ) -> None:
        with pytest.raises(Conflict) as refusal:
            await act(database, rules, crew["evaluator"], ticket, "refer", version=..., nonsense=1)
        assert (refusal.value.code, refusal.value.ticket) == ("not_at_this_step", None)
        assert refusal.value.allowed_actions == [
            "evaluate",
            "transfer",
            "withdraw",
            "note",
            "reveal",
            "join",
            "unjoin_report",
        ]

    @pytest.mark.parametrize(("version", "code"), [(..., "required"), (None, "required"), ("2", "wrong_type")])
    async def test_the_version_is_required_with_every_body(
        self, database: Database, rules: Rules, crew: dict[str, Staff], ticket: Any, version: Any, code: str
    ) -> None:
        refused = act(database, rules, crew["evaluator"], ticket, "evaluate", version=version, route="x")
        assert await errors_of(refused) == {"version": code, "route": "not_allowed"}

    async def test_a_refused_action_leaves_nothing(
        self, database: Database, rules: Rules, crew: dict[str, Staff], ticket: Any
    ) -> None:
        before = await desk.get_ticket(database, rules, crew["evaluator"], ticket.code, NOW)
        await errors_of(act(database, rules, crew["evaluator"], ticket, "transfer", organisation="23", note="چرا؟"))
        assert await desk.get_ticket(database, rules, crew["evaluator"], ticket.code, NOW) == before
        assert not await database.read(select(remarks))


async def test_threat_53_no_body_assigns_what_the_action_does_not_take(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    smuggled = {"status": "closed", "outcome": "settled", "organisation": "01", "step": 7, "waiting_for": "admin"}
    refused = act(database, rules, crew["evaluator"], ticket, "evaluate", route="inspection", **smuggled)
    assert await errors_of(refused) == dict.fromkeys(smuggled, "unknown_field")


async def test_two_who_act_at_once_one_moves_the_ticket_and_one_sees_why_not(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    version = (await today(database, rules, ticket)).version
    routes = ("self_regulation", "inspection", "penalties") * 4
    outcomes = await asyncio.gather(
        *(act(database, rules, crew["evaluator"], ticket, "evaluate", version=version, route=each) for each in routes),
        return_exceptions=True,
    )
    won = [each for each in outcomes if isinstance(each, dict)]
    lost = [each for each in outcomes if isinstance(each, Conflict)]
    assert (len(won), len(lost)) == (1, 11)
    assert {(each.code, (each.ticket or {}).get("route")) for each in lost} == {("stale_version", won[0]["route"])}
    assert (await today(database, rules, ticket)).version == version + 1


class TestKeys:
    """Idempotency-Key: the first answer again, to the same body, at the same endpoint, to the same person."""

    async def test_a_repeat_gives_the_first_answer_and_does_nothing(
        self, database: Database, rules: Rules, crew: dict[str, Staff]
    ) -> None:
        ticket = a_ticket(rules)
        await put(database, rules, ticket)
        version = (await today(database, rules, ticket)).version
        once: Callable[[], Any] = lambda: act(  # noqa: E731
            database, rules, crew["evaluator"], ticket, "evaluate", version=version, route="inspection", key="k1"
        )
        first, *rest = await asyncio.gather(*(once() for _ in range(10)))
        assert all(each == first for each in rest)
        await act(database, rules, crew["dispatcher"], ticket, "dispatch", inspector="inspector")
        assert await once() == first

    async def test_it_holds_though_the_ticket_is_out_of_sight_by_now(
        self, database: Database, rules: Rules, crew: dict[str, Staff]
    ) -> None:
        ticket = a_ticket(rules)
        await put(database, rules, ticket)
        body = {"version": (await today(database, rules, ticket)).version, "organisation": "01"}
        first = await act(database, rules, crew["evaluator"], ticket, "transfer", key="k", **body)
        assert await act(database, rules, crew["evaluator"], ticket, "transfer", key="k", **body) == first
        with pytest.raises(NotFound):
            await act(database, rules, crew["evaluator"], ticket, "transfer", **body)

    async def test_another_body_is_refused_and_another_person_or_action_is_another_request(
        self, database: Database, rules: Rules, crew: dict[str, Staff]
    ) -> None:
        ticket = a_ticket(rules)
        await put(database, rules, ticket)
        await act(database, rules, crew["evaluator"], ticket, "note", key="k", text="یک")
        with pytest.raises(KeyReused):
            await act(database, rules, crew["evaluator"], ticket, "note", key="k", text="دو")
        await act(database, rules, crew["supervisor"], ticket, "note", key="k", text="سه")
        await act(database, rules, crew["evaluator"], ticket, "evaluate", key="k", route="inspection")

    async def test_a_refusal_is_not_kept_and_nothing_kept_is_in_the_open(
        self, database: Database, rules: Rules, crew: dict[str, Staff]
    ) -> None:
        ticket = a_ticket(rules)
        await put(database, rules, ticket)
        with pytest.raises(Conflict):
            await act(database, rules, crew["evaluator"], ticket, "refer", key="k")
        assert not await database.read(select(answers))
        await act(database, rules, crew["evaluator"], ticket, "reveal", key="secret-key", reason="پیگیری")
        stored = repr([dict(row) for row in await database.read(select(answers))])
        assert not any(each in stored for each in ("secret-key", ticket.code, "زهرا", PHONE, "evaluator"))
