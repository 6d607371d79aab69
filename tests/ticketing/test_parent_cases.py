"""Parent cases: tickets about one business put together, one action done to all of them, each citizen told alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from sms.tables import notices
from tests.support.staging import NOW, a_ticket, close, member, put, today
from ticketing.asked import Asked
from ticketing.database import Database
from ticketing.errors import Conflict, Forbidden, Invalid, KeyReused, NotFound
from ticketing.events import broken_at
from ticketing.fanning_out import FanOut, act_on_children
from ticketing.idempotency import keyed
from ticketing.parent_case_view import get_case, list_cases
from ticketing.parent_cases import add_children, close_case, open_case, take_out
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.tables import events
from ticketing.ticket import Identity, Ticket

SARA = member("evaluator", username="sara")
REJECT = {"reject": "unrelated", "answer": "این واحد شعبه ندارد"}


def about_one_shop(rules: Rules, count: int, **changes: Any) -> list[Ticket]:
    phones = (f"+98912000{number:04}" for number in range(count))
    return [a_ticket(rules, identity=Identity(phone=phone), **changes) for phone in phones]


async def gathered(database: Database, rules: Rules, *children: Ticket, adds: bool = False) -> str:
    """The id of a new parent case with these children."""
    await put(database, rules, *children)
    codes = [each.code for each in children]
    opened = await open_case(database, Asked(rules, SARA, NOW), str(children[0].business_id), codes, adds=adds)
    return str(opened["id"])


async def kinds(database: Database, ticket: Ticket) -> list[str]:
    rows = await database.read(select(events).where(events.c.ticket_id == ticket.id).order_by(events.c.number))
    assert broken_at(rows) is None
    return [row["kind"] for row in rows]


def fan_out(rules: Rules, fields: dict[str, Any], children: list[Ticket], key: str | None = "k") -> FanOut:
    return FanOut("evaluate", fields, {each.code: each.version for each in children}, key, repr(fields).encode())


async def test_one_answer_reaches_every_child_alone_and_only_once(database: Database, rules: Rules) -> None:
    children = about_one_shop(rules, 3)
    elsewhere = a_ticket(rules, State(3, "self_regulator"))
    case = await gathered(database, rules, *children, elsewhere)
    now = [await today(database, rules, each) for each in (*children, elsewhere)]
    changed = now[2]
    asked = fan_out(rules, REJECT, now)
    asked = FanOut(asked.action, asked.fields, {**asked.children, changed.code: 1}, asked.key, asked.body_hash)
    for _ in range(2):
        done = await act_on_children(database, rules, SARA, case, asked, NOW)
        assert [(each["result"], each["code"]) for each in done["results"]] == [
            ("done", None),
            ("done", None),
            ("refused", "stale_version"),
            ("refused", "not_at_this_step"),
        ]
    assert await kinds(database, children[0]) == ["opened", "gathered", "evaluate", "closed"]
    assert await kinds(database, changed) == ["opened", "gathered"]
    said = await database.read(select(notices.c.ticket_id).where(notices.c.kind == "close"))
    assert sorted(row["ticket_id"] for row in said) == sorted(each.id for each in children[:2])
    other = FanOut("evaluate", REJECT, {children[0].code: 1}, "k", b"another body")
    with pytest.raises(KeyReused):
        await act_on_children(database, rules, SARA, case, other, NOW)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_what_is_wrong_for_all_is_refused_before_any(database: Database, rules: Rules) -> None:
    children = about_one_shop(rules, 2)
    case = await gathered(database, rules, *children)
    now = [await today(database, rules, each) for each in children]

    async def refused(staff: Staff, asked: FanOut, case_id: str = case) -> None:
        await act_on_children(database, rules, staff, case_id, asked, NOW)

    with pytest.raises(Invalid):
        await refused(SARA, fan_out(rules, {"reject": "unrelated"}, now))
    with pytest.raises(Invalid):
        await refused(SARA, fan_out(rules, REJECT, []))
    with pytest.raises(Forbidden):
        await refused(member("supervisor"), fan_out(rules, REJECT, now))
    with pytest.raises(NotFound):
        await refused(member("evaluator", "10"), fan_out(rules, REJECT, now))
    with pytest.raises(NotFound):
        await refused(SARA, FanOut("reveal", {"reason": "x"}, {now[0].code: 1}, None, b""))
    assert [await kinds(database, each) for each in children] == [["opened", "gathered"]] * 2


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_a_case_takes_open_tickets_of_its_business_and_lets_them_go(database: Database, rules: Rules) -> None:
    first, second, late = about_one_shop(rules, 3)
    closed, other = a_ticket(rules), a_ticket(rules, business_name="قصابی کوثر")
    await put(database, rules, second, closed, other)
    await close(database, rules, closed, "withdrawn")
    case = await gathered(database, rules, first)
    asked = Asked(rules, SARA, NOW, keyed(rules.vault, "add", "k", b""))
    for _ in range(2):
        added = await add_children(database, asked, case, [second.code, closed.code, other.code, "1"])
        whys = [each["code"] for each in added["results"]]
        assert whys == [None, "ticket_closed", "other_business", "not_found"]
    with pytest.raises(Conflict, match="case_open"):
        await open_case(database, Asked(rules, SARA, NOW), str(first.business_id), [second.code], adds=False)
    with pytest.raises(Forbidden):
        await take_out(database, Asked(rules, member("dispatcher"), NOW), case, [first.code])
    await take_out(database, Asked(rules, SARA, NOW), case, [first.code])
    assert await kinds(database, first) == ["opened", "gathered", "released"]
    await put(database, rules, late)
    seen = await get_case(database.read, rules, SARA, case, NOW)
    assert [each["tracking_code"] for each in seen["children"]] == [second.code]
    assert [each["tracking_code"] for each in seen["addable"]] == [first.code, late.code]
    assert seen["actions"]["evaluate"] == 1
    assert not {"reveal", "join", "withdraw"} & set(seen["actions"])
    assert [(each["open"], each["addable"]) for each in await list_cases(database.read, SARA)] == [(1, 2)]
    await close_case(database, Asked(rules, SARA, NOW), case)
    assert await list_cases(database.read, SARA) == []
    with pytest.raises(Conflict, match="case_closed"):
        await add_children(database, Asked(rules, SARA, NOW), case, [late.code])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_new_tickets_go_into_a_case_that_adds_them(database: Database, rules: Rules) -> None:
    first, second, third = about_one_shop(rules, 3)
    case = await gathered(database, rules, first, adds=True)
    await put(database, rules, second)
    assert (await today(database, rules, second)).parent_id == int(case)
    assert await kinds(database, second) == ["opened", "gathered"]
    await close_case(database, Asked(rules, SARA, NOW), case)
    await put(database, rules, third)
    assert (await today(database, rules, third)).parent_id is None
