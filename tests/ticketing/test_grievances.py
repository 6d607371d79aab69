"""A grievance: a ticket of its own about how a matter was handled, opened by staff for whoever rated it low."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from normalizer.text import digits
from tests.support.reports import text_message
from tests.support.staging import NOW, a_ticket, act, close, hire, member, put, told
from ticketing import desk, queues
from ticketing.database import Database
from ticketing.errors import Conflict
from ticketing.intake import take_in
from ticketing.rules import Rules
from ticketing.surveying import survey
from ticketing.tabs import Asked
from ticketing.ticket import Ticket

SUPERVISOR, EVALUATOR = member("supervisor"), member("evaluator")
LATER = NOW + timedelta(days=1)


async def asked(database: Database, rules: Rules) -> Ticket:
    """A closed ticket whose citizen was asked how it was handled."""
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await close(database, rules, ticket, "settled")
    assert await survey(database, rules, NOW + timedelta(hours=2)) == 1
    return ticket


async def rated_low(database: Database, rules: Rules) -> list[str]:
    """The codes in the evaluator's tab of low ratings, which its count agrees with."""
    wanted = Asked(EVALUATOR, "dissatisfied", {}, LATER)
    found = await queues.page_of(database, rules, wanted)
    assert (await queues.counts_of(database, rules, wanted))["dissatisfied"].count == len(found["items"])
    return [item["tracking_code"] for item in found["items"]]


async def test_staff_open_a_grievance_of_a_low_rating_once(database: Database, rules: Rules) -> None:
    ticket = await asked(database, rules)
    await hire(database, rules.vault, EVALUATOR)
    with pytest.raises(Conflict):
        await act(database, rules, EVALUATOR, ticket, "grieve")
    await take_in(database, rules, text_message("2 دیر رسیدگی شد", received_at=LATER))
    assert "grieve" in (await desk.get_ticket(database, rules, EVALUATOR, ticket.code, NOW))["allowed_actions"]
    assert await rated_low(database, rules) == [ticket.code]
    after = await act(database, rules, EVALUATOR, ticket, "grieve", LATER)
    assert await rated_low(database, rules) == []
    assert "grieve" not in after["allowed_actions"]
    code = after["timeline"][-1]["data"]["ticket"]
    grievance = await desk.get_ticket(database, rules, SUPERVISOR, code, LATER)
    assert (grievance["procedure"], grievance["organisation"], grievance["waiting_for"]) == (
        "request",
        "23",
        "service_clerk",
    )
    assert grievance["facts"]["details"] == {"kind": "grievance", "earlier": ticket.code}
    assert grievance["timeline"][0]["data"]["ticket"] == ticket.code
    assert grievance["timeline"][-1]["data"] == {"note": "دیر رسیدگی شد"}
    assert all(code in re.sub("[^0-9]", "", digits(notice["text"])) for notice in grievance["notices"])
    assert told(grievance) == [("step", 1), ("step", 2)]
    assert after["status"] == "closed"


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_rating_that_is_not_low_opens_no_grievance(database: Database, rules: Rules) -> None:
    ticket = await asked(database, rules)
    await take_in(database, rules, text_message("3", received_at=LATER))
    assert "grieve" not in (await desk.get_ticket(database, rules, EVALUATOR, ticket.code, NOW))["allowed_actions"]
