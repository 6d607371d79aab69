"""A citizen's devices: who is told, of what, how often, and for how long it is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from normalizer.tracking_code import find_codes
from sms.outbox import PUSH, fetch_backlog
from sms.tables import notices
from tests.support.staging import NOW, a_ticket, act, close, put, today, told
from ticketing.database import Database
from ticketing.device_tables import devices
from ticketing.devices import (
    KEPT_AFTER_CLOSE,
    MOST_DEVICES,
    Subscription,
    drop_device,
    find_address,
    forget_endpoint,
    is_told,
    keep_device,
)
from ticketing.errors import Conflict
from ticketing.keeping import Terms
from ticketing.retention import throw_away
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.ticket import Ticket


def browser(name: str = "first") -> Subscription:
    return Subscription(f"https://fcm.googleapis.com/fcm/send/{name}", "point", "secret", "fcm.googleapis.com")


async def staged(database: Database, rules: Rules, state: State | None = None, **changes: Any) -> Ticket:
    ticket = a_ticket(rules, state, **changes)
    await put(database, rules, ticket)
    return await today(database, rules, ticket)


async def hints(database: Database, rules: Rules) -> list[tuple[str, int | None, str]]:
    """What goes to devices, oldest first: kind, step, words."""
    rows = await database.read(select(notices).where(notices.c.medium == PUSH).order_by(notices.c.id))
    return [(row["kind"], row["step"], rules.vault.unseal("notices.body", row["id"], row["body"])) for row in rows]


async def test_each_device_is_told_of_a_step_once_beside_the_one_text(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket = await staged(database, rules)
    for name in ("first", "second", "first"):
        await keep_device(database, rules.vault, ticket, browser(name), NOW)
    seen = await act(database, rules, crew["evaluator"], ticket, "evaluate", route="self_regulation")
    assert told(seen) == [("step", 3)], "devices are not among what was said to the citizen"
    words = await hints(database, rules)
    assert [(kind, step) for kind, step, _ in words] == [("step", 3)] * 2
    assert "خودتنظیمی" in words[0][2]
    backlog = {(part.medium, part.count) for part in await fetch_backlog(database.read)}
    assert backlog == {("sms", 1), (PUSH, 2)}


async def test_a_hint_names_neither_code_nor_matter(database: Database, rules: Rules, crew: dict[str, Staff]) -> None:
    ticket = await staged(database, rules)
    await keep_device(database, rules.vault, ticket, browser(), NOW)
    await act(database, rules, crew["evaluator"], ticket, "evaluate", route="self_regulation")
    await act(database, rules, crew["self_regulator"], ticket, "settle", result="settled")
    await close(database, rules, ticket, "settled")
    words = await hints(database, rules)
    assert [(kind, step) for kind, step, _ in words] == [("step", 3), ("question", None), ("close", None)]
    for _, _, text in words:
        assert find_codes(text) == ()
        assert "بهار" not in text


async def test_questions_are_urgent_and_steps_are_not(database: Database, rules: Rules, crew: dict[str, Staff]) -> None:
    ticket = await staged(database, rules, State(3, "self_regulator"), body="")
    await keep_device(database, rules.vault, ticket, browser(), NOW)
    await act(database, rules, crew["self_regulator"], ticket, "settle", result="settled")
    rows = await database.read(select(notices.c.headers).where(notices.c.medium == PUSH))
    assert [row["headers"] for row in rows] == [{"urgency": "high"}]


async def test_a_ticket_has_five_devices_at_most(database: Database, rules: Rules) -> None:
    ticket = await staged(database, rules)
    for number in range(MOST_DEVICES):
        await keep_device(database, rules.vault, ticket, browser(f"b{number}"), NOW)
    with pytest.raises(Conflict, match="too_many_devices"):
        await keep_device(database, rules.vault, ticket, browser("one more"), NOW)
    await keep_device(database, rules.vault, ticket, browser("b0"), NOW)
    await drop_device(database, rules.vault, ticket, browser("b0").endpoint)
    await keep_device(database, rules.vault, ticket, browser("one more"), NOW)


async def test_a_closed_ticket_takes_no_device(database: Database, rules: Rules) -> None:
    ticket = await staged(database, rules, State(2, None, "closed", "withdrawn"), closed_at=NOW)
    with pytest.raises(Conflict):
        await keep_device(database, rules.vault, ticket, browser(), NOW)


async def test_a_device_that_is_turned_off_is_found_no_more(
    database: Database, rules: Rules, crew: dict[str, Staff]
) -> None:
    ticket, other = await staged(database, rules), await staged(database, rules)
    for each in (ticket, other):
        await keep_device(database, rules.vault, each, browser(), NOW)
    await act(database, rules, crew["evaluator"], ticket, "evaluate", route="self_regulation")
    [row] = await database.read(select(notices).where(notices.c.medium == PUSH))
    device = int(rules.vault.unseal("notices.recipient", row["id"], row["recipient"]))
    address = await find_address(database.read, rules.vault, device)
    assert address is not None
    assert (address.subscription, address.code, address.language) == (browser(), ticket.code, "fa")
    await drop_device(database, rules.vault, ticket, browser().endpoint)
    assert await find_address(database.read, rules.vault, device) is None
    assert not await is_told(database.read, rules.vault, ticket, browser().endpoint)
    assert await is_told(database.read, rules.vault, other, browser().endpoint), "its other ticket is another matter"


async def test_a_browser_that_is_gone_is_told_of_no_ticket(database: Database, rules: Rules) -> None:
    for _ in range(2):
        ticket = await staged(database, rules)
        await keep_device(database, rules.vault, ticket, browser("gone"), NOW)
        await keep_device(database, rules.vault, ticket, browser("here"), NOW)
    await forget_endpoint(database, rules.vault, browser("gone").endpoint)
    assert not await is_told(database.read, rules.vault, ticket, browser("gone").endpoint)
    assert len(await database.read(select(devices.c.id))) == 2


async def test_devices_are_forgotten_when_the_last_word_has_gone_out(database: Database, rules: Rules) -> None:
    open_one, closed_one = await staged(database, rules), await staged(database, rules)
    for each in (open_one, closed_one):
        await keep_device(database, rules.vault, each, browser(), NOW)
    await close(database, rules, closed_one, "withdrawn")
    soon, later = NOW + KEPT_AFTER_CLOSE - timedelta(seconds=1), NOW + KEPT_AFTER_CLOSE
    assert (await throw_away(database, Terms(sign_ins=timedelta(days=365)), soon))["devices"] == 0
    assert (await throw_away(database, Terms(sign_ins=timedelta(days=365)), later))["devices"] == 1
    assert await is_told(database.read, rules.vault, open_one, browser().endpoint)


async def test_what_a_browser_gave_out_is_sealed(database: Database, rules: Rules) -> None:
    ticket = await staged(database, rules)
    await keep_device(database, rules.vault, ticket, browser("its-secret-place"), NOW)
    assert "its-secret-place" not in repr(await database.read(select(devices)))


async def test_two_processes_that_keep_one_browser_keep_one_row(database: Database, rules: Rules) -> None:
    ticket = await staged(database, rules)
    async with Database(database.url) as other:
        for each in (database, other):
            await keep_device(each, rules.vault, ticket, browser(), NOW)
    assert len(await database.read(select(devices.c.id))) == 1
