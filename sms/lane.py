"""One medium's way out: claim what may go, hand it to the sender, record what came of it.

A claim is read outside any transaction, locked and leased inside one, and opened only after that has been
committed; the sender is called with no transaction open. What an outcome leads to is `follow_up`'s rule.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select

from sms.claims import DUE_TO_ASK, DUE_TO_SEND, lease, lock, put_off, record
from sms.clock import Clock
from sms.follow_up import Claimed, FollowUp
from sms.gate import Gate, Passage
from sms.limits import Charge, Limits, find_over_budget
from sms.mobile import is_mobile, prefix_of
from sms.outcome import Outcome, SendOutcome
from sms.receipts import apply_parked
from sms.sender import OutgoingNotice, Sender
from sms.state import State
from sms.store import Index, Store, Transaction, Unseal

log = structlog.get_logger()

_LEASE = timedelta(seconds=60)
_CALL_S = 45.0
"""No call to a sender outlives its lease."""
_ASK_EVERY = timedelta(seconds=1)
"""Where nothing was ambiguous just now, it is not looked for again with every commit."""
_WINDOW = {"sqlite": 1, "postgresql": 4}
"""Batches looked at for one claimed: other processes may have locked the first ones."""

_Row = Mapping[str, Any]
_Judge = Callable[[Claimed, SendOutcome, datetime], dict[str, Any]]
_Call = Callable[[Sequence[OutgoingNotice]], Awaitable[Sequence[SendOutcome]]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every lane shares."""

    store: Store
    unseal: Unseal
    index: Index
    clock: Clock
    limits: Limits
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Claim:
    fence: int
    notices: list[Claimed]
    objections: dict[int, SendOutcome]


