"""Businesses with many complaints: proposed over the bounds, and counted only as far as somebody may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.staging import NOW, a_ticket, member, put
from ticketing.business_view import count_others, get_business
from ticketing.database import Database
from ticketing.errors import NotFound
from ticketing.proposing import proposals_of
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.surge_bounds import SurgeBounds
from ticketing.ticket import Ticket

EVALUATOR = member("evaluator")
SHOP = "سوپر بهار"
REPEATER = "قصابی کوثر"


@pytest.fixture
def rules(rules: Rules) -> Rules:
    bounds = SurgeBounds(tickets=3, within=timedelta(hours=72), upheld=2, upheld_within=timedelta(days=30))
    return replace(rules, surges=bounds)


async def some(database: Database, rules: Rules, count: int, name: str = SHOP, **changes: Any) -> list[Ticket]:
    """So many tickets about a shop."""
    made = [a_ticket(rules, **{"business_name": name, **changes}) for _ in range(count)]
    await put(database, rules, *made)
    return made


def upheld(rules: Rules) -> Ticket:
    return a_ticket(rules, State(7, None, "closed", "verdict"), business_name=REPEATER, closed_at=NOW)


async def proposed(
    database: Database, rules: Rules, staff: Staff = EVALUATOR
) -> list[tuple[str | None, int, int, int]]:
    found = await proposals_of(database.read, rules, staff, NOW)
    return [(each.business["name"], each.open, each.surging, each.upheld) for each in found]


async def test_a_business_is_proposed_from_its_bounds_on(database: Database, rules: Rules) -> None:
    await some(database, rules, 2)
    await some(database, rules, 2, opened_at=NOW - timedelta(days=4))  # open, and not of late
    await put(database, rules, upheld(rules), upheld(rules))
    assert await proposed(database, rules) == []
    await some(database, rules, 1)
    await some(database, rules, 1, REPEATER)
    assert await proposed(database, rules) == [(SHOP, 5, 3, 0), (REPEATER, 1, 0, 2)]
    assert await proposed(database, rules, member("evaluator", "10")) == []
    without = replace(rules, surges=SurgeBounds(tickets=0, upheld=0))
    assert await proposed(database, without) == []


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_a_business_is_counted_as_far_as_somebody_may_see(database: Database, rules: Rules) -> None:
    await some(database, rules, 2, REPEATER)
    elsewhere = a_ticket(rules, business_name=REPEATER, organisation="10")
    await put(database, rules, upheld(rules), elsewhere)
    business_id = str(elsewhere.business_id)
    counts = (await get_business(database.read, rules, EVALUATOR, business_id))["counts"]
    assert counts == {
        "all": 3,
        "is_more": False,
        "open": 2,
        "upheld": 1,
        "by_category": {"overcharging": 3},
        "by_outcome": {"verdict": 1},
        "by_month": {"1405-08": 3},
    }
    assert await count_others(database.read, EVALUATOR, elsewhere.business_id or 0) == 2
    for asker, wanted in ((member("evaluator", "11"), business_id), (EVALUATOR, "12"), (EVALUATOR, "x")):
        with pytest.raises(NotFound):
            await get_business(database.read, rules, asker, wanted)
