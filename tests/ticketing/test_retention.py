"""What is past its term is thrown away, and nothing else, however much of it there is."""

from __future__ import annotations

from datetime import timedelta

from tests.support.staging import NOW, hire, member
from tests.support.stored import count_rows
from ticketing.attempt_tables import failures
from ticketing.database import Database
from ticketing.desk_tables import sign_ins
from ticketing.ids import new_id
from ticketing.keeping import Terms
from ticketing.retention import throw_away
from ticketing.rules import Rules
from ticketing.sign_ins import record
from ticketing.transaction import UnitTransaction

YEAR = Terms(sign_ins=timedelta(days=365))
SARA = member("evaluator", username="sara")


async def test_sign_ins_past_their_term_are_thrown_away(database: Database, rules: Rules) -> None:
    await hire(database, rules.vault, SARA)

    async def write(tx: UnitTransaction) -> None:
        for days in (0, 364, 365):
            record(tx, rules.vault, SARA.id, "in", NOW - timedelta(days=days), "")
        for _ in range(1_200):
            record(tx, rules.vault, None, "refused", NOW - timedelta(days=366), "")

    await database.write(write)
    assert await throw_away(database, YEAR, NOW) == {"sign_ins": 1_200, "failures": 0, "devices": 0}
    assert await throw_away(database, YEAR, NOW) == {"sign_ins": 0, "failures": 0, "devices": 0}
    assert await count_rows(database, sign_ins) == 3
    assert await throw_away(database, YEAR, NOW + timedelta(seconds=1)) == {"sign_ins": 1, "failures": 0, "devices": 0}


async def test_wrong_guesses_go_once_no_budget_counts_them(database: Database) -> None:
    async def write(tx: UnitTransaction) -> None:
        for hours in (1, 24, 48, 49, 1_000):
            at = NOW - timedelta(hours=hours)
            tx.add(failures, {"id": new_id(), "scope": "tracking_code", "subject_index": b"", "at": at})

    await database.write(write)
    assert (await throw_away(database, YEAR, NOW))["failures"] == 2
    assert (await throw_away(database, YEAR, NOW))["failures"] == 0
