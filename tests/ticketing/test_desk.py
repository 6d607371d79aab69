"""Lists of tickets: filters, search, pages; and what a line and a whole ticket hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.support.staging import NOW, PHONE, a_ticket, hire, member, put
from ticketing import desk
from ticketing.database import Database
from ticketing.errors import Invalid
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.ticket import Identity

EVALUATOR = member("evaluator", "", id=501)
OPERATOR = member("operator", "", id=502)
LATE = {"due_at": NOW - timedelta(hours=1)}
STAGED: dict[str, dict[str, Any]] = {
    "milk": {"text": "شیر ۱۰۰٪ تقلبی بود", "business_name": "لبنیات بهار", "category": "fraud", **LATE},
    "oil": {"text": "روغن_گران under_score", "route": "inspection", "state": State(2, "dispatcher"), "channel": "sms"},
    "meat": {"text": "گوشت", "province": "01", "organisation": "01", "filed_by": 502},
    "bread": {"text": "نان", "state": State(3, None, "closed", "settled"), "identity": Identity(phone="+989351112233")},
    "sent": {"text": "برنج", "state": State(4, "inspector"), "inspector": 502, "business_address": "خیابان ولیعصر"},
}
EVERYONE = list(STAGED)[::-1]
FIELDS = {
    *("tracking_code", "channel", "procedure", "step", "step_number", "status", "waiting_for", "category"),
    *("organisation", "route", "outcome", "due_on", "version"),
}


@pytest.fixture
async def codes(database: Database, rules: Rules) -> dict[str, str]:
    """Every ticket's code by its name."""
    staged = {name: a_ticket(rules, **changes) for name, changes in STAGED.items()}
    await put(database, rules, *staged.values())
    return {name: ticket.code for name, ticket in staged.items()}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, EVERYONE),
        ({"step": "2"}, ["meat", "oil", "milk"]),
        ({"step": "۲"}, ["meat", "oil", "milk"]),
        ({"step": "registered"}, ["meat", "oil", "milk"]),
        ({"step": "dispatched"}, ["sent"]),
        ({"status": "closed"}, ["bread"]),
        ({"waiting_for": "dispatcher"}, ["oil"]),
        ({"route": "inspection"}, ["oil"]),
        ({"province": "01"}, ["meat"]),
        ({"organisation": "01"}, ["meat"]),
        ({"category": "fraud"}, ["milk"]),
        ({"channel": "sms"}, ["oil"]),
        ({"overdue": True}, ["milk"]),
        ({"overdue": "true"}, ["milk"]),
        ({"overdue": "0"}, ["sent", "bread", "meat", "oil"]),
        ({"mine": "true"}, ["meat", "milk"]),
        ({"mine": False}, EVERYONE),
        ({"q": "روغن"}, ["oil"]),
        ({"q": "شير"}, ["milk"]),
        ({"q": "لبنیات تقلبی"}, ["milk"]),
        ({"q": "ولیعصر"}, ["sent"]),
        ({"q": "%"}, []),
        ({"q": "100%"}, ["milk"]),
        ({"q": "_score"}, ["oil"]),
        ({"q": "UNDER"}, ["oil"]),
        ({"q": "r_s"}, []),
        ({"q": "لبن تقل"}, ["milk"]),
        ({"q": "قلبی"}, []),
        ({"q": "* NOT OR AND \"' |&!:()"}, []),
        ({"q": "' OR 1=1 --"}, []),
        ({"q": '"; DROP TABLE tickets; --'}, []),
        ({"q": "/"}, []),
        ({"q": "0935 111 2233"}, ["bread"]),
        ({"q": ""}, EVERYONE),
        ({"step": "2", "category": "overcharging", "q": "گوشت"}, ["meat"]),
    ],
)
async def test_threat_58_filters_find_and_are_parameters_only(
    database: Database, rules: Rules, codes: dict[str, str], filters: dict[str, Any], found: list[str]
) -> None:
    names = {code: name for name, code in codes.items()}
    listed = await desk.list_tickets(database, rules, EVALUATOR, filters, NOW)
    assert [names[item["tracking_code"]] for item in listed["items"]] == found
    assert listed["next_cursor"] is None


PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@pytest.mark.parametrize(
    "spell",
    [
        str,
        lambda code: f" {code} ",
        lambda code: f"{code[:4]}-{code[4:8]} {code[8:]}",
        lambda code: code.translate(PERSIAN),
    ],
    ids=["plain", "with spaces around", "in fours", "in Persian digits"],
)
async def test_a_code_finds_its_ticket_however_it_is_written(
    database: Database, rules: Rules, codes: dict[str, str], spell: Callable[[str], str]
) -> None:
    listed = await desk.list_tickets(database, rules, EVALUATOR, {"q": spell(codes["bread"])}, NOW)
    assert [item["tracking_code"] for item in listed["items"]] == [codes["bread"]]


