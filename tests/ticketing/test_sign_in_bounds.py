"""Signing in where somebody guesses: who waits, and for how long; and what a one-time code is good for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from tests.support.staffing import PASSWORD, Login
from tests.support.staging import NOW
from ticketing import resetting, staff
from ticketing.attempt_tables import failures
from ticketing.database import Database
from ticketing.errors import TooMany, Unauthenticated
from ticketing.throttle import begin, fail
from ticketing.vault import Vault


class TestThrottle:
    """THREATS 57: guesses slow down, outlast a restart, and do not lock the owner out."""

    async def guess(self, login: Login, times: int, **more: Any) -> list[BaseException]:
        outcomes = await asyncio.gather(*(login("wrong", **more) for _ in range(times)), return_exceptions=True)
        return [each for each in outcomes if isinstance(each, TooMany)]

    async def test_ten_failures_are_free_then_each_waits_longer(self, login: Login) -> None:
        assert await self.guess(login, 10) == []
        waits, at = [], NOW
        for _ in range(4):
            with pytest.raises(TooMany) as refusal:
                await login(at=at)
            waits.append(refusal.value.retry_after_s)
            at += timedelta(seconds=refusal.value.retry_after_s)
            with pytest.raises(Unauthenticated):
                await login("wrong", at=at)
        assert waits == sorted(set(waits))
        assert waits[0] <= 4

    async def test_threat_57_a_burst_cannot_slip_past_the_count(self, login: Login) -> None:
        refused = await self.guess(login, 27)
        assert len(refused) >= 7  # and more, where the first are known to be wrong before the last arrive
        with pytest.raises(TooMany):
            await login(at=NOW + timedelta(seconds=1))

    async def test_twenty_that_fail_at_once_make_the_wait_a_quarter_of_an_hour(
        self, database: Database, vault: Vault, login: Login
    ) -> None:
        budget = [staff.budget_of_name(vault, "zahra")]
        attempts = [await database.write(lambda tx: begin(tx, budget, NOW)) for _ in range(20)]
        for attempt in attempts:
            await database.write(partial(fail, attempt=attempt))
        with pytest.raises(TooMany):
            await login(at=NOW + timedelta(minutes=14))
        await login(at=NOW + timedelta(minutes=15, seconds=1))

    async def test_names_that_do_not_exist_are_slowed_alike(self, login: Login) -> None:
        assert await self.guess(login, 10, name="nobody") == []
        assert len(await self.guess(login, 1, name="nobody")) == 1

    async def test_fifteen_right_passwords_at_once_all_enter(self, login: Login) -> None:
        outcomes = await asyncio.gather(*(login(client="203.0.113.9") for _ in range(15)))
        assert len({token for token, _ in outcomes}) == 15

    async def test_right_passwords_use_up_nothing(self, database: Database, login: Login) -> None:
        await self.guess(login, 1, name="nobody", client="203.0.113.9")
        for _ in range(3):
            await login(client="203.0.113.9")
        counted = await database.read(select(failures.c.scope))
        assert [row["scope"] for row in counted] == ["login", "login"]  # the guess, of its name and of the client

    async def test_an_attempt_that_was_never_settled_counts_as_under_way(
        self, database: Database, vault: Vault, login: Login
    ) -> None:
        budget = [staff.budget_of_name(vault, "zahra")]
        for _ in range(20):
            await database.write(lambda tx: begin(tx, budget, NOW))
        with pytest.raises(TooMany):
            await login()
        await login(at=NOW + timedelta(seconds=2))

    async def test_the_count_is_in_the_database_and_names_no_one(
        self, database: Database, database_url: str, vault: Vault, login: Login
    ) -> None:
        await self.guess(login, 10)
        async with Database(database_url) as restarted:
            with pytest.raises(TooMany):
                await staff.login(restarted, vault, "zahra", PASSWORD, None, NOW, False)
        assert "zahra" not in repr([dict(row) for row in await database.read(select(failures))])

    async def test_success_clears_the_name_and_an_hour_forgives(self, login: Login) -> None:
        await self.guess(login, 9)
        await login()
        assert await self.guess(login, 10) == []
        await login(at=NOW + timedelta(hours=1, seconds=1))

    async def test_a_client_is_slowed_across_names(self, database: Database, vault: Vault, login: Login) -> None:
        budgets = staff._budgets_of_client(vault, "203.0.113.9")
        for _ in range(50):
            attempt = await database.write(lambda tx: begin(tx, budgets, NOW))
            await database.write(lambda tx, failed=attempt: fail(tx, failed))
        with pytest.raises(TooMany):
            await login(client="203.0.113.9")
        await login(client="203.0.113.10")

    async def test_threat_57_the_owner_enters_with_a_one_time_code_while_others_guess(
        self, database: Database, vault: Vault, login: Login
    ) -> None:
        code = pyotp.parse_uri(await resetting.reset_totp(database, vault, "zahra", NOW))
        await self.guess(login, 12, totp="000000")
        with pytest.raises(TooMany):
            await login(totp="000000")
        await login(totp=code.at(NOW))  # type: ignore[union-attr]


class TestOneTimeCodes:
    """A code is asked for where there is a secret or the house demands one, and is good once."""

    @pytest.fixture
    async def code(self, database: Database, vault: Vault, zahra: staff.Staff) -> Any:
        return pyotp.parse_uri(await resetting.reset_totp(database, vault, "zahra", NOW))

    @pytest.mark.parametrize("given", [None, "", "000000", "\ud800"])
    async def test_it_is_needed_once_there_is_a_secret(self, login: Login, code: Any, given: str | None) -> None:
        with pytest.raises(Unauthenticated):
            await login(totp=given)
        await login(totp=code.at(NOW))

    async def test_an_old_one_is_none(self, login: Login, code: Any) -> None:
        with pytest.raises(Unauthenticated):
            await login(totp=code.at(NOW - timedelta(minutes=2)))

    async def test_it_is_good_once(self, login: Login, code: Any) -> None:
        await login(totp=code.at(NOW))
        with pytest.raises(Unauthenticated):
            await login(totp=code.at(NOW))
        with pytest.raises(Unauthenticated):
            await login(totp=code.at(NOW - timedelta(seconds=30)))
        await login(totp=code.at(NOW + timedelta(seconds=30)), at=NOW + timedelta(seconds=30))

    async def test_of_several_at_once_with_one_code_one_enters(self, login: Login, code: Any) -> None:
        outcomes = await asyncio.gather(*(login(totp=code.at(NOW)) for _ in range(5)), return_exceptions=True)
        assert sum(isinstance(each, tuple) for each in outcomes) == 1

    async def test_the_house_may_demand_one_of_everybody(self, login: Login) -> None:
        with pytest.raises(Unauthenticated):
            await login(require_totp=True)
