"""What is measured of tickets with a past (closed, opened again, sent elsewhere, moved) against counting every row."""

from __future__ import annotations

import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gateway.web.desk.dashboard_measures import Measured, measure
from normalizer.day import TEHRAN, tehran_day
from tests.support.staging import NOW, a_ticket, put, shipped_rules
from ticketing import stepping
from ticketing.body_register import body_register
from ticketing.database import Database
from ticketing.figures import DIMENSIONS, Scope
from ticketing.measuring import Span
from ticketing.measuring_period import Period
from ticketing.measuring_record import merging_outcomes
from ticketing.performance import Group, Performance
from ticketing.rules import Rules
from ticketing.tables import events, tickets
from ticketing.ticket import Ticket, load, save
from ticketing.transaction import UnitTransaction

PERIOD = Period(tehran_day(NOW) - timedelta(days=29), tehran_day(NOW))
BODIES = ("23-01-union", "23-01-chamber", "02-07-union", "nobody-knows")
ENDS = {"consumer": ("settled", "verdict", "merged", "withdrawn"), "guild_body": ("upheld", "rejected", "withdrawn")}
Row = Any


def some_ticket(rules: Rules, dice: random.Random) -> Ticket:
    return a_ticket(
        rules,
        procedure=dice.choice(["consumer", "guild_body"]),
        addressee=dice.choice(BODIES),
        opened_at=NOW - timedelta(seconds=dice.randrange(90 * 86_400)),
        organisation=dice.choice(["23", "02", ""]),
        channel=dice.choice(["phone", "web"]),
        category=dice.choice(["fraud", "overcharging", None]),
    )


async def live(tx: UnitTransaction, rules: Rules, ticket: Ticket, dice: random.Random) -> None:
    """So many things happen to a ticket one after the other, as the gateway itself keeps them, up to now."""
    at = ticket.opened_at
    for _ in range(dice.randrange(7)):
        at += timedelta(seconds=dice.randrange(1, 12 * 86_400))
        if at >= NOW:
            break
        if not ticket.is_open:
            ticket.record("rated", "citizen", at, rating=dice.randrange(1, 6))
            if dice.random() < 0.6:
                ticket.open_again()
                ticket.record("reopen", "one", at)
        elif dice.random() < 0.3:
            ticket.late_at = ticket.late_at or at
        elif dice.random() < 0.3:
            ticket.organisation, ticket.category = dice.choice(["23", "01"]), "fraud"
        elif dice.random() < 0.3:
            ticket.procedure, ticket.addressee = dice.choice([("consumer", None), ("guild_body", dice.choice(BODIES))])
        else:
            ticket.waiting_for = dice.choice(["evaluator", "citizen", None])
            ticket.due_at = dice.choice([None, at - timedelta(days=1), at + timedelta(days=1)])
            await stepping.close(tx, rules, ticket, dice.choice(ENDS[ticket.procedure]), at, "gateway", is_told=True)
    await save(tx, rules.vault, ticket, at)


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    return shipped_rules(tmp_path)


@pytest.fixture
async def measured(database: Database, rules: Rules) -> Measured:
    dice = random.Random(1399)
    staged = [some_ticket(rules, dice) for _ in range(150)]

    async def work(tx: UnitTransaction) -> None:
        for ticket in staged:
            await live(tx, rules, await load(tx, rules.vault, ticket.id), dice)

    await put(database, rules, *staged)
    await database.write(work)
    return await measure(Scope(database.read, rules, (), NOW), PERIOD)


