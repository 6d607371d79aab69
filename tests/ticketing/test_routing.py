"""Rules of routing: the first that fits, what is only suggested, and wrong keys by name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.staging import a_ticket
from ticketing.procedure_files import load_procedures
from ticketing.routing import Choice, Routing
from ticketing.rules import Rules
from ticketing.wrong_key import WrongKey

PROCEDURES = load_procedures()
HOARDING = {"category": "hoarding", "route": "inspection", "automatic": True}


def routing(*rules: dict[str, Any]) -> Routing:
    return Routing.from_settings(rules, PROCEDURES.values())


@pytest.mark.parametrize(
    ("rule", "ticket", "fits"),
    [
        ({"category": ["fraud", "hoarding"]}, {"category": "hoarding"}, True),
        ({"category": "fraud"}, {"category": "hoarding"}, False),
        ({"province": "23"}, {"province": None}, False),
        ({"organisation": "08S"}, {"organisation": "08S"}, True),
        ({"channel": ["sms", "web"]}, {"channel": "web"}, True),
        ({"procedure": "consumer"}, {}, True),
        ({"min_amount_rial": 500}, {"damages_rial": 500}, True),
        ({"min_amount_rial": 500}, {"damages_rial": 499}, False),
        ({"min_amount_rial": 500}, {"damages_rial": None}, False),
        ({"has_guild_id": True}, {"business_guild_id": "1234567890"}, True),
        ({"has_guild_id": False}, {"business_guild_id": "1234567890"}, False),
        ({"category": "fraud", "province": "01"}, {"category": "fraud"}, False),
        ({}, {}, True),
    ],
)
def test_every_condition_must_hold(rules: Rules, rule: dict[str, Any], ticket: dict[str, Any], fits: bool) -> None:
    chosen = routing(rule | {"route": "penalties"}).choose(a_ticket(rules, **ticket), None)
    assert chosen == (Choice("penalties", "rule 1") if fits else None)


def test_the_first_rule_wins_then_the_category_then_nothing(rules: Rules) -> None:
    rule_book = routing(HOARDING, {"category": "hoarding", "route": "penalties"})
    hoarding, fraud = a_ticket(rules, category="hoarding"), a_ticket(rules, category="fraud")
    assert rule_book.choose(hoarding, None) == Choice("inspection", "rule 1", automatic=True)
    assert rule_book.choose(fraud, rules.categories["fraud"]) == Choice("self_regulation", "category")
    assert rule_book.choose(fraud, rules.categories["other"]) is None


def test_a_body_is_written_as_staff_have_it() -> None:
    assert routing({"route": "self_regulation", "body": "ASNAF-THR"}).rules[0].body == "asnaf-thr"


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        ({"route": "court"}, "routing.rules.1.route"),
        ({"procedure": "nothing", "route": "inspection"}, "routing.rules.1.procedure"),
        ({"category": "theft", "route": "inspection"}, "routing.rules.1.category"),
        ({"province": ["23", "99"], "route": "inspection"}, "routing.rules.1.province"),
        ({"organisation": "09S", "route": "inspection"}, "routing.rules.1.organisation"),
        ({"min_amount_rial": -1, "route": "inspection"}, "routing.rules.1.min_amount_rial"),
        ({"has_guild_id": "yes", "route": "inspection"}, "routing.rules.1.has_guild_id"),
        ({"body": "اتحادیه", "route": "inspection"}, "routing.rules.1.body"),
        ({"colour": "red", "route": "inspection"}, "routing.rules.1.colour"),
        ({}, "routing.rules.1.route"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_key(rule: dict[str, Any], key: str) -> None:
    with pytest.raises(WrongKey) as refusal:
        routing(HOARDING, rule)
    assert refusal.value.key == key
