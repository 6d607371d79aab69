"""Accounts and signing in: who gets in, who waits, what a token is worth, and what an account may not be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from tests.support.staffing import PASSWORD, employ
from tests.support.staging import NOW, PHONE
from ticketing import accounts, resetting, staff
from ticketing.database import Database
from ticketing.errors import Invalid, NotFound, TooMany, Unauthenticated
from ticketing.passwords import _HASHER, NOBODYS_HASH
from ticketing.rules import Rules
from ticketing.tables import failures, sessions
from ticketing.tables import staff as staff_table
from ticketing.throttle import begin, fail
from ticketing.vault import Vault

Login = Callable[..., Any]


@pytest.fixture
def vault(rules: Rules) -> Vault:
    return rules.vault


@pytest.fixture
async def zahra(database: Database, vault: Vault) -> staff.Staff:
    """An evaluator of Tehran with a phone."""
    return await employ(database, vault, NOW, "zahra", "evaluator", organisation="23", phone="09121234567")


@pytest.fixture
def login(database: Database, vault: Vault, zahra: staff.Staff) -> Login:
    """Sign Zahra in, unless told otherwise."""

    async def sign_in(
        password: str = PASSWORD, totp: str | None = None, at: datetime = NOW, name: str = "zahra", **more: Any
    ) -> tuple[str, staff.Staff]:
        return await staff.login(database, vault, name, password, totp, at, more.pop("require_totp", False), **more)

    return sign_in


async def test_a_token_is_good_for_twelve_hours_and_is_not_kept(
    database: Database, vault: Vault, login: Login, zahra: staff.Staff
) -> None:
    token, member = await login(name=" ZAHRA ")
    assert member == zahra
    assert zahra.phone == PHONE
    assert await staff.authenticate(database, vault, token, NOW + timedelta(hours=11, minutes=59)) == zahra
    with pytest.raises(Unauthenticated):
        await staff.authenticate(database, vault, token, NOW + timedelta(hours=12))
    stored = repr([dict(row) for row in await database.read(select(sessions))])
    assert token not in stored
    kept = repr([dict(row) for row in await database.read(select(staff_table))])
    assert PASSWORD not in kept
    assert PHONE not in kept


async def test_signing_out_ends_one_session_only(database: Database, vault: Vault, login: Login) -> None:
    one, other = (await login())[0], (await login())[0]
    await staff.logout(database, vault, one, NOW)
    await staff.logout(database, vault, one, NOW)
    with pytest.raises(Unauthenticated):
        await staff.authenticate(database, vault, one, NOW)
    await staff.authenticate(database, vault, other, NOW)


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "' OR 1=1"])
async def test_what_is_no_token_is_refused(database: Database, vault: Vault, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await staff.authenticate(database, vault, token, NOW)


@pytest.mark.parametrize(
    ("name", "password"),
    [("zahra", "wrong"), ("zahra", PASSWORD + " "), ("nobody", PASSWORD), ("a\x00b", PASSWORD), ("\ud800", "\ud800")],
)
async def test_wrong_names_and_passwords_are_refused_alike(login: Login, name: str, password: str) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        await login(password, name=name)
    assert refusal.value.code == "unauthenticated"


async def test_disabling_ends_every_session_and_further_sign_in(
    database: Database, rules: Rules, vault: Vault, login: Login
) -> None:
    token, _ = await login()
    await accounts.disable_staff(database, rules, "zahra", NOW)
    with pytest.raises(Unauthenticated):
        await staff.authenticate(database, vault, token, NOW)
    with pytest.raises(Unauthenticated):
        await login()
    assert [(each["username"], each["disabled"]) for each in await accounts.list_staff(database)] == [("zahra", True)]


async def test_a_new_password_ends_sessions_and_the_old_one(database: Database, vault: Vault, login: Login) -> None:
    token, _ = await login()
    with pytest.raises(Invalid):
        await resetting.reset_password(database, vault, "zahra", "short", NOW)
    await resetting.reset_password(database, vault, "Zahra", "another-long-phrase", NOW)
    with pytest.raises(Unauthenticated):
        await staff.authenticate(database, vault, token, NOW)
    with pytest.raises(Unauthenticated):
        await login()
    await login("another-long-phrase")


async def test_commands_on_nobody_are_refused(database: Database, rules: Rules, vault: Vault) -> None:
    for command in (
        accounts.disable_staff(database, rules, "nobody", NOW),
        resetting.reset_password(database, vault, "nobody", PASSWORD, NOW),
        resetting.reset_totp(database, vault, "nobody", NOW),
    ):
        with pytest.raises(NotFound):
            await command


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


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"username": "x"}, {"username": "wrong_value"}),
        ({"username": "1st"}, {"username": "wrong_value"}),
        ({"username": "زهرا"}, {"username": "wrong_value"}),
        ({"username": "citizen"}, {"username": "wrong_value"}),
        ({"username": "zahra"}, {"username": "taken"}),
        ({"role": "boss"}, {"role": "not_allowed"}),
        ({"organisation": "99"}, {"organisation": "not_allowed"}),
        ({"body": "asnaf"}, {"body": "not_allowed"}),
        ({"role": "self_regulator", "body": "اتحادیه"}, {"body": "unknown_body"}),
        ({"role": "self_regulator", "body": "02-07-union"}, {"body": "other_organisation"}),
        ({"phone": "02188776655"}, {"phone": "invalid_phone"}),
        ({"phone": "abc"}, {"phone": "invalid_phone"}),
        ({"password": "x" * 7}, {"password": "too_short"}),
        ({"password": "aaaaaaaaaaaaaaa"}, {"password": "too_easy"}),
        ({"username": "ali.rezai", "password": "Ali.Rezai"}, {"password": "too_easy"}),
        ({"password": "x" * 1025}, {"password": "too_long"}),
        ({"role": "boss", "password": ""}, {"role": "not_allowed", "password": "too_short"}),
    ],
)
async def test_a_wrong_account_names_its_fields(
    database: Database, vault: Vault, zahra: staff.Staff, changes: dict[str, Any], errors: dict[str, str]
) -> None:
    known = {"username": "ali.rezai", "role": "evaluator", "organisation": "23", "password": PASSWORD, "at": NOW}
    with pytest.raises(Invalid) as refusal:
        await accounts.add_staff(database, vault, **(known | changes))
    assert {error.field: error.code for error in refusal.value.errors} == errors
    assert len(await accounts.list_staff(database)) == 1


async def test_demonstration_staff_may_have_a_short_password(database: Database, vault: Vault) -> None:
    member = await accounts.add_staff(
        database,
        vault,
        username="demo",
        role="self_regulator",
        body="ASNAF",
        password="demo",
        at=NOW,
        demonstration=True,
    )
    assert (member.organisation, member.body, member.demonstration) == ("", "asnaf", True)
    assert (await staff.login(database, vault, "demo", "demo", None, NOW, False))[1] == member


def test_nobodys_hash_takes_the_time_of_everybodys() -> None:
    assert not _HASHER.check_needs_rehash(NOBODYS_HASH)