class Plainly:
    """Counts by going through every row."""

    def __init__(self, rules: Rules, rows: Iterable[Row], happened: Iterable[Row]) -> None:
        self.rules, self.rows, self.happened = rules, list(rows), list(happened)
        self.by_id = {row["id"]: row for row in self.rows}

    def of(self, span: Span, moment: str) -> list[Row]:
        return [row for row in self.rows if row[moment] and span.since <= row[moment] < span.until]

    def own(self, span: Span) -> list[Row]:
        return [row for row in self.of(span, "closed_at") if row["outcome"] not in merging_outcomes(self.rules)]

    def events(self, span: Span, kind: str) -> list[Row]:
        return [row for row in self.happened if row["kind"] == kind and span.since <= row["at"] < span.until]

    def is_late(self, ticket: Row) -> bool:
        return bool(ticket["late_at"] and ticket["late_at"] < ticket["closed_at"])

    def headline(self, span: Span, key: Callable[[Row], Any]) -> dict[str, dict[Any, list[int]]]:
        own, ratings = self.own(span), self.events(span, "rated")
        rated = [(self.by_id[row["ticket_id"]], row["data"]["rating"]) for row in ratings]
        again = {row["ticket_id"] for row in self.events(span, "reopen")}
        return {
            "received": summed((key(row), 1) for row in self.of(span, "opened_at")),
            "closed": summed((key(row), 1) for row in self.of(span, "closed_at")),
            "punctual": summed((key(row), 1, self.is_late(row)) for row in own),
            "rated": summed((key(row), 1, rating) for row, rating in rated),
            "reopened": summed((key(self.by_id[ident]), 1) for ident in again),
        }

    def days(self, span: Span, key: Callable[[Row], Any]) -> dict[Any, tuple[int, float]]:
        taken: dict[Any, list[int]] = defaultdict(list)
        for row in self.own(span):
            taken[key(row)].append(int(row["closed_at"].timestamp()) - int(row["opened_at"].timestamp()))
        return {name: (len(each), statistics.median(each) / 86_400) for name, each in taken.items()}

    def were_open(self, at: datetime) -> int:
        return sum(row["opened_at"] < at and (not row["closed_at"] or row["closed_at"] >= at) for row in self.rows)

    def review(self, span: Span, at: datetime) -> dict[Group, Performance]:
        groups: dict[Group, Performance] = defaultdict(Performance)
        for row in self.of(span, "opened_at"):
            if row["procedure"] == "guild_body" and row["addressee"]:
                body = body_register().body(row["addressee"])
                self._add(groups[Group(body.organisation, body.kind) if body else Group("", "")], row, at)
        return groups

    def _add(self, group: Performance, row: Row, at: datetime) -> None:
        late_at, closed_at = row["late_at"], row["closed_at"] if row["closed_at"] and row["closed_at"] < at else None
        is_late = bool(late_at and late_at < at and (row["closed_at"] is None or late_at < row["closed_at"]))
        group.registered += 1
        if closed_at is None:
            group.delayed, group.in_progress = group.delayed + is_late, group.in_progress + (not is_late)
        elif row["outcome"] not in self.rules.procedures["guild_body"].answered:
            group.otherwise += 1
        else:
            group.outcomes[row["outcome"]] += 1
            group.on_time += not is_late
            days = tehran_day(row["opened_at"]), tehran_day(closed_at)
            group.days[self.rules.deadlines.calendar.worked_between(*days)] += 1
        if body_register().body(row["addressee"]):
            given = [
                each for each in self.events(Span(row["opened_at"], at), "rated") if each["ticket_id"] == row["id"]
            ]
            group.add(Performance(ratings=len(given), rated=sum(each["data"]["rating"] for each in given)))


def summed(rows: Iterable[tuple[Any, ...]]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    for key, *counts in rows:
        found[key] = [one + int(other) for one, other in zip(found.get(key, [0] * len(counts)), counts, strict=True)]
    return found


def local_day(at: datetime) -> int:
    return (at.astimezone(TEHRAN).date() - date(1970, 1, 1)).days


async def test_every_figure_is_what_counting_every_row_gives(database: Database, measured: Measured) -> None:
    rules = measured.scope.rules
    plainly = Plainly(rules, await database.read(select(tickets)), await database.read(select(events)))
    spans = {"": measured.period.span, "_before": measured.before}
    for suffix, span in spans.items():
        for name in ("", *DIMENSIONS):
            expected = plainly.headline(span, lambda row, name=name: row[name] if name else None)
            found = {code: measured.results[f"{code}{suffix}"].by(name) for code in expected}
            assert found == expected
    span = spans[""]
    assert measured.results["waiting_before"].total() == [plainly.were_open(span.since)]
    for name in DIMENSIONS:
        medians = plainly.days(span, lambda row, name=name: row[name])
        assert {key: (each.of, each.days) for key, each in measured.results[f"days_{name}"].items()} == medians
        days = Counter((row[name], local_day(row["opened_at"])) for row in plainly.of(span, "opened_at"))
        by_day = measured.results[f"by_day_{name}"]
        assert {(key, day): count for key, counts in by_day.items() for day, count in counts.items()} == days
    (review,) = measured.results["reviews"]
    so_far, before = PERIOD.so_far(NOW), PERIOD.before(NOW)
    assert review.now == plainly.review(so_far, NOW)
    assert review.before == plainly.review(before, NOW - (so_far.since - before.since))
    total = review.total()
    assert min(total.delayed, total.in_progress, total.otherwise, total.answered - total.on_time, total.ratings) > 0
