"""Accounts and signing in: who gets in, what a token is worth, and what an account may not be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.staffing import PASSWORD, Login
from tests.support.staging import NOW, PHONE
from ticketing import accounts, resetting, staff
from ticketing.database import Database
from ticketing.errors import Invalid, NotFound, Unauthenticated
from ticketing.passwords import _HASHER, NOBODYS_HASH
from ticketing.rules import Rules
from ticketing.tables import sessions
from ticketing.tables import staff as staff_table
from ticketing.vault import Vault


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
