"""An outbox on a real database, keys that never change, and a clock moved by hand."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sms.dispatcher import Dispatcher
from sms.limits import Limits
from sms.outbox import Notice, enqueue
from sms.outcome import Outcome, SendOutcome
from sms.providers.kavenegar import Kavenegar, create
from sms.sender import OutgoingNotice, Sender
from sms.store import Transaction
from sms.tables import notices
from tests.support.clock import ManualClock
from tests.support.fakes.kavenegar import FakeKavenegar
from ticketing.database import Database
from ticketing.vault import Vault

MOBILE = "+989121234567"
LINE = "30001240"


class ScriptedSender:
    """A sender that answers what it was told to, then accepts; it keeps every call."""

    batch_size = 200

    def __init__(self, *script: SendOutcome | Exception, resend_when_unknown: bool = True) -> None:
        self.code = "scripted"
        self.resend_when_unknown = resend_when_unknown
        self.script = list(script)
        self.answers_to_asking: list[SendOutcome] = []
        self.sent: list[OutgoingNotice] = []
        self.calls: list[list[int]] = []
        self.asked: list[list[int]] = []

    async def send(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        self.calls.append([notice.id for notice in notices])
        answers = []
        for notice in notices:
            answer = self.script.pop(0) if self.script else accepted(notice)
            if isinstance(answer, Exception):
                raise answer
            if answer.outcome is Outcome.ACCEPTED:
                self.sent.append(notice)
            answers.append(answer)
        return answers

    async def ask(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        self.asked.append([notice.id for notice in notices])
        unknown = SendOutcome(Outcome.AMBIGUOUS, reason="cannot_ask")
        answers = [self.answers_to_asking.pop(0) if self.answers_to_asking else unknown for _ in notices]
        taken = zip(notices, answers, strict=True)
        self.sent += [notice for notice, answer in taken if answer.outcome is Outcome.ACCEPTED]
        return answers


def accepted(notice: OutgoingNotice) -> SendOutcome:
    return SendOutcome(Outcome.ACCEPTED, provider_id=f"p{notice.id}")


def outcome(word: str, reason: str = "", **more: Any) -> SendOutcome:
    return SendOutcome(Outcome(word), reason=reason, **more)


@dataclass
class Post:
    """The outbox under test."""

    database: Database
    vault: Vault = field(default_factory=lambda: Vault({1: bytes(32)}, bytes(32)))
    clock: ManualClock = field(default_factory=ManualClock)
    ids: itertools.count[int] = field(default_factory=lambda: itertools.count(7_000_000_000_000))

    def notice(self, **fields: Any) -> Notice:
        plain = {"ticket_id": 1, "kind": "step", "medium": "sms", "recipient": MOBILE, "text": "سلام"}
        return Notice(id=next(self.ids), **{**plain, **fields})

    async def put(self, *written: Notice) -> list[int]:
        """Enqueue notices in one unit of work; their ids."""

        async def work(tx: Transaction) -> None:
            for notice in written:
                index = self.vault.index("phone", notice.recipient)
                enqueue(tx, notice, self.vault.seal, index, self.clock.now())

        await self.database.write(work)
        return [notice.id for notice in written]

    async def put_one(self, **fields: Any) -> int:
        return (await self.put(self.notice(**fields)))[0]

    def dispatcher(
        self, sender: Sender, *, medium: str = "sms", limits: Limits | None = None, **others: Sender
    ) -> Dispatcher:
        senders = {medium: sender, **others}
        seal = self.vault
        return Dispatcher(
            self.database, seal.unseal, seal.index, self.clock, senders, limits=limits, spread=lambda: 0.5
        )

    async def row(self, notice_id: int) -> Mapping[str, Any]:
        return (await self.database.read(select(notices).where(notices.c.id == notice_id)))[0]

    async def states(self) -> list[str]:
        """Every notice's state, in the order of ids."""
        rows = await self.database.read(select(notices.c.state).order_by(notices.c.id))
        return [row["state"] for row in rows]

    async def due_in(self, notice_id: int) -> timedelta:
        due_at: datetime = (await self.row(notice_id))["due_at"]
        return due_at - self.clock.now()

    async def drain_patiently(self, dispatcher: Dispatcher, *, steps: int = 60, seconds: float = 30) -> None:
        """Drain, let time pass, and again, until nothing is unfinished."""
        for _ in range(steps):
            await dispatcher.drain()
            if not {"pending", "sending", "ambiguous"} & set(await self.states()):
                return
            self.clock.advance(seconds=seconds)
        raise AssertionError(f"still unfinished: {await self.states()}")


@pytest.fixture
def post(database: Database) -> Post:
    return Post(database)


@pytest.fixture
async def fake() -> AsyncIterator[FakeKavenegar]:
    async with FakeKavenegar(drip_s=0.05) as running:
        yield running


def provider_for(fake: FakeKavenegar, clock: ManualClock, **settings: Any) -> Kavenegar:
    plain = {"api_key": fake.api_key, "base_url": fake.url, "sender": LINE, "timeout_s": 60}
    return create({**plain, **settings}, clock)


@pytest.fixture
async def impatient(fake: FakeKavenegar) -> AsyncIterator[Kavenegar]:
    """The provider with a short deadline, for tests in which nobody answers."""
    provider = provider_for(fake, ManualClock(), timeout_s=1)
    yield provider
    await provider.close()


@pytest.fixture
async def kavenegar(fake: FakeKavenegar) -> AsyncIterator[Kavenegar]:
    provider = provider_for(fake, ManualClock())
    yield provider
    await provider.close()
