"""Which loops run in the background, how often, and what wakes them early."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from channels import email as mail_channel
from gateway.figures import Figures
from gateway.loops.bots import BotPoll, HookAnnouncement
from gateway.loops.drafts import DraftsSweep
from gateway.loops.due import Deed, Due
from gateway.loops.fetching import Fetch
from gateway.loops.inbox import InboxPoll
from gateway.loops.looking_at_files import Looking
from gateway.loops.reading import Read, Reading, reader_of_json
from gateway.loops.receipts import ReceiptPoll
from gateway.loops.sealing import Sealing
from gateway.loops.supervisor import Loop
from gateway.loops.throttle import Throttle
from gateway.overriding import OverridesWatch
from gateway.parts import Parts
from sms.poller import ReceiptPoller
from ticketing import appointment_reminders, board_reminders
from ticketing.retention import throw_away
from ticketing.sister_news import settle
from ticketing.sister_results import tell_results
from ticketing.statistics import publish_due
from ticketing.surveying import survey
from ticketing.sweep import sweep

OUTBOX, READING = "outbox", "reading"
_NUDGE_EVERY_S = 0.25
_READ_EVERY_S = 2.0
_FETCH_EVERY_S = 30.0
_LOOK_EVERY_S = 30.0
_SWEEP_EVERY_S = 15.0
_DROP_DRAFTS_EVERY_S = 900.0
_RETAIN_EVERY_S = 3600.0
_REMIND_EVERY_S = 60.0
_SURVEY_EVERY_S = 60.0
_PUBLISH_EVERY_S = 3600.0
_SETTLE_EVERY_S = 15.0
_SEAL_EVERY_S = 86400.0
_COUNT_EVERY_S = 15.0
_LOOK_FOR_OVERRIDES_EVERY_S = 10.0
_POLL_AGAIN_S = 5.0
_ANNOUNCE_EVERY_S = 3600.0


def start_background(parts: Parts) -> None:
    """Start every loop the settings call for."""
    for loop in _loops(parts):
        parts.supervisor.start(loop)


def _loops(parts: Parts) -> Iterator[Loop]:
    yield _outbox(parts)
    yield _reading(parts)
    drafts = DraftsSweep(parts.settings, parts.rules.vault, parts.clock)
    yield Loop("drafts", drafts.pass_once, _DROP_DRAFTS_EVERY_S)
    yield from _due_loops(parts)
    yield Loop("sealing", Sealing(parts.files, parts.leadership).pass_once, _SEAL_EVERY_S)
    figures = Figures(parts.registry, parts.database, parts.dispatcher, parts.supervisor)
    yield Loop("figures", figures.pass_once, _COUNT_EVERY_S, may_be_cut=True)
    overrides = OverridesWatch(parts.settings, parts.rules, parts.database)
    yield Loop("overrides", overrides.pass_once, _LOOK_FOR_OVERRIDES_EVERY_S, may_be_cut=True)
    yield _looking(parts)
    yield from _provider_loops(parts)
    if parts.bots:
        yield _fetching(parts)
        yield from _bot_loops(parts)


def _due_loops(parts: Parts) -> Iterator[Loop]:
    database, rules, settings = parts.database, parts.rules, parts.settings
    yield _due(parts, "sweep", _SWEEP_EVERY_S, partial(sweep, database, rules))
    yield _due(parts, "retention", _RETAIN_EVERY_S, partial(_throw_away, parts))
    yield _due(parts, "sister-cases", _SETTLE_EVERY_S, partial(_settle_cases, parts))
    publishing = settings.statistics.publishing()
    yield _due(parts, "publishing", _PUBLISH_EVERY_S, partial(publish_due, database, rules, publishing))
    eve = settings.appointments.reminder
    yield _due(parts, "appointments", _REMIND_EVERY_S, partial(appointment_reminders.remind, database, rules, eve))
    if (daily := settings.board.reminder) is not None:
        yield _due(parts, "reminders", _REMIND_EVERY_S, partial(board_reminders.remind, database, rules, daily))
    if settings.survey.after is not None:
        yield _due(parts, "surveys", _SURVEY_EVERY_S, partial(survey, database, rules))


def _due(parts: Parts, task: str, every_s: float, deed: Deed) -> Loop:
    return Loop(task, Due(task, deed, parts.leadership, parts.clock).pass_once, every_s)


async def _throw_away(parts: Parts, at: datetime) -> None:
    terms = parts.settings.retention
    await throw_away(parts.database, terms.terms(), at)
    await parts.views.drop(at - terms.views)


async def _settle_cases(parts: Parts, at: datetime) -> None:
    await settle(parts.database, parts.rules, at)
    await tell_results(parts.database, parts.rules, at)


def _outbox(parts: Parts) -> Loop:
    look = Throttle(parts.dispatcher.nudge, _NUDGE_EVERY_S)

    def nudge(touched: set[str]) -> None:
        if "notices" in touched:
            look()

    async def run() -> bool:
        await parts.dispatcher.run()
        return False

    parts.database.writer.on_commit.append(nudge)
    return Loop(OUTBOX, run, every_s=1.0)


def _reading(parts: Parts) -> Loop:
    readers: dict[str, Read] = {bot.code: reader_of_json(bot.channel.parse) for bot in parts.bots}
    readers[mail_channel.CODE] = parts.mail_reader.parse
    reading = Reading(parts.database, parts.rules, parts.files, readers, parts.leadership)
    loop = Loop(READING, reading.pass_once, _READ_EVERY_S)
    parts.reception.on_stored = loop.wake.set
    return loop


def _provider_loops(parts: Parts) -> Iterator[Loop]:
    table = parts.settings.channels.sms
    if table.enabled and table.poll:
        inbox = InboxPoll(parts.provider, parts.reception, parts.leadership)
        yield Loop("inbox", inbox.pass_once, table.poll_seconds)
    every_s = parts.settings.sms.of(parts.provider.code).get("status_poll_s", 0)
    if every_s:
        poller = ReceiptPoller(parts.database, parts.provider, parts.clock, every_s)
        yield Loop("receipts", ReceiptPoll(poller, parts.leadership).pass_once, every_s)


def _fetching(parts: Parts) -> Loop:
    accounts = {(bot.code, bot.account.account): bot.account for bot in parts.bots}
    max_bytes = parts.settings.storage.max_attachment_bytes
    fetch = Fetch(parts.database, parts.files, accounts, parts.leadership, max_bytes=max_bytes)
    return _woken_by_files(parts, Loop("fetching", fetch.pass_once, _FETCH_EVERY_S, may_be_cut=True))


def _looking(parts: Parts) -> Loop:
    looking = Looking(parts.database, parts.rules, parts.viewer, parts.leadership, parts.clock)
    return _woken_by_files(parts, Loop("looking", looking.pass_once, _LOOK_EVERY_S, may_be_cut=True))


def _woken_by_files(parts: Parts, loop: Loop) -> Loop:
    def nudge(touched: set[str]) -> None:
        if "attachments" in touched:
            loop.wake.set()

    parts.database.writer.on_commit.append(nudge)
    return loop


def _bot_loops(parts: Parts) -> Iterator[Loop]:
    for bot in parts.bots:
        name = f"bot-{bot.code}"
        if bot.is_polled:
            poll = BotPoll(bot.account, bot.channel, parts.reception, parts.database, parts.leadership)
            yield Loop(name, poll.pass_once, _POLL_AGAIN_S, may_be_cut=True)
        elif bot.hook_url:
            announcement = HookAnnouncement(bot.account, bot.hook_url)
            yield Loop(name, announcement.pass_once, _ANNOUNCE_EVERY_S, may_be_cut=True)
