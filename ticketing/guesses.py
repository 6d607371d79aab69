"""Wrong guesses at a ticket's second factor, counted durably: on the web by client and code, in texts by code alone.

A right one uses nothing up. It decides no ticket: whoever asks it has looked, and says what was wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from sqlalchemy import func, select

from sms.store import Read
from ticketing.attempt_tables import failures
from ticketing.database import Database
from ticketing.errors import TooMany
from ticketing.ids import new_id
from ticketing.rules import Rules
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

_CLIENT, _CODE = "tracking_ip", "tracking_code"
_WINDOW: Final = timedelta(minutes=15)
_DAY: Final = timedelta(days=1)
_ON_ONE_CODE_A_DAY: Final = 20


class Guesses:
    """The budget of wrong guesses: `allowed` by one client in 15 minutes (0: no limit), 20 a day on one code.

    What is no code at all ("") is its client's failure only: a day's slips of everybody are nobody's guesses.
    """

    def __init__(self, database: Database, rules: Rules, allowed: int) -> None:
        self._database = database
        self._rules = rules
        self._allowed = allowed
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, client: str, code: str) -> AsyncIterator[None]:
        """One guess at a time by one client, and on one code: a burst would slip past the count."""
        async with AsyncExitStack() as held:
            for subject in _subjects(client, code):
                await held.enter_async_context(self._turns.setdefault(subject, asyncio.Lock()))
            yield

    async def check(self, client: str, code: str, at: datetime) -> None:
        """Raises `TooMany` where the client's or the code's budget is spent."""
        if not self._allowed:
            return
        budgets = {_CLIENT: (_WINDOW, self._allowed), _CODE: (_DAY, _ON_ONE_CODE_A_DAY)}
        for scope, subject in _subjects(client, code):
            window, allowed = budgets[scope]
            count, first = await _recent(self._database.read, self._rules.vault, scope, subject, at - window)
            if first is not None and count >= allowed:
                raise TooMany(max(1, int((first + window - at).total_seconds())))

    async def failed(self, client: str, code: str, at: datetime) -> None:
        """Count one wrong guess, durably."""
        vault = self._rules.vault

        async def work(tx: UnitTransaction) -> None:
            for scope, subject in _subjects(client, code):
                _count(tx, vault, scope, subject, at)

        await self._database.write(work)


async def may_guess(tx: UnitTransaction, vault: Vault, code: str, at: datetime) -> bool:
    """True while digits texted beside `code` may still prove anything today."""
    count, _ = await _recent(tx.rows, vault, _CODE, code, at - _DAY)
    return count < _ON_ONE_CODE_A_DAY


def count_wrong(tx: UnitTransaction, vault: Vault, code: str, guesses: int, at: datetime) -> None:
    """Count `guesses` wrong ones at `code`, however many came in one text."""
    for _ in range(guesses):
        _count(tx, vault, _CODE, code, at)


async def _recent(read: Read, vault: Vault, scope: str, subject: str, since: datetime) -> tuple[int, datetime | None]:
    """How many wrong guesses there were since then, and when the first of them was."""
    mine = (failures.c.scope == scope) & (failures.c.subject_index == vault.index(scope, subject))
    counted = select(func.count().label("n"), func.min(failures.c.at).label("first"))
    row = (await read(counted.where(mine, failures.c.at > since)))[0]
    return row["n"], row["first"]


def _count(tx: UnitTransaction, vault: Vault, scope: str, subject: str, at: datetime) -> None:
    tx.add(failures, {"id": new_id(), "scope": scope, "subject_index": vault.index(scope, subject), "at": at})


def _subjects(client: str, code: str) -> Sequence[tuple[str, str]]:
    mine = (_CLIENT, client)
    return (mine, (_CODE, code)) if code else (mine,)
