"""Pages that end where so many tickets were looked at: short ones lead on, and those that follow find everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.support.crowd import crowd
from tests.support.staging import NOW, a_ticket, member, put
from ticketing import desk, queues
from ticketing.database import Database
from ticketing.desk import MOST_LOOKED
from ticketing.places import Place
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.tables import tickets
from ticketing.tabs import Asked, order_of
from ticketing.ticket import Ticket
from ticketing.walking import BY_ARRIVAL, BY_CLOSING, BY_DUE, DUE_ONLY, Order, walk

NATION = member("evaluator", "")
OVERSEER = member("supervisor", "")
BOUNDS = [(3, 2), (5, 4), (7, 50), (1, 1)]


async def walked(
    database: Database, order: Order, fitting: Sequence[Any], most: int, limit: int
) -> tuple[list[int], int]:
    """Every ticket found by walking on and on, and in how many walks."""
    found: list[int] = []
    place: Place | None = None
    for times in range(1, 200):
        way = await walk(database, order, [], fitting, place, limit, most=most)
        assert len(way.rows) <= limit
        found += [row["id"] for row in way.rows]
        if way.looked_to is None or way.looked_to == place:
            assert way.looked_to is None
            return found, times
        place = way.looked_to
    raise AssertionError("it never ends")


@pytest.fixture
async def staged(database: Database, rules: Rules) -> list[Ticket]:
    """Two to each due moment, some without one, every third of Gilan."""
    made = [
        a_ticket(
            rules,
            opened_at=NOW - timedelta(minutes=number // 2),
            due_at=NOW + timedelta(hours=number // 2) if number < 14 else None,
            closed_at=NOW - timedelta(days=number) if number % 2 else None,
            province="01" if number % 3 == 0 else "23",
        )
        for number in range(20)
    ]
    await put(database, rules, *made)
    return made


SORTED: list[tuple[Order, Callable[[Ticket], bool], Callable[[Ticket], Any]]] = [
    (BY_DUE, lambda each: True, lambda each: (each.due_at is None, each.due_at or NOW, each.id)),
    (DUE_ONLY, lambda each: each.due_at is not None, lambda each: (each.due_at, each.id)),
    (BY_ARRIVAL, lambda each: True, lambda each: (NOW - each.opened_at, -each.id)),
    (BY_CLOSING, lambda each: each.closed_at is not None, lambda each: (NOW - (each.closed_at or NOW), -each.id)),
]


@pytest.mark.parametrize(("most", "limit"), BOUNDS)
@pytest.mark.parametrize(("order", "is_in", "key"), SORTED, ids=["due", "due only", "arrival", "closing"])
async def test_walking_on_finds_all_that_fits_once_and_in_order(
    database: Database,
    staged: list[Ticket],
    order: Order,
    is_in: Callable[[Ticket], bool],
    key: Callable[[Ticket], Any],
    most: int,
    limit: int,
) -> None:
    expected = sorted((each for each in staged if is_in(each) and each.province == "01"), key=key)
    found, _ = await walked(database, order, [tickets.c.province == "01"], most, limit)
    assert found == [each.id for each in expected]
    nothing, times = await walked(database, order, [tickets.c.province == "02"], most, limit)
    assert nothing == []
    assert times <= 1 + len(staged) // most


@pytest.mark.parametrize(
    ("tab", "filters", "order"),
    [
        ("waiting", {}, BY_DUE),
        ("overdue", {}, DUE_ONLY),
        ("all", {"status": "open"}, BY_DUE),
        ("all", {"overdue": "true"}, DUE_ONLY),
        ("all", {"overdue": "false"}, BY_DUE),
        ("all", {"due_from": "1405-08-01"}, DUE_ONLY),
        ("all", {"status": "any"}, BY_ARRIVAL),
        ("all", {"status": "closed"}, BY_ARRIVAL),
        ("all", {"status": "any", "closed_from": "1405-08-01"}, BY_CLOSING),
        ("waiting", {"status": "closed"}, BY_DUE),
    ],
)
def test_what_waits_comes_by_its_deadline_and_what_may_be_closed_newest_first(
    tab: str, filters: dict[str, str], order: Order
) -> None:
    assert order_of(Asked(NATION, tab, filters, NOW)) is order


@pytest.fixture
async def many(database: Database, rules: Rules) -> Ticket:
    """The one given came first, by letter, and falls due last; before it stand more than are looked at a time."""
    letter = a_ticket(
        rules, id=1, channel="letter", opened_at=NOW - timedelta(days=900), due_at=NOW + timedelta(days=1)
    )
    await put(database, rules, letter)
    await crowd(database, MOST_LOOKED + 1, NOW)
    return letter


@pytest.mark.parametrize(("tab", "status"), [("unassigned", "open"), ("all", "open"), ("all", "any"), ("", "")])
async def test_page_whose_filter_few_meet_says_where_it_ended_and_the_next_finds_them(
    database: Database, rules: Rules, many: Ticket, tab: str, status: str
) -> None:
    async def page(cursor: str) -> dict[str, Any]:
        if not tab:
            return await desk.list_tickets(database, rules, NATION, {"channel": "letter", "cursor": cursor}, NOW)
        asked = Asked(OVERSEER, tab, {"channel": "letter", "status": status}, NOW)
        return await queues.page_of(database, rules, asked, cursor)

    first = await page("")
    assert first["items"] == []
    assert first["next_cursor"]
    second = await page(first["next_cursor"])
    assert [each["tracking_code"] for each in second["items"]] == [many.code]
    assert second["next_cursor"] is None


async def test_next_ticket_that_is_far_away_is_looked_for_no_further_than_a_page(
    database: Database, rules: Rules, many: Ticket
) -> None:
    asked = Asked(OVERSEER, "all", {"channel": "letter"}, NOW)
    near = await queues.following(database, rules, asked, "")
    assert near is not None
    assert near.code == ""
    page = await queues.page_of(database, rules, asked, near.place)
    assert [each["tracking_code"] for each in page["items"]] == [many.code]


async def test_next_of_closed_ones_is_the_one_that_came_before(database: Database, rules: Rules) -> None:
    ended = State(3, None, "closed", "settled")
    older, middle, newer = (a_ticket(rules, ended, opened_at=NOW - timedelta(days=days)) for days in (3, 2, 1))
    await put(database, rules, middle, older, newer)
    asked = Asked(OVERSEER, "all", {"status": "closed"}, NOW)
    page = await queues.page_of(database, rules, asked)
    assert [each["tracking_code"] for each in page["items"]] == [newer.code, middle.code, older.code]
    following = await queues.following(database, rules, asked, middle.code)
    assert following is not None
    assert following.code == older.code
