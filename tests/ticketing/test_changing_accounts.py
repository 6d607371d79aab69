"""Accounts changed: what they may see follows at once, nothing in hand is lost, and nobody overwrites anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from sms.tables import notices
from tests.support.staffing import PASSWORD, employ
from tests.support.staging import NOW, PHONE, a_ticket, act, hire, member, put, today, told
from ticketing import accounts, staff
from ticketing.accounts import By, change_staff, disable_staff, foresee_change
from ticketing.assigning import take
from ticketing.database import Database
from ticketing.desk import get_ticket
from ticketing.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from ticketing.extensions import extension_of
from ticketing.letting_go import LetGo
from ticketing.profiles import Profile, read_profile
from ticketing.rules import Rules
from ticketing.sign_ins import list_sign_ins
from ticketing.states import State
from ticketing.tables import events
from ticketing.ticket import Ticket

SARA = member("evaluator", username="sara")
NIMA = member("inspector", username="nima", phone="+989121240101")
BOSS = By("boss", "203.0.113.9")
ABROAD = Profile("evaluator", "10")


@pytest.fixture(autouse=True)
async def hired(database: Database, rules: Rules) -> None:
    await hire(database, rules.vault, SARA, NIMA, member("admin", "", username="boss"))


async def errors_of(refusal: Awaitable[object]) -> dict[str, str]:
    """The code of each field that is refused. Fails where nothing is."""
    with pytest.raises(Invalid) as refused:
        await refusal
    return {error.field: error.code for error in refused.value.errors}


async def dispatched(database: Database, rules: Rules) -> Ticket:
    """A ticket whose inspection waits for Nima, and which he accepted."""
    ticket = a_ticket(rules, State(3, "dispatcher"))
    await put(database, rules, ticket)
    await act(database, rules, member("dispatcher"), ticket, "dispatch", inspector="nima")
    await act(database, rules, NIMA, ticket, "accept")
    await take(database, rules, NIMA, ticket.code, NOW)
    return ticket


async def test_sessions_end_where_role_or_organisation_changes_and_stay_for_a_telephone(
    database: Database, rules: Rules
) -> None:
    vault = rules.vault
    await employ(database, vault, NOW, "leila", "operator", organisation="23")
    token, _ = await staff.login(database, vault, "leila", PASSWORD, None, NOW, False)
    await change_staff(database, rules, "Leila", Profile("operator", "23", None, PHONE, "201"), NOW)
    leila = await staff.authenticate(database, vault, token, NOW)
    assert (leila.phone, leila.role) == (PHONE, "operator")
    await change_staff(database, rules, "leila", Profile("operator", "10", None, PHONE, "201"), NOW)
    with pytest.raises(Unauthenticated):
        await staff.authenticate(database, vault, token, NOW)
    _, leila = await staff.login(database, vault, "leila", PASSWORD, None, NOW, False)
    assert (leila.organisation, leila.phone) == ("10", PHONE)


async def test_tickets_somebody_may_not_see_any_more_are_nobodys_again(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await take(database, rules, SARA, ticket.code, NOW)
    assert await foresee_change(database, rules, "sara", Profile("evaluator", "")) == LetGo()
    foreseen = await foresee_change(database, rules, "sara", ABROAD)
    assert foreseen == LetGo(freed=(ticket.code,))
    assert await change_staff(database, rules, "sara", ABROAD, NOW, BOSS) == foreseen
    assert (await today(database, rules, ticket)).assignee is None
    rows = await database.read(select(events).where(events.c.ticket_id == ticket.id).order_by(events.c.number.desc()))
    assert (rows[0]["kind"], rows[0]["actor"], rows[0]["data"]) == (
        "given_back",
        "boss",
        {"because": "account", "whose": "sara"},
    )


async def test_ticket_sent_to_another_organisation_stays_in_nobodys_hands(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await take(database, rules, SARA, ticket.code, NOW)
    await act(database, rules, SARA, ticket, "transfer", organisation="10")
    assert (await today(database, rules, ticket)).assignee is None
    there = member("evaluator", "10", username="there")
    await hire(database, rules.vault, there)
    assert (await take(database, rules, there, ticket.code, NOW)).assignee == "there"


async def test_change_of_a_telephone_foresees_nothing_that_goes_back(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules, assignee=SARA.id, organisation="10")  # out of her sight already
    await put(database, rules, ticket)
    assert await foresee_change(database, rules, "sara", Profile("evaluator", "23", None, PHONE)) == LetGo()
    assert await foresee_change(database, rules, "sara", None) == LetGo(freed=(ticket.code,))


async def test_tickets_still_theirs_stay_theirs(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await take(database, rules, SARA, ticket.code, NOW)
    assert await change_staff(database, rules, "sara", Profile("evaluator", ""), NOW) == LetGo()
    assert (await today(database, rules, ticket)).assignee == SARA.id


@pytest.mark.parametrize("ends", ["another role", "disabled"])
async def test_dispatches_of_one_who_is_no_inspector_wait_for_the_dispatcher(
    database: Database, rules: Rules, ends: str
) -> None:
    ticket = await dispatched(database, rules)
    wanted, at = None if ends == "disabled" else Profile("operator", "23"), NOW + timedelta(days=2)
    foreseen = await foresee_change(database, rules, "nima", wanted)
    if wanted is None:
        went = await disable_staff(database, rules, "nima", at, BOSS)
    else:
        went = await change_staff(database, rules, "nima", wanted, at, BOSS)
    assert went == foreseen == LetGo(returned=(ticket.code,))
    now = await today(database, rules, ticket)
    assert (now.step, now.waiting_for, now.inspector, now.accepted_at) == (4, "dispatcher", None, None)
    assert now.due_at is not None
    seen = await get_ticket(database, rules, member("dispatcher"), ticket.code, at)
    assert (seen["clock"]["name"], seen["clock"]["since"]) == ("dispatch", at.isoformat())
    texts = await database.read(select(notices.c.body, notices.c.id).where(notices.c.kind == "dispatch"))
    said = [rules.vault.unseal("notices.body", row["id"], row["body"]) for row in texts]
    assert any("لغو" in each for each in said)
    await hire(database, rules.vault, member("inspector", username="mina"))
    await act(database, rules, member("dispatcher"), ticket, "dispatch", inspector="mina")


@pytest.mark.parametrize("ends", ["another role", "disabled"])
async def test_ticket_reopened_after_its_inspector_left_waits_for_the_dispatcher(
    database: Database, rules: Rules, ends: str
) -> None:
    ticket = await dispatched(database, rules)
    await act(database, rules, SARA, ticket, "withdraw")
    if ends == "disabled":
        await disable_staff(database, rules, "nima", NOW, BOSS)
    else:
        await change_staff(database, rules, "nima", Profile("operator", "23"), NOW, BOSS)
    back = await act(database, rules, SARA, ticket, "reopen")
    assert (back["waiting_for"], back["step_number"], back["due_at"] is None) == ("dispatcher", 4, False)
    now = await today(database, rules, ticket)
    assert (now.inspector, now.accepted_at, now.timer) == (None, None, None)
    assert [kind for kind, _ in told(back)].count("dispatch") == 2  # sent, and called off; nobody is sent again
    await hire(database, rules.vault, member("inspector", username="mina"))
    await act(database, rules, member("dispatcher"), ticket, "dispatch", inspector="mina")


async def test_whoever_was_let_in_before_their_account_changed_takes_nothing_on(
    database: Database, rules: Rules
) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    for change in (Profile("evaluator", "10"), Profile("operator", "23")):
        await change_staff(database, rules, "sara", change, NOW, BOSS)
        with pytest.raises(Forbidden):
            await take(database, rules, SARA, ticket.code, NOW)
    await change_staff(database, rules, "sara", Profile("evaluator", "23"), NOW, BOSS)
    await disable_staff(database, rules, "sara", NOW, BOSS)
    with pytest.raises(Forbidden):
        await take(database, rules, SARA, ticket.code, NOW)
    assert (await today(database, rules, ticket)).assignee is None


async def test_an_inspector_of_another_organisation_keeps_their_dispatches(database: Database, rules: Rules) -> None:
    ticket = await dispatched(database, rules)
    assert await change_staff(database, rules, "nima", Profile("inspector", "10", None, NIMA.phone), NOW) == LetGo()
    assert (await today(database, rules, ticket)).inspector == NIMA.id


async def test_two_administrators_do_not_overwrite_each_other(database: Database, rules: Rules) -> None:
    seen = Profile("evaluator", "23").version
    await change_staff(database, rules, "sara", ABROAD, NOW, BOSS, seen=seen)
    await change_staff(database, rules, "sara", ABROAD, NOW, BOSS, seen=seen)  # the same form once more
    with pytest.raises(Conflict) as refusal:
        await change_staff(database, rules, "sara", Profile("operator", "23"), NOW, BOSS, seen=seen)
    assert refusal.value.code == "stale_version"
    assert [each.outcome for each in await list_sign_ins(database, rules.vault, SARA.id, 9)] == ["changed"]


async def test_every_change_is_in_the_history_with_who_and_when(database: Database, rules: Rules) -> None:
    ticket = await dispatched(database, rules)
    wanted = Profile("operator", "10", None, PHONE, "201")
    await change_staff(database, rules, "nima", wanted, NOW, BOSS)
    await disable_staff(database, rules, "nima", NOW)
    await accounts.enable_staff(database, rules.vault, "nima", NOW)
    back, closed, line = await list_sign_ins(database, rules.vault, NIMA.id, 9)
    assert [(each.outcome, each.by) for each in (back, closed)] == [
        ("enabled", "command line"),
        ("disabled", "command line"),
    ]
    assert closed.changes == {"extension": ["201", None]}
    assert (line.outcome, line.by, line.client, line.at) == ("changed", "boss", "203.0.113.9", NOW)
    phones = line.changes["phone"]
    assert {name: value for name, value in line.changes.items() if name != "phone"} == {
        "role": ["inspector", "operator"],
        "organisation": ["23", "10"],
        "extension": [None, "201"],
        "returned": [ticket.code],
    }
    assert PHONE not in phones
    assert NIMA.phone not in phones


async def test_a_closed_accounts_telephone_is_its_successors(database: Database, rules: Rules) -> None:
    at_201 = Profile("operator", "23", None, None, "201")
    await change_staff(database, rules, "nima", at_201, NOW, BOSS)
    await disable_staff(database, rules, "nima", NOW, BOSS)
    await change_staff(database, rules, "sara", at_201, NOW, BOSS)
    assert [await extension_of(database, each.id) for each in (NIMA, SARA)] == [None, "201"]


async def test_nobody_takes_the_last_administrators_role_or_their_own(database: Database, rules: Rules) -> None:
    wanted = Profile("operator")
    assert await errors_of(change_staff(database, rules, "boss", wanted, NOW, BOSS)) == {"role": "own_role"}
    assert await errors_of(change_staff(database, rules, "boss", wanted, NOW)) == {"role": "last_admin"}
    with pytest.raises(Conflict):
        await disable_staff(database, rules, "boss", NOW)
    await hire(database, rules.vault, member("admin", "", username="other"))
    assert await errors_of(change_staff(database, rules, "boss", wanted, NOW, BOSS)) == {"role": "own_role"}
    both = (change_staff(database, rules, name, wanted, NOW) for name in ("boss", "other"))
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(end, Exception) for end in ends) == 1


async def test_wrong_values_are_named_and_an_extension_is_one_desks(database: Database, rules: Rules) -> None:
    async def reading(**given: str) -> Profile:
        return read_profile({"role": "operator", **given})

    wrong = {"organisation": "99", "body": "bakers", "phone": "12", "extension": "2a"}
    assert await errors_of(reading(**wrong)) == {
        "organisation": "not_allowed",
        "body": "not_allowed",
        "phone": "invalid_phone",
        "extension": "wrong_value",
    }
    assert await reading(phone="۰۹۱۲۱۲۳۴۵۶۷", extension=" ۲۰۱ ") == Profile("operator", "", None, PHONE, "201")
    taken = replace(ABROAD, extension="201")
    await change_staff(database, rules, "sara", taken, NOW)
    clash = Profile("inspector", "23", None, None, "201")
    assert await errors_of(change_staff(database, rules, "nima", clash, NOW)) == {"extension": "taken"}
    with pytest.raises(NotFound):
        await change_staff(database, rules, "nobody", taken, NOW)