async def test_mine_is_what_i_filed_was_sent_or_am_waited_for(
    database: Database, rules: Rules, codes: dict[str, str]
) -> None:
    listed = await desk.list_tickets(database, rules, OPERATOR, {"mine": True}, NOW)
    assert {item["tracking_code"] for item in listed["items"]} == {codes["meat"], codes["sent"]}


@pytest.mark.parametrize(
    ("filters", "errors"),
    [
        ({"step": "8"}, {"step": "not_allowed"}),
        ({"step": "0"}, {"step": "not_allowed"}),
        ({"route": "court"}, {"route": "not_allowed"}),
        ({"province": "۲۳"}, {"province": "not_allowed"}),
        ({"category": "x' OR '1'='1"}, {"category": "not_allowed"}),
        ({"status": "lost"}, {"status": "not_allowed"}),
        ({"overdue": "maybe"}, {"overdue": "wrong_type"}),
        ({"limit": "0", "cursor": "!!"}, {"limit": "out_of_range", "cursor": "wrong_value"}),
        ({"limit": "many"}, {"limit": "out_of_range"}),
        ({"limit": "000"}, {"limit": "out_of_range"}),
        ({"limit": "1.5"}, {"limit": "out_of_range"}),
        ({"limit": "-1"}, {"limit": "out_of_range"}),
        ({"cursor": "AAAA"}, {"cursor": "wrong_value"}),
        ({"cursor": "é"}, {"cursor": "wrong_value"}),
        ({"q": "\x00"}, {"q": "wrong_value"}),
        ({"q": "\ud800"}, {"q": "wrong_value"}),
        ({"q": "x" * 201}, {"q": "too_long"}),
        ({"sort": "id; DROP TABLE tickets"}, {"sort": "unknown_field"}),
    ],
)
async def test_a_bad_filter_is_named(
    database: Database, rules: Rules, filters: dict[str, Any], errors: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        await desk.list_tickets(database, rules, EVALUATOR, filters, NOW)
    assert {error.field: error.code for error in refusal.value.errors} == errors


@pytest.mark.parametrize("limit", [201, "201", "٢٠١", "0" * 50 + "1", "9" * 5000])
async def test_a_limit_above_the_most_is_the_most(database: Database, rules: Rules, limit: Any) -> None:
    await put(database, rules, a_ticket(rules))
    listed = await desk.list_tickets(database, rules, EVALUATOR, {"limit": limit}, NOW)
    assert (len(listed["items"]), listed["next_cursor"]) == (1, None)


@pytest.mark.parametrize("value", ["true", "True", "1", "yes", "YES", "۱", True])
@pytest.mark.parametrize("name", ["overdue", "mine"])
async def test_a_truth_may_be_written_in_any_usual_way(database: Database, rules: Rules, name: str, value: Any) -> None:
    said = await desk.list_tickets(database, rules, EVALUATOR, {name: value}, NOW)
    denied = await desk.list_tickets(database, rules, EVALUATOR, {name: "No"}, NOW)
    assert said == denied == {"items": [], "next_cursor": None}


async def test_pages_follow_one_another_whatever_arrives_meanwhile(database: Database, rules: Rules) -> None:
    staged = [a_ticket(rules) for _ in range(7)]
    await put(database, rules, *staged)
    seen: list[str] = []
    page: dict[str, Any] = {"next_cursor": ""}
    while page["next_cursor"] is not None:
        page = await desk.list_tickets(database, rules, EVALUATOR, {"limit": "3", "cursor": page["next_cursor"]}, NOW)
        seen += [item["tracking_code"] for item in page["items"]]
        await put(database, rules, a_ticket(rules))
    assert seen == [ticket.code for ticket in reversed(staged)]


async def test_a_line_has_the_contracts_fields_and_no_identity(
    database: Database, rules: Rules, codes: dict[str, str]
) -> None:
    listed = await desk.list_tickets(database, rules, EVALUATOR, {"q": codes["milk"]}, NOW)
    line = listed["items"][0]
    assert set(line) >= FIELDS
    assert (line["due_on"], line["overdue"], line["version"]) == ("2026-11-21", True, 1)
    assert "زهرا" not in repr(line)
    assert PHONE not in repr(line)


async def test_a_whole_ticket_has_the_contracts_parts(database: Database, rules: Rules) -> None:
    await hire(database, rules.vault, OPERATOR)
    ticket = a_ticket(rules, filed_by=OPERATOR.id)
    await put(database, rules, ticket)
    seen = await desk.get_ticket(database, rules, EVALUATOR, f" {ticket.code[:4]}-{ticket.code[4:]}", NOW)
    parts = {"facts", "timeline", "notices", "reports", "missing", "allowed_actions", "attachments"}
    assert set(seen) >= FIELDS | parts
    assert seen["filed_by"] == "operator"
    assert seen["suggested_route"] == "self_regulation"
    assert seen["facts"]["text"] == ticket.text
    assert [event["kind"] for event in seen["timeline"]] == ["opened"]
    assert seen["allowed_actions"] == ["evaluate", "transfer", "withdraw", "note", "reveal", "join", "unjoin_report"]