class Lane:
    """Empties the outbox of one medium, a batch at a time."""

    def __init__(self, medium: str, sender: Sender, follow_up: FollowUp, around: Surroundings) -> None:
        self.medium = medium
        self.wake = asyncio.Event()
        self._sender, self._follow_up, self._around = sender, follow_up, around
        self._gates: dict[str, Gate] = {}
        self._ask_from = datetime.min.replace(tzinfo=UTC)

    @property
    def full(self) -> int:
        """How many notices make a full batch."""
        return self._sender.batch_size

    def shut(self) -> dict[str, str]:
        """The accounts that are not sending, and why."""
        return {account: gate.reason for account, gate in self._gates.items() if gate.reason}

    async def pass_once(self) -> int:
        """Ask about one batch, then send one: how many notices were handled."""
        return await self._ask() + await self._send()

    async def _ask(self) -> int:
        if self._around.clock.now() < self._ask_from:
            return 0
        rows = await self._read(DUE_TO_ASK)
        if not rows:
            self._ask_from = self._around.clock.now() + _ASK_EVERY
        claim, handled = await self._claim(rows, State.AMBIGUOUS, State.AMBIGUOUS)
        if claim is not None:
            await self._carry(claim, self._sender.ask, self._follow_up.after_asking)
        return handled

    async def _send(self) -> int:
        rows = await self._read(DUE_TO_SEND)
        claim, handled = await self._claim(rows, State.PENDING, State.SENDING)
        if claim is not None:
            await self._carry(claim, self._sender.send, self._follow_up.after_sending)
        return handled

    async def _read(self, due: Select[Any]) -> list[_Row]:
        now, store = self._around.clock.now(), self._around.store
        shut, at_most = self._accounts(Passage.SHUT, now), self._sender.batch_size * _WINDOW[store.dialect]
        given = {"for_medium": self.medium, "now": now, "shut_accounts": sorted(shut), "at_most": at_most}
        return _one_each(list(await store.read(due, given)), self._accounts(Passage.ONE, now))

    def _accounts(self, passage: Passage, now: datetime) -> set[str]:
        return {account for account, gate in self._gates.items() if gate.passage(now) is passage}

    async def _claim(self, rows: Sequence[_Row], from_: State, to: State) -> tuple[_Claim | None, int]:
        if not rows:
            return None, 0
        now = self._around.clock.now()
        charges = self._charges(rows) if to is State.SENDING else {}

        async def work(tx: Transaction) -> tuple[int, list[int], int]:
            free = await lock(tx, [row["id"] for row in rows], from_, now, self._sender.batch_size)
            over = await find_over_budget(tx, self._around.limits, [charges[i] for i in free if i in charges], now)
            await put_off(tx, over, now)
            going = [notice_id for notice_id in free if notice_id not in over]
            return await lease(tx, going, to, now + _LEASE), going, len(free)

        fence, going, handled = await self._around.store.write(work)
        if not going:
            return None, handled
        chosen = set(going)
        taken = sorted((row for row in rows if row["id"] in chosen), key=lambda row: int(row["id"]))
        opened = [self._opened(row, charges.get(row["id"])) for row in taken]
        objections = {notice.outgoing.id: objection for notice, objection in opened if objection is not None}
        return _Claim(fence, [notice for notice, _ in opened], objections), handled

    def _charges(self, rows: Sequence[_Row]) -> dict[int, Charge]:
        """What each notice would cost which budget; only texts to citizens cost any."""
        limits = self._around.limits
        if self.medium != "sms" or not (limits.sms_per_number_per_day or limits.sms_per_prefix_per_hour):
            return {}
        return {
            row["id"]: Charge(row["id"], bytes(row["recipient_index"]), self._prefix_index(row))
            for row in rows
            if row["kind"] != "dispatch"
        }

    def _prefix_index(self, row: _Row) -> bytes | None:
        number = self._unsealed("notices.recipient", row)
        return self._around.index("phone_prefix", prefix_of(number)) if number else None

    def _opened(self, row: _Row, charge: Charge | None) -> tuple[Claimed, SendOutcome | None]:
        recipient, text = self._unsealed("notices.recipient", row), self._unsealed("notices.body", row)
        objection = None
        if recipient is None or text is None:
            objection = SendOutcome(Outcome.REFUSED, reason="unreadable")
        elif self.medium == "sms" and not is_mobile(recipient):
            objection = SendOutcome(Outcome.REFUSED, reason="not_a_mobile")
        outgoing = OutgoingNotice(
            id=row["id"],
            account=row["account"],
            recipient=recipient or "",
            text=text or "",
            choices=tuple((value, label) for value, label in row["choices"] or ()),
            headers=row["headers"],
            calendar=self._unsealed("notices.calendar", row) if row["calendar"] else None,
        )
        prefix_index = charge.prefix if charge else row["prefix_index"]
        claimed = Claimed(outgoing, row["attempts"], row["asks"], row["created_at"], row["sent_at"], prefix_index)
        return claimed, objection

    def _unsealed(self, column: str, row: _Row) -> str | None:
        try:
            return self._around.unseal(column, row["id"], bytes(row[column.partition(".")[2]]))
        except Exception as error:  # a row that was tampered with must not stop those behind it
            log.error("a notice does not open", notice=row["id"], column=column, error=type(error).__name__)
            return None

    async def _carry(self, claim: _Claim, call: _Call, judge: _Judge) -> None:
        going = [notice for notice in claim.notices if notice.outgoing.id not in claim.objections]
        outcomes = await self._called(call, going) if going else []
        now = self._around.clock.now()
        self._learn(going, outcomes, now)
        said = dict(zip((notice.outgoing.id for notice in going), outcomes, strict=True)) | claim.objections
        rows = [judge(notice, said[notice.outgoing.id], now) for notice in claim.notices]
        named = [outcome.provider_id for outcome in outcomes if outcome.provider_id]

        async def work(tx: Transaction) -> None:
            await record(tx, claim.fence, rows)
            if named:
                await apply_parked(tx, now, self._sender.code, named)

        await self._around.store.write(work)
        self._around.counts.update((self.medium, outcome.outcome.value) for outcome in said.values())

    async def _called(self, call: _Call, going: Sequence[Claimed]) -> list[SendOutcome]:
        outcomes: list[SendOutcome] = []
        try:
            async with asyncio.timeout(_CALL_S):
                outcomes = list(await call([notice.outgoing for notice in going]))
        except Exception as error:  # whatever it was, nobody knows how far it got; its text may hold a key
            log.error("sender failed", medium=self.medium, error=type(error).__name__)
        if len(outcomes) != len(going):
            return [SendOutcome(Outcome.AMBIGUOUS, reason="sender_failed")] * len(going)
        return outcomes

    def _learn(self, going: Sequence[Claimed], outcomes: Sequence[SendOutcome], now: datetime) -> None:
        for account in {notice.outgoing.account for notice in going}:
            gate = self._gates.setdefault(account, Gate())
            before = gate.reason
            pairs = zip(going, outcomes, strict=True)
            gate.learn([outcome for notice, outcome in pairs if notice.outgoing.account == account], now)
            if gate.reason != before:
                log.warning("outbox gate", medium=self.medium, account=account, shut_for=gate.reason or None)


def _one_each(rows: Sequence[_Row], on_trial: Collection[str]) -> list[_Row]:
    """`rows` with only the first of each account that is on trial."""
    first = {row["account"]: row["id"] for row in reversed(rows)}
    return [row for row in rows if row["account"] not in on_trial or first[row["account"]] == row["id"]]
