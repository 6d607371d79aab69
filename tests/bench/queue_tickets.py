"""Tickets by the hundred thousand for the bench of the queue: rows as intake writes them, without their events.

Every ticket says `EVERY`, a third of them `COMMON`, one in five thousand `RARE`; the other words are as uneven as a
language's. They came in one a minute until `NOW`; a fifth of them are open.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from normalizer.complaint import CATEGORIES
from normalizer.tracking_code import make_code
from tests.support.reports import shipped_rules
from ticketing.ids import first_id_of
from ticketing.organisations import PROVINCE_CODES

NOW: Final = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
EVERY: Final = "شکایت"
COMMON: Final = "گران"
RARE: Final = "شاه‌توت"
SHOPS: Final = ("سوپرمارکت", "لبنیات", "نانوایی", "فروشگاه", "قصابی", "داروخانه")
_COMMON_SHARE: Final = 0.3
_RARE_SHARE: Final = 0.0002
_OPEN_SHARE: Final = 0.2
_WAITING: Final = (("evaluator", 2), ("self_regulator", 3), ("dispatcher", 2), ("inspector", 4), ("penalties_clerk", 6))
_OUTCOMES: Final = ("settled", "no_violation", "verdict", "unrelated", "withdrawn")
_SYLLABLES: Final = ("با", "را", "سی", "مان", "دار", "کش", "نو", "پر", "گل", "تا", "زین", "خو", "شی", "لا", "مه", "رو")
_WORDS: Final = 20_000
_WORDS_A_TEXT: Final = 15
_TEXTS_AT_ONCE: Final = 1000
"""Choosing by weight pays in bulk."""


def rows(count: int) -> Iterator[dict[str, Any]]:
    """The rows of `count` tickets, the oldest first; the same ones each time."""
    chance, vault = random.Random(1399), shipped_rules().vault
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(_WORDS)]
    texts = _texts(chance, vocabulary)
    for number in range(count):
        opened_at = NOW - timedelta(minutes=count - number)
        ident, province = first_id_of(opened_at), chance.choice(PROVINCE_CODES)
        yield {
            "id": ident,
            "code": vault.seal("tickets.code", ident, make_code(chance.randrange)),
            "code_index": chance.randbytes(32),
            "procedure": "consumer",
            "language": "fa",
            "channel": chance.choice(("web", "sms", "phone")),
            "category": chance.choice(CATEGORIES),
            "organisation": province,
            "province": province,
            "phone_index": vault.index("phone", f"+98912{number % 500_000:07d}"),
            "text": next(texts),
            "business_address": None,
            "county": None,
            "filed_by": None,
            "business_name": f"{chance.choice(SHOPS)} {chance.choice(vocabulary)}",
            "opened_at": opened_at,
            "updated_at": opened_at,
            "last_event": 1,
            "last_hash": b"-",
            "version": 1,
            "account": "",
            "anonymous": False,
            "urgent": False,
            "missing": [],
            **_state(chance, opened_at),
        }


def _texts(chance: random.Random, vocabulary: list[str]) -> Iterator[str]:
    weights = [1 / (place + 10) for place in range(len(vocabulary))]
    while True:
        said = iter(chance.choices(vocabulary, weights, k=_WORDS_A_TEXT * _TEXTS_AT_ONCE))
        for _ in range(_TEXTS_AT_ONCE):
            words = [EVERY, *(next(said) for _ in range(_WORDS_A_TEXT))]
            words += [COMMON] * (chance.random() < _COMMON_SHARE) + [RARE] * (chance.random() < _RARE_SHARE)
            yield " ".join(words)


def _state(chance: random.Random, opened_at: datetime) -> dict[str, Any]:
    if chance.random() > _OPEN_SHARE:
        ended = {"step": 7, "status": "closed", "waiting_for": None, "outcome": chance.choice(_OUTCOMES)}
        closed_at = min(opened_at + timedelta(minutes=chance.randint(600, 30_000)), NOW)
        return {**ended, "closed_at": closed_at, "due_at": None, "assignee": None}
    waiting_for, step = chance.choice(_WAITING)
    due_at = NOW + timedelta(minutes=chance.randint(-2_880, 11_520))
    assignee = chance.choice((None, None, chance.randint(1, 300)))
    waits = {"step": step, "status": "open", "waiting_for": waiting_for, "outcome": None}
    return {**waits, "closed_at": None, "due_at": due_at, "assignee": assignee}
