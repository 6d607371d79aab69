"""Figures from the database against the same ones worked out in plain Python, on random tickets."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from normalizer.day import TEHRAN
from tests.support.staging import NOW, a_ticket, act, close, member, put, today
from ticketing import figures, figures_waiting
from ticketing.database import Database
from ticketing.figures import Scope
from ticketing.measuring import Span
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.tables import tickets
from ticketing.ticket import Ticket

SPAN = Span(NOW - timedelta(days=30), NOW)
SUPERVISOR = member("supervisor", "")
ENDS = ("settled", "verdict", "no_violation", "unrelated", "withdrawn", "merged", "unreachable")


def scope_of(database: Database, rules: Rules, who: Staff = SUPERVISOR, *conditions: Any) -> Scope:
    return Scope(database.read, rules, (criterion(who), *conditions), NOW)


def a_random_ticket(rules: Rules, dice: random.Random) -> Ticket:
    """One opened within the last 80 days, perhaps closed since, perhaps late, perhaps rated."""
    opened = NOW - timedelta(seconds=dice.randrange(80 * 86_400))
    ended = opened + timedelta(seconds=dice.randrange(40 * 86_400))
    is_open = ended >= NOW or dice.random() < 0.2
    outcome = None if is_open else dice.choice(ENDS)
    state = State(dice.randrange(1, 7), "evaluator" if is_open else None, "open" if is_open else "closed", outcome)
    ticket = a_ticket(
        rules,
        state,
        opened_at=opened,
        closed_at=None if is_open else ended,
        due_at=opened + timedelta(days=dice.randrange(1, 90)) if is_open and dice.random() < 0.8 else None,
        organisation=dice.choice(["23", "01", "08S", ""]),
        channel=dice.choice(["phone", "web", "app"]),
        category=dice.choice(["fraud", "overcharging", None]),
    )
    if not is_open:
        ticket.late_at = dice.choice([None, ended - timedelta(hours=1), ended])
        ticket.record("closed", "gateway", ended, outcome=outcome)
    if dice.random() < 0.5:
        ticket.record("rated", "citizen", min(ended, NOW), rating=dice.randrange(1, 6))
    for _ in range(dice.randrange(3)):
        ticket.record("reopen", "one", ended - timedelta(hours=2))
    return ticket


def closed_in(staged: Sequence[Ticket], span: Span, *, merged: bool) -> list[Ticket]:
    ended = [each for each in staged if each.closed_at and span.since <= each.closed_at < span.until]
    return [each for each in ended if merged or each.outcome != "merged"]


def was_late(ticket: Ticket) -> bool:
    return bool(ticket.late_at and ticket.closed_at and ticket.late_at < ticket.closed_at)


def events_in(staged: Sequence[Ticket], span: Span, kind: str) -> list[tuple[Ticket, dict[str, Any]]]:
    happened = [(ticket, event) for ticket in staged for event in ticket.new_events if event["kind"] == kind]
    return [(ticket, event) for ticket, event in happened if span.since <= event["at"] < span.until]


class Staged(list[Ticket]):
    """The tickets as they were before they were saved, which forgets their events."""


@pytest.fixture(params=[1, 2, 3])
async def staged(request: pytest.FixtureRequest, database: Database, rules: Rules) -> Staged:
    dice = random.Random(request.param)
    made = Staged(a_random_ticket(rules, dice) for _ in range(120))
    kept = [list(each.new_events) for each in made]
    await put(database, rules, *made)
    for ticket, events in zip(made, kept, strict=True):
        ticket.new_events = events
    return made


async def test_counts_are_what_plain_counting_gives(database: Database, rules: Rules, staged: Staged) -> None:
    scope = scope_of(database, rules)
    opened = [each for each in staged if each.opened_at >= SPAN.since]
    ended = closed_in(staged, SPAN, merged=True)
    assert (await figures.received(scope, SPAN)).total() == [len(opened)]
    for name in figures.DIMENSIONS:
        counted = (await figures.received(scope, SPAN)).by(name)
        assert {key: sums[0] for key, sums in counted.items()} == Counter(getattr(each, name) for each in opened)
    by_outcome = (await figures.closed(scope, SPAN)).by("outcome")
    assert {key: sums[0] for key, sums in by_outcome.items()} == Counter(each.outcome for each in ended)


async def test_shares_and_ratings_are_what_plain_counting_gives(
    database: Database, rules: Rules, staged: Staged
) -> None:
    scope = scope_of(database, rules)
    own = closed_in(staged, SPAN, merged=False)
    ratings = [event["data"]["rating"] for _, event in events_in(staged, SPAN, "rated")]
    again = {ticket.id for ticket, _ in events_in(staged, SPAN, "reopen")}
    assert (await figures.punctual(scope, SPAN)).total() == [len(own), sum(map(was_late, own))]
    assert (await figures.rated(scope, SPAN)).total() == [len(ratings), sum(ratings)]
    assert (await figures.reopened(scope, SPAN)).total() == [len(again)]


async def test_medians_are_what_plain_python_gives(database: Database, rules: Rules, staged: Staged) -> None:
    scope = scope_of(database, rules)
    own = closed_in(staged, SPAN, merged=False)

    def taken(of: list[Ticket]) -> float:
        whole = [int(each.closed_at.timestamp()) - int(each.opened_at.timestamp()) for each in of if each.closed_at]
        return statistics.median(whole) / 86_400

    everything = (await figures.days_to_close(scope, SPAN))[None]
    assert (everything.of, everything.days) == (len(own), pytest.approx(taken(own)))
    for name in figures.DIMENSIONS:
        found = await figures.days_to_close(scope, SPAN, name)
        for key in {getattr(each, name) for each in own}:
            group = [each for each in own if getattr(each, name) == key]
            assert (found[key].of, found[key].days) == (len(group), pytest.approx(taken(group)))


async def test_what_is_open_and_overdue_is_what_plain_counting_gives(
    database: Database, rules: Rules, staged: Staged
) -> None:
    scope = scope_of(database, rules)
    now = [each for each in staged if each.is_open]
    late = [each.due_at for each in now if each.due_at and each.due_at < NOW]
    expected = [len(now), len(late), sum(due >= SPAN.since for due in late)]
    assert (await figures.waiting(scope, SPAN.since)).total() == expected
    then = [
        each
        for each in staged
        if each.opened_at < SPAN.since and (each.closed_at is None or each.closed_at >= SPAN.since)
    ]
    assert (await figures.were_open(scope, SPAN.since)).total() == [len(then)]
    listed = await figures_waiting.most_overdue(scope)
    assert [line["due_at"] for line in listed] == sorted(late)[: figures_waiting.MOST_LISTED]


async def test_hours_and_days_are_those_of_tehran(database: Database, rules: Rules, staged: Staged) -> None:
    scope = scope_of(database, rules)

    def local(moment: datetime) -> tuple[int, int]:
        at = moment.astimezone(TEHRAN)
        return (at.date() - datetime(1970, 1, 1, tzinfo=TEHRAN).date()).days, at.hour

    opened = [each for each in staged if each.opened_at >= SPAN.since]
    expected = Counter(local(each.opened_at) for each in opened)
    found = await figures.received_by_hour(scope, SPAN)
    assert {(day, hour): count for day, hour, count in found} == expected
    by_day = await figures.by_day(scope, SPAN, "opened_at", "channel")
    for channel in {each.channel for each in opened}:
        assert by_day[channel] == Counter(local(each.opened_at)[0] for each in opened if each.channel == channel)


async def test_staff_of_an_organisation_count_their_own(database: Database, rules: Rules, staged: Staged) -> None:
    mine = scope_of(database, rules, member("supervisor", "01"))
    assert set((await figures.received(mine, SPAN)).by("organisation")) == {"01"}
    nobody = scope_of(database, rules, member("nobody", ""))
    assert (await figures.received(nobody, SPAN)).total() == []
    assert await figures.days_to_close(nobody, SPAN) == {}


async def test_filters_narrow_every_figure(database: Database, rules: Rules, staged: Staged) -> None:
    narrow = scope_of(database, rules, SUPERVISOR, tickets.c.channel == "app")
    ratings = [event for ticket, event in events_in(staged, SPAN, "rated") if ticket.channel == "app"]
    assert set((await figures.closed(narrow, SPAN)).by("channel")) == {"app"}
    assert (await figures.rated(narrow, SPAN)).total()[0] == len(ratings)


async def test_steps_say_how_many_wait_how_long(database: Database, rules: Rules) -> None:
    slow, quick = (a_ticket(rules, opened_at=NOW - timedelta(days=days)) for days in (9, 5))
    slow.record("step", "gateway", NOW - timedelta(days=8), number=2, step="registered")
    quick.record("step", "gateway", NOW - timedelta(days=4), number=2, step="registered")
    slow.due_at = NOW - timedelta(seconds=1)
    sent = a_ticket(rules, State(4, "inspector"), opened_at=NOW - timedelta(days=2))
    await put(database, rules, slow, quick, sent)
    first, second = await figures_waiting.by_step(scope_of(database, rules))
    assert (first.step, first.waiting_for, first.count, first.overdue) == (2, "evaluator", 2, 1)
    assert first.days == pytest.approx(6)
    assert (second.step, second.waiting_for, second.count, second.overdue) == (4, "inspector", 1, 0)
    assert second.days == pytest.approx(2)


async def test_a_reopened_tickets_wait_begins_anew(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules, opened_at=NOW - timedelta(days=20))
    await put(database, rules, ticket)
    await close(database, rules, ticket, "unrelated", at=NOW - timedelta(days=10))
    await act(database, rules, SUPERVISOR, ticket, "reopen", NOW - timedelta(days=1))
    (only,) = await figures_waiting.by_step(scope_of(database, rules))
    assert only.days == pytest.approx(1)
    assert (await figures.reopened(scope_of(database, rules), SPAN)).total() == [1]
    assert (await figures.closed(scope_of(database, rules), SPAN)).total() == []


async def test_closing_after_the_deadline_is_late(database: Database, rules: Rules) -> None:
    kept, missed = (a_ticket(rules, opened_at=NOW - timedelta(days=5)) for _ in range(2))
    kept.due_at = kept.rings_at = NOW
    missed.due_at = missed.rings_at = NOW - timedelta(days=1)
    await put(database, rules, kept, missed)
    for ticket in (kept, missed):
        await close(database, rules, ticket, "unrelated", at=NOW - timedelta(hours=1))
    assert (await figures.punctual(scope_of(database, rules), SPAN)).total() == [2, 1]
    assert (await today(database, rules, missed)).outcome == "unrelated"
