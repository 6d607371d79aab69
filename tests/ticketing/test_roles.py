"""Roles as the procedures' data declare them."""

from __future__ import annotations

import pytest

from ticketing import policy, vocabulary
from ticketing.roles import ROLES, Role, at_desk, declared, read_roles
from ticketing.wrong_key import WrongKey

FULL = Role(sees="organisation", title={"fa": "ارزیاب", "en": "Evaluator"})
MENTION = Role(sees="referred")


def test_every_sight_a_procedure_may_name_is_one_of_policy() -> None:
    assert set(policy.SIGHTS) == set(vocabulary.SIGHTS)


def test_the_contracts_roles_are_declared_and_begin_at_a_desk() -> None:
    contract = [
        "operator",
        "evaluator",
        "self_regulator",
        "dispatcher",
        "inspector",
        "penalties_clerk",
        "supervisor",
        "admin",
    ]
    assert [role for role in ROLES if role in contract] == contract
    assert all(role.title and role.desks for role in ROLES.values())
    assert at_desk("calls") == {"operator"}
    assert at_desk("dashboard") == {"supervisor", "admin"}


def test_a_role_is_declared_by_one_procedure_and_mentioned_by_others() -> None:
    assert declared({"first": {"evaluator": FULL}, "second": {"evaluator": MENTION}}) == {"evaluator": FULL}


@pytest.mark.parametrize(
    ("by_procedure", "key"),
    [
        ({"first": {"evaluator": FULL}, "second": {"evaluator": FULL}}, "roles.evaluator"),
        ({"first": {"evaluator": MENTION}}, "roles.evaluator.title"),
    ],
)
def test_a_role_of_two_procedures_or_none_is_refused(by_procedure: dict[str, dict[str, Role]], key: str) -> None:
    with pytest.raises(WrongKey) as refusal:
        declared(by_procedure)
    assert refusal.value.key == key


@pytest.mark.parametrize(
    ("roles", "key"),
    [
        ({"boss": {"sees": "all"}}, "roles.boss.sees"),
        ({"boss": {"title": {"fa": "رئیس"}, "sees": "organisation"}}, "roles.boss.title.en"),
        ({"citizen": {"sees": "organisation"}}, "roles.citizen"),
    ],
)
def test_a_wrong_role_is_refused_by_its_key(roles: dict[str, dict[str, object]], key: str) -> None:
    with pytest.raises(WrongKey) as refusal:
        read_roles({"roles": roles}, "some.toml")
    assert refusal.value.key == key
