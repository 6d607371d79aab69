"""Hints carried to a push service that checks and decrypts them: what arrives, how often, and what its refusals do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gateway.catalogue import load_catalogue
from gateway.config import settings_from
from gateway.push.keys import Push, push_of
from gateway.push.sender import PushSender
from sms.dispatcher import Dispatcher
from sms.outbox import PUSH
from sms.outcome import Outcome, SendOutcome
from sms.sender import OutgoingNotice
from sms.tables import notices
from tests.support.clock import ManualClock
from tests.support.fakes.pushservice import FakeBrowser, FakePushService
from tests.support.pushing import CONTACT, push_table
from tests.support.staging import a_ticket, act, hire, member, put, shipped_rules, today
from ticketing.database import Database
from ticketing.device_tables import devices
from ticketing.devices import Subscription, keep_device
from ticketing.rules import Rules
from ticketing.states import State
from ticketing.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Stage:
    """A ticket with one device, and what carries its hints."""

    database: Database
    rules: Rules
    clock: ManualClock
    service: FakePushService
    push: Push
    sender: PushSender
    dispatcher: Dispatcher
    ticket: Ticket
    browser: FakeBrowser

    async def add(self, browser: FakeBrowser) -> None:
        """One more device of the ticket."""
        given = browser.to_json()
        subscription = Subscription(given["endpoint"], **given["keys"], service=self.service.host)
        await keep_device(self.database, self.rules.vault, self.ticket, subscription, self.clock.now())

    async def move(self) -> None:
        """The ticket goes to the union: step 3."""
        evaluator = member("evaluator")
        await act(self.database, self.rules, evaluator, self.ticket, "evaluate", route="self_regulation")

    async def states(self) -> list[tuple[str, str]]:
        """How the hints stand: state and reason."""
        rows = await self.database.read(select(notices).where(notices.c.medium == PUSH).order_by(notices.c.id))
        return [(row["state"], row["reason"]) for row in rows]

    async def send_one(self) -> SendOutcome:
        """Hand one hint for the first device straight to the sender."""
        [row] = await self.database.read(select(devices.c.id))
        notice = OutgoingNotice(id=124, account=self.service.host, recipient=str(row["id"]), text="گام تازه")
        [outcome] = await self.sender.send([notice])
        return outcome


@pytest.fixture
async def service() -> AsyncIterator[FakePushService]:
    async with FakePushService() as running:
        yield running


@pytest.fixture
async def stage(database: Database, tmp_path: Path, service: FakePushService) -> AsyncIterator[Stage]:
    rules, clock = shipped_rules(tmp_path), ManualClock()
    push = push_of(settings_from({"push": push_table(service)}), clock.now())
    assert push is not None
    sender = PushSender(push, database, rules.vault, clock, load_catalogue().say)
    vault = rules.vault
    dispatcher = Dispatcher(database, vault.unseal, vault.index, clock, {PUSH: sender}, spread=lambda: 0.5)
    ticket = a_ticket(rules, State(2, "evaluator"))
    await put(database, rules, ticket)
    await hire(database, vault, member("evaluator"))
    ticket = await today(database, rules, ticket)
    staged = Stage(database, rules, clock, service, push, sender, dispatcher, ticket, service.browser())
    await staged.add(staged.browser)
    yield staged
    await sender.close()


async def test_a_step_arrives_once_at_each_device_and_opens_there_only(stage: Stage) -> None:
    other = stage.service.browser()
    await stage.add(other)
    await stage.move()
    await stage.dispatcher.drain()
    await stage.dispatcher.drain()
    [message] = stage.service.messages_to(stage.browser)
    [another] = stage.service.messages_to(other)
    assert message["title"] == "صمت ۱۲۴"
    assert "خودتنظیمی" in message["body"]
    assert (message["lang"], message["dir"]) == ("fa", "rtl")
    assert message["url"] == f"/track#{stage.ticket.code}"
    assert another["url"] == message["url"]
    assert another["tag"] != message["tag"], "nothing tells a push service that two devices are one ticket's"
    assert await stage.states() == [("accepted", "")] * 2


async def test_a_message_is_signed_for_its_service_and_kept_there_for_three_days(stage: Stage) -> None:
    await stage.move()
    await stage.dispatcher.drain()
    [received] = stage.service.received
    expires = int((stage.clock.now() + timedelta(hours=12)).timestamp())
    claims = {"aud": stage.service.url, "exp": expires, "sub": CONTACT, "k": stage.push.public_key}
    assert received.claims == claims
    sent = {name: received.headers[name] for name in ("TTL", "Urgency", "Content-Encoding")}
    assert sent == {"TTL": "259200", "Urgency": "normal", "Content-Encoding": "aes128gcm"}
    assert received.headers["Topic"] == received.message["tag"]
    assert len(received.headers["Topic"]) <= 32, "RFC 8030 §5.4"
    assert stage.ticket.code not in repr(received.headers)


async def test_every_message_weighs_the_same(stage: Stage) -> None:
    await stage.move()
    await stage.send_one()
    await stage.dispatcher.drain()
    assert len({received.size for received in stage.service.received}) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(stage: Stage, status: int) -> None:
    stage.service.fail_next(status)
    await stage.move()
    await stage.dispatcher.drain()
    assert await stage.states() == [("failed", "gone")]
    assert await stage.database.read(select(devices.c.id)) == []


@pytest.mark.parametrize(
    ("status", "headers", "outcome", "wait_s"),
    [
        (429, {"Retry_After": "120"}, Outcome.RETRY, 120.0),
        (503, {"Retry_After": "Sat, 21 Nov 2026 08:05:00 GMT"}, Outcome.RETRY, 300.0),
        (503, {"Retry_After": "Sat, 21 Nov 2026 07:00:00 GMT"}, Outcome.RETRY, None),
        (429, {"Retry_After": "99999999999999999999"}, Outcome.RETRY, 21_600.0),
        (429, {"Retry_After": "soon"}, Outcome.RETRY, None),
        (429, {"Retry_After": "0"}, Outcome.RETRY, None),
        (500, {}, Outcome.RETRY, None),
        (403, {}, Outcome.REFUSED, None),
        (413, {}, Outcome.REFUSED, None),
        (307, {"Location": "/elsewhere"}, Outcome.REFUSED, None),
    ],
)
async def test_what_a_service_says_is_one_of_the_outcomes(
    stage: Stage, status: int, headers: dict[str, str], outcome: Outcome, wait_s: float | None
) -> None:
    stage.service.fail_next(status, **headers)
    assert await stage.send_one() == SendOutcome(outcome, reason=f"http_{status}", retry_after_s=wait_s)
    assert len(await stage.database.read(select(devices.c.id))) == 1, "only a browser that is gone is forgotten"


async def test_a_busy_service_is_left_alone_for_as_long_as_it_says(stage: Stage) -> None:
    stage.service.fail_next(429, Retry_After="120")
    await stage.move()
    await stage.dispatcher.drain()
    stage.clock.advance(seconds=119)
    await stage.dispatcher.drain()
    assert stage.service.asked == 1
    stage.clock.advance(seconds=1)
    await stage.dispatcher.drain()
    assert len(stage.service.messages_to(stage.browser)) == 1


async def test_a_service_that_cannot_be_reached_is_tried_again(stage: Stage) -> None:
    await stage.service.__aexit__()
    assert await stage.send_one() == SendOutcome(Outcome.RETRY, reason="unreachable")


async def test_what_nobody_knows_the_end_of_comes_again_as_the_same(stage: Stage) -> None:
    stage.service.fail_next("drop")
    await stage.move()
    await stage.dispatcher.drain()
    assert await stage.states() == [("ambiguous", "no_answer")]
    for _ in range(4):
        stage.clock.advance(minutes=1)
        await stage.dispatcher.drain()
    first, second = stage.service.messages_to(stage.browser)
    assert first == second, "the browser shows it once, by its tag and id"
    assert await stage.states() == [("accepted", "")]


async def test_a_service_that_is_no_longer_allowed_is_not_called(stage: Stage) -> None:
    table = {**push_table(stage.service), "services": ["fcm.googleapis.com"]}
    push = push_of(settings_from({"push": table}), stage.clock.now())
    assert push is not None
    narrower = PushSender(push, stage.database, stage.rules.vault, stage.clock, load_catalogue().say)
    [row] = await stage.database.read(select(devices.c.id))
    [outcome] = await narrower.send([OutgoingNotice(id=1, account="", recipient=str(row["id"]), text="…")])
    assert outcome == SendOutcome(Outcome.REFUSED, reason="not_allowed")
    assert stage.service.asked == 0


async def test_nobody_can_say_what_became_of_a_message(stage: Stage) -> None:
    notice = OutgoingNotice(id=1, account="", recipient="1", text="…")
    assert await stage.sender.ask([notice]) == [SendOutcome(Outcome.AMBIGUOUS, reason="cannot_ask")]


async def test_a_device_that_was_turned_off_meanwhile_is_not_told(stage: Stage) -> None:
    await stage.move()
    async with Database(stage.database.url) as other:
        await other.write(lambda tx: tx.execute(devices.delete()))
    await stage.dispatcher.drain()
    assert await stage.states() == [("failed", "forgotten")]
    assert stage.service.asked == 0
