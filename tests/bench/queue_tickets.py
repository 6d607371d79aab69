"""Tickets by the hundred thousand for the bench of the queue: rows as intake writes them, sent in bulk."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from normalizer.complaint import CATEGORIES
from normalizer.tracking_code import make_code
from tests.support.reports import shipped_rules
from ticketing.database import Database
from ticketing.organisations import PROVINCE_CODES
from ticketing.searching import ticket_words, words_row
from ticketing.tables import tickets
from ticketing.transaction import UnitTransaction

NOW: Final = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
COMMON: Final = "گران"
RARE: Final = "شاه‌توت"
RARE_SHARE: Final = 0.0002
_GROUP: Final = 5000
_OPEN_SHARE: Final = 0.2
_WAITING: Final = (("evaluator", 2), ("self_regulator", 3), ("dispatcher", 2), ("inspector", 4), ("penalties_clerk", 6))
_SYLLABLES: Final = ("با", "را", "سی", "مان", "دار", "کش", "نو", "پر", "گل", "تا", "زین", "خو", "شی", "لا", "مه", "رو")
_SHOPS: Final = ("سوپرمارکت", "لبنیات", "نانوایی", "فروشگاه", "قصابی", "داروخانه")


async def fill(database: Database, count: int) -> None:
    """Put `count` tickets in, a fifth of them open, four fifths of those not overdue, a third of them taken on."""
    rows = _rows(random.Random(1399), count)
    for _ in range(0, count, _GROUP):
        await database.write(_filling(rows))


def _filling(rows: Iterator[dict[str, Any]]) -> Any:
    some = [row for _, row in zip(range(_GROUP), rows, strict=False)]

    async def work(tx: UnitTransaction) -> None:
        for row in some:
            tx.add(tickets, row)
            tx.add(ticket_words, words_row({"business_address": None, "county": None, "filed_by": None, **row}))

    return work


def _rows(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    vault = shipped_rules().vault
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(20_000)]
    weights = [1 / (place + 10) for place in range(len(vocabulary))]
    said: Iterator[str] = iter(())
    for number in range(count):
        if number % 1000 == 0:  # choosing by weight pays in bulk
            said = iter(chance.choices(vocabulary, weights, k=15_000))
        ident = (number + 1) << 22
        words: list[str] = [next(said) for _ in range(15)]
        words += [COMMON] * (chance.random() < 0.3) + [RARE] * (chance.random() < RARE_SHARE)
        code = make_code(chance.randrange)
        province = chance.choice(PROVINCE_CODES)
        yield {
            "id": ident,
            "code": vault.seal("tickets.code", ident, code),
            "code_index": vault.index("code", f"{code}{number}"),
            "procedure": "consumer",
            "channel": chance.choice(("web", "sms", "phone")),
            "language": "fa",
            "category": chance.choice(CATEGORIES),
            "organisation": province,
            "province": province,
            "phone_index": vault.index("phone", f"+98912{number % 500_000:07d}"),
            "text": " ".join(words),
            "business_name": f"{chance.choice(_SHOPS)} {chance.choice(vocabulary)}",
            "opened_at": NOW - timedelta(minutes=count - number),
            "updated_at": NOW,
            "last_event": 1,
            "last_hash": b"-",
            **_state(chance),
        }


def _state(chance: random.Random) -> dict[str, Any]:
    if chance.random() > _OPEN_SHARE:
        return {"step": 7, "status": "closed", "outcome": "settled"}
    waiting_for, step = chance.choice(_WAITING)
    due_at = NOW + timedelta(minutes=chance.randint(-2_880, 11_520))
    assignee = chance.choice((None, None, chance.randint(1, 300)))
    return {"step": step, "status": "open", "waiting_for": waiting_for, "due_at": due_at, "assignee": assignee}
