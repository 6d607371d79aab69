"""Who sees what: organisations, bodies, inspectors and clerks kept apart, in lists, by code, and in actions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.staging import NOW, a_ticket, act, hire, member, put
from ticketing import desk
from ticketing.database import Database
from ticketing.errors import Invalid, NotFound
from ticketing.roles import ROLES
from ticketing.rules import Rules
from ticketing.staff import Staff

ORGANISATIONS = ("23", "01", "08", "08S", "")
ME = 7_000_001
# Written out by hand: for each member of staff, which of the tickets below they see.
CHAMBER = "01-05-chamber"
TICKETS: dict[str, dict[str, Any]] = {
    "tehran": {"organisation": "23"},
    "gilan": {"organisation": "01", "province": "01"},
    "kerman": {"organisation": "08", "province": "08"},
    "south": {"organisation": "08S", "province": "08"},
    "nowhere": {"organisation": "", "province": None},
    "gilan filed by me": {"organisation": "01", "filed_by": ME},
    "tehran at a body": {"organisation": "23", "body": "asnaf-thr"},
    "tehran at any body": {"organisation": "23", "body": ""},
    "gilan at that body": {"organisation": "01", "body": "asnaf-thr"},
    "gilan dispatched to me": {"organisation": "01", "inspector": ME},
    "tehran referred": {"organisation": "23", "case_number": "1405-000001"},
    "union of gilan": {
        "organisation": "01",
        "province": "01",
        "procedure": "guild_body",
        "body": CHAMBER,
        "addressee": "01-05-union",
    },
    "request to mazandaran": {"organisation": "02", "province": "02", "procedure": "request"},
    "case of alborz": {"organisation": "30", "province": "30", "procedure": "council"},
    "gilan referred": {"organisation": "01", "case_number": "1405-000002"},
}
TEHRAN = {"tehran", "tehran at a body", "tehran at any body", "tehran referred"}
SEEN: list[tuple[Staff, set[str]]] = [
    *((member(role, "23", id=ME), TEHRAN) for role in ("evaluator", "dispatcher", "supervisor", "admin")),
    (member("operator", "", id=ME), set(TICKETS) - {"union of gilan", "case of alborz"}),
    (member("evaluator", "", id=ME), set(TICKETS) - {"union of gilan", "request to mazandaran", "case of alborz"}),
    *((member(role, "", id=ME), set(TICKETS)) for role in ("supervisor", "admin")),
    *((member("liaison", organisation, id=ME), {"union of gilan"}) for organisation in ("01", "")),
    (member("liaison", "23", id=ME), set()),
    *(
        (member(role, of, id=ME), {"request to mazandaran"})
        for role in ("service_clerk", "office")
        for of in ("02", "")
    ),
    *((member(role, "30", id=ME), {"case of alborz"}) for role in ("council_secretary", "council_chair")),
    (member("council_secretary", "23", id=ME), set()),
    (member("service_clerk", "23", id=ME), set()),
    (member("responder", "01", id=ME, body=CHAMBER), {"union of gilan"}),
    (member("responder", "01", id=ME, body="01-05-union"), set()),
    (member("responder", "01", id=ME, body="01-05-county_commission"), set()),
    (member("operator", "23", id=ME), TEHRAN | {"gilan filed by me"}),
    (member("evaluator", "08", id=ME), {"kerman"}),
    (member("evaluator", "08S", id=ME), {"south"}),
    (member("self_regulator", "23", id=ME), {"tehran at a body", "tehran at any body"}),
    (member("self_regulator", "23", id=ME, body="asnaf-thr"), {"tehran at a body"}),
    (member("self_regulator", "", id=ME, body="asnaf-thr"), {"tehran at a body", "gilan at that body"}),
    (member("self_regulator", "23", id=ME, body="other"), set()),
    (member("inspector", "23", id=ME), {"gilan dispatched to me"}),
    (member("inspector", "01"), set()),
    (member("penalties_clerk", "23", id=ME), {"tehran referred"}),
    (member("penalties_clerk", "", id=ME), {"tehran referred", "gilan referred"}),
    (member("stranger", "", id=ME), set()),
]


def described(staff: Staff) -> str:
    return f"{staff.role} of {staff.organisation or 'the nation'} {staff.body or ''}".strip()


@pytest.fixture
async def codes(database: Database, rules: Rules) -> dict[str, str]:
    """Every ticket's name by its code."""
    staged = {name: a_ticket(rules, **changes) for name, changes in TICKETS.items()}
    await put(database, rules, *staged.values())
    return {ticket.code: name for name, ticket in staged.items()}


@pytest.mark.parametrize("case", SEEN, ids=lambda case: described(case[0]))
async def test_threat_54_staff_see_what_is_theirs_and_nothing_else(
    database: Database, rules: Rules, codes: dict[str, str], case: tuple[Staff, set[str]]
) -> None:
    staff, expected = case
    listed = await desk.list_tickets(database, rules, staff, {}, NOW)
    assert {codes[item["tracking_code"]] for item in listed["items"]} == expected
    for code, name in codes.items():
        found = await desk.list_tickets(database, rules, staff, {"q": code}, NOW)
        assert len(found["items"]) == (name in expected)
        if name in expected:
            assert (await desk.get_ticket(database, rules, staff, code, NOW))["tracking_code"] == code
        else:
            with pytest.raises(NotFound):
                await desk.get_ticket(database, rules, staff, code, NOW)
            with pytest.raises(NotFound):
                await act(database, rules, staff, code, "note", text="x")


async def test_absent_and_hidden_tickets_are_refused_alike(
    database: Database, rules: Rules, codes: dict[str, str]
) -> None:
    hidden = next(code for code, name in codes.items() if name == "gilan")
    refusals = []
    for code in (hidden, "314159265355", "nonsense", "\x00", ""):
        with pytest.raises(NotFound) as refusal:
            await desk.get_ticket(database, rules, member("admin"), code, NOW)
        refusals.append((type(refusal.value), refusal.value.code, refusal.value.args))
    assert len(set(refusals)) == 1


async def test_a_ticket_is_not_joined_into_one_out_of_sight(
    database: Database, rules: Rules, codes: dict[str, str]
) -> None:
    by_name = {name: code for code, name in codes.items()}
    with pytest.raises(Invalid) as refusal:
        await act(database, rules, member("evaluator"), by_name["tehran"], "join", tracking_code=by_name["gilan"])
    assert [(error.field, error.code) for error in refusal.value.errors] == [("tracking_code", "no_such_ticket")]


async def test_an_administrator_reads_notes_and_reveals_and_does_nothing_else(database: Database, rules: Rules) -> None:
    ticket = a_ticket(rules)
    await put(database, rules, ticket)
    await hire(database, rules.vault, member("admin", id=ME))
    seen = await desk.get_ticket(database, rules, member("admin", id=ME), ticket.code, NOW)
    assert seen["allowed_actions"] == ["note", "reveal"]
    assert {staff.role for staff, _ in SEEN} >= set(ROLES)
