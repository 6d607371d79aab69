"""What administrators and everyone at their own account may do, on both databases."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, update

from normalizer.report import Report, Sender
from sms.tables import notices
from tests.support.staffing import PASSWORD, cheapen
from tests.support.staging import NOW, PHONE
from ticketing import accounts, own_account, resetting, staff
from ticketing.accounts import By
from ticketing.calling_back import list_failed, mark_called
from ticketing.channel_health import fetch_channel_health
from ticketing.database import Database
from ticketing.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from ticketing.intake import store, take_in
from ticketing.overriding import ROUTING, change_override, fetch_overrides, fetch_versions
from ticketing.own_account import Self
from ticketing.quarantine import discard, file_set_aside, list_set_aside, read_set_aside
from ticketing.rules import Rules
from ticketing.sign_ins import list_sign_ins
from ticketing.staff import Staff
from ticketing.tables import events, reports
from ticketing.transaction import UnitTransaction


async def member_of(database: Database, rules: Rules, role: str = "admin", **more: str) -> staff.Staff:
    said = {"username": f"one.{role}", "role": role, "password": PASSWORD, **more}
    member = await accounts.add_staff(database, rules.vault, at=NOW, **said)  # type: ignore[arg-type]
    await cheapen(database, member)
    return member


def complaint(external_id: str = "1") -> Report:
    text = "نانوایی محله نان را گران می‌فروشد"
    sender = Sender(phone=PHONE)
    return Report("web", "form", external_id, NOW, text.encode(), text, sender=sender, always_complaint=True)


async def test_two_administrators_who_disable_each_other_leave_one(database: Database, rules: Rules) -> None:
    for name in ("ada", "bob"):
        await member_of(database, rules, username=name)
    both = (accounts.disable_staff(database, rules, name, NOW) for name in ("ada", "bob"))
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert [type(each) for each in outcomes].count(Conflict) == 1


async def test_history_tells_what_happened_and_from_where(database: Database, rules: Rules) -> None:
    vault, me = rules.vault, await member_of(database, rules)
    token, _ = await staff.login(database, vault, me.username, PASSWORD, None, NOW, False, client="203.0.113.9")
    for _ in range(10):
        with pytest.raises(Unauthenticated):
            await staff.login(database, vault, me.username, "wrong", None, NOW, False)
    for _ in range(3):
        with pytest.raises(TooMany):
            await staff.login(database, vault, me.username, "wrong", None, NOW, False)
    await staff.logout(database, vault, token, NOW)
    lines = await list_sign_ins(database, vault, me.id, 50)
    counted = {each.outcome: [line.outcome for line in lines].count(each.outcome) for each in lines}
    assert counted == {"made": 1, "in": 1, "refused": 10, "throttled": 1, "out": 1}
    assert [each.client for each in lines if each.outcome == "in"] == ["203.0.113.9"]


async def test_guessing_at_the_old_password_is_slowed(database: Database, rules: Rules) -> None:
    me = Self(database, rules.vault, await member_of(database, rules), "token", NOW)
    for _ in range(10):
        with pytest.raises(Invalid):
            await own_account.change_password(me, "wrong", "another long pass phrase")
    with pytest.raises(TooMany):
        await own_account.change_password(me, PASSWORD, "another long pass phrase")


async def test_temporary_password_is_given_once_for_a_form(database: Database, rules: Rules) -> None:
    vault, me = rules.vault, await member_of(database, rules)
    by = By("boss", key="form")
    first = await resetting.give_temporary_password(database, vault, me.username, NOW, by)
    assert first
    assert await resetting.give_temporary_password(database, vault, me.username, NOW, by) is None
    _, known = await staff.login(database, vault, me.username, first, None, NOW, False)
    assert known.owes(require_totp=False) == "password"


async def test_call_is_noted_once_however_often_it_is_sent(database: Database, rules: Rules) -> None:
    me, supervisor = await member_of(database, rules), await member_of(database, rules, "supervisor", organisation="10")
    await take_in(database, rules, complaint())

    async def fail(tx: UnitTransaction) -> None:
        await tx.execute(update(notices).values(state="failed", reason="gave_up", finished_at=NOW))

    await database.write(fail)
    failed = await list_failed(database, rules, me, 10)
    assert failed
    assert PHONE not in repr(failed)
    assert await list_failed(database, rules, supervisor, 10) == []
    with pytest.raises(NotFound):
        await mark_called(database, rules, supervisor, failed[0].id, "گفتم", NOW)
    for _ in range(2):
        await mark_called(database, rules, me, failed[0].id, "گفتم", NOW)
    assert failed[0].id not in [each.id for each in await list_failed(database, rules, me, 10)]
    assert len(await database.read(select(events.c.id).where(events.c.kind == "note"))) == 1


async def test_report_set_aside_is_filed_once_or_discarded(database: Database, rules: Rules) -> None:
    me, local = await member_of(database, rules), await member_of(database, rules, "supervisor", organisation="10")
    for name in ("a", "b"):
        stored = {"channel": "email", "account": "mail", "external_id": name, "raw": name.encode(), "context": {}}
        await store(database, rules, **stored, at=NOW)  # type: ignore[arg-type]

    async def set_aside(tx: UnitTransaction) -> None:
        await tx.execute(update(reports).values(state="quarantined", reason="raw:unreadable"))

    await database.write(set_aside)
    second, first = await list_set_aside(database, me, "quarantined", 10)
    with pytest.raises(Forbidden):
        await read_set_aside(database, rules, local, first["id"])
    assert (await read_set_aside(database, rules, me, first["id"])).raw == b"a"
    filed = [await file_set_aside(database, rules, me, first["id"], complaint()) for _ in range(2)]
    assert filed[0].tracking_code == filed[1].tracking_code is not None
    for _ in range(2):
        await discard(database, me, second["id"], "spam")
    with pytest.raises(Conflict):
        await file_set_aside(database, rules, me, second["id"], complaint())
    with pytest.raises(Conflict):
        await discard(database, me, first["id"], "spam")
    assert await discard_after_a_death(database, me, first["id"]) == "report_settled"
    health = await fetch_channel_health(database, ("email", "web"), NOW)
    assert [(each.code, each.stored, each.quarantined) for each in health] == [("email", 0, 0), ("web", 0, 0)]


async def discard_after_a_death(database: Database, me: Staff, report_id: int) -> str:
    """Discard a report whose ticket was made by a process that ended before it said so; the refusal's code."""

    async def die(tx: UnitTransaction) -> None:
        its = reports.c.id == report_id
        await tx.execute(update(reports).where(its).values(state="quarantined", ticket_id=None))

    async def settle(tx: UnitTransaction) -> None:
        await tx.execute(update(reports).where(reports.c.id == report_id).values(state="ticketed"))

    await database.write(die)
    with pytest.raises(Conflict) as refusal:
        await discard(database, me, report_id, "spam")
    await database.write(settle)
    return refusal.value.code


async def test_override_climbs_by_one_and_the_same_is_no_change(database: Database, rules: Rules) -> None:
    me = await member_of(database, rules)
    assert await fetch_overrides(database) == {}
    for route in ("inspection", "inspection", "penalties"):
        value = {"rules": [{"route": route}]}
        await change_override(database, ROUTING, lambda _, value=value: value, me, NOW)
    assert await fetch_versions(database) == {ROUTING: 2}
    kept = (await fetch_overrides(database))[ROUTING]
    assert (kept.value, kept.by, kept.at) == ({"rules": [{"route": "penalties"}]}, "one.admin", NOW)
