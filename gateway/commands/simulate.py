"""`gateway simulate`: arrivals through the real intake into a scratch database, to try out rules; a line out for each.

Scenarios share one database and nothing in it: each has fingerprints of its own, so that no phone, mail, chat or code
of one is found by another. Clocks of silence do not ring; the clock moves with the arrivals.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TextIO

from channels.channel import Channel
from channels.phone import CODES as FILED_BY_STAFF
from channels.registry import CHANNELS
from gateway.commands.command import Command, CommandError, Say
from gateway.commands.json_lines import moment_of, object_of, string_of
from gateway.config import Settings
from gateway.migrations import upgrade
from gateway.rules import build_rules
from gateway.understanding import use_classifiers
from normalizer.complaint import CATEGORIES
from normalizer.normalize import normalize
from normalizer.report import Business, Place, Report, Sender
from normalizer.tracking_code import find_codes
from ticketing.accepted import Accepted
from ticketing.database import Database
from ticketing.intake import take_in
from ticketing.rules import Rules
from ticketing.ticket import load
from ticketing.transaction import UnitTransaction
from ticketing.vault import Vault

_TEXTS: Final = ("phone", "email", "chat", "name", "business_name", "guild_id", "province", "category")
_SEALING: Final = {1: b"simulated".ljust(32, b".")}
_OPERATOR: Final = 1
_ABOUT_NO_TICKET: Final = ("ignored", "thanked", "elsewhere", "quarantined")
_AT_ONCE: Final = 400
"""Lines read ahead: what comes by different scenarios is committed together, as it would be on a busy day."""
_RESULTS: Final = {"opened": "opened", "quarantined": "quarantined", "elsewhere": "elsewhere"}


@dataclass(slots=True)
class _Scenario:
    """What one scenario has so far: its rules, and the codes its arrivals were given, None for none."""

    rules: Rules
    codes: list[str | None] = field(default_factory=list)


class Simulation:
    """Takes arrivals in, one after another, into a database of its own."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database, self._rules = database, rules
        self._scenarios: dict[str, _Scenario] = {}

    async def arrive(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What becomes of one arrival, by the names of CONTRACT §2. Raises `CommandError` naming the field."""
        name = string_of(given, "scenario")
        scenario = self._scenarios.get(name) or _Scenario(self._rules_of(name))
        index = len(scenario.codes)
        report = report_of(given, scenario.codes, f"{name}/{index}")
        self._scenarios[name] = scenario
        accepted = await take_in(self._database, scenario.rules, report)
        code = None if accepted.result in _ABOUT_NO_TICKET else accepted.tracking_code
        scenario.codes.append(code)
        return {
            "scenario": name,
            "index": index,
            "result": _result(accepted, report),
            "tracking_code": code,
            "candidate": await self._code_of(scenario.rules, accepted.candidate),
            "score": accepted.score,
            "reasons": accepted.reasons,
        }

    def _rules_of(self, scenario: str) -> Rules:
        own = hashlib.sha256(scenario.encode("utf-8", "surrogatepass")).digest()
        return replace(self._rules, vault=Vault(_SEALING, own))

    async def _code_of(self, rules: Rules, ticket_id: int | None) -> str | None:
        async def work(tx: UnitTransaction) -> str:
            return (await load(tx, rules.vault, ticket_id or 0)).code

        return await self._database.write(work) if ticket_id is not None else None


def _result(accepted: Accepted, report: Report) -> str:
    """Whatever was kept with an earlier ticket and is more than a bare answer has joined it."""
    if accepted.asked_same:
        return "asked"
    if accepted.result in _RESULTS:
        return _RESULTS[accepted.result]
    if accepted.result == "joined":
        return "joined"
    if accepted.ticket_id is None:
        return "asked" if accepted.result == "asked" else "answered"
    is_answer = normalize(report).intent == "answer" or accepted.result not in ("answered", "asked")
    return "answered" if is_answer else "joined"


def report_of(given: Mapping[str, Any], codes: list[str | None], external_id: str) -> Report:
    """The report a channel would have made of this arrival. Raises `CommandError` naming the field."""
    code = string_of(given, "channel")
    channel = CHANNELS.get(code)
    if channel is None:
        raise CommandError("channel: unknown")
    said = {name: None if given.get(name) is None else string_of(given, name) for name in _TEXTS}
    if said["category"] is not None and said["category"] not in CATEGORIES:
        raise CommandError("category: unknown")
    text, shape = _told(given, codes), _shape(channel)
    return replace(
        shape,
        external_id=external_id,
        received_at=moment_of(given, "at"),
        raw=text.encode("utf-8", "surrogatepass"),
        text=text,
        sender=Sender(phone=said["phone"], email=said["email"], chat=said["chat"], name=said["name"]),
        business=Business(name=said["business_name"], guild_id=said["guild_id"]),
        place=Place(province=said["province"]),
        category=said["category"],
        always_complaint=not find_codes(text) if shape.medium == "email" else shape.always_complaint,
        proves_phone=shape.proves_phone or (shape.medium == "bot" and said["phone"] is not None),
        filed_by=_OPERATOR if code in FILED_BY_STAFF else None,
    )


def _shape(channel: Channel) -> Report:
    """How the channel's reports are marked, with nothing said in it."""
    parsed = next(report for report in map(channel.parse, channel.samples) if isinstance(report, Report))
    marks = ("channel", "account", "medium", "converses", "always_complaint", "proves_phone")
    nothing = {"external_id": "", "received_at": parsed.received_at, "raw": b""}
    return Report(**{name: getattr(parsed, name) for name in marks} | nothing)


def _told(given: Mapping[str, Any], codes: list[str | None]) -> str:
    text, refers = string_of(given, "text"), given.get("refers")
    if refers is None:
        return text
    if isinstance(refers, bool) or not isinstance(refers, int):
        raise CommandError("refers: wrong_type")
    if not 0 <= refers < len(codes):
        raise CommandError("refers: no_such_arrival")
    return text.replace("{code}", codes[refers] or "")


async def simulated(settings: Settings, lines: TextIO) -> AsyncIterator[dict[str, Any]]:
    """One outcome for each line, in their order; blank ones are passed over. Raises `CommandError`: line and field."""
    use_classifiers(settings.understanding.classifiers)
    rules = build_rules(settings, Vault(_SEALING, bytes(32)))
    with tempfile.TemporaryDirectory(prefix="gateway-simulate-") as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'scratch.db'}"
        await upgrade(url)
        async with Database(url) as database:
            simulation = Simulation(database, rules)
            for batch in _batches(lines):
                for (number, _), outcome in zip(batch, await _outcomes(simulation, batch), strict=True):
                    if isinstance(outcome, CommandError):
                        raise CommandError(f"line {number}: {outcome}")
                    yield outcome


def _batches(lines: TextIO) -> Iterator[list[tuple[int, str]]]:
    """The lines with their numbers, so many at once; one by one where somebody types them and waits."""
    most, number = 1 if lines.isatty() else _AT_ONCE, 0
    batch: list[tuple[int, str]] = []
    try:
        for number, line in enumerate(lines, 1):
            batch += [(number, line)] if line.strip() else []
            if len(batch) == most:
                yield batch
                batch = []
    except UnicodeDecodeError:
        yield batch
        raise CommandError(f"line {number + 1}: not_utf8") from None
    yield batch


async def _outcomes(
    simulation: Simulation, batch: Sequence[tuple[int, str]]
) -> Sequence[dict[str, Any] | CommandError]:
    """What becomes of each line, or what is wrong with it. Scenarios go on beside each other, each in its order."""
    outcomes: list[dict[str, Any] | CommandError] = [CommandError("not_reached")] * len(batch)
    by_scenario: dict[object, list[int]] = {}
    given: dict[int, Mapping[str, Any]] = {}
    for place, (_, line) in enumerate(batch):
        try:
            given[place] = object_of(line)
        except CommandError as error:
            outcomes[place] = error
            continue
        by_scenario.setdefault(str(given[place].get("scenario")), []).append(place)

    async def go_through(places: Sequence[int]) -> None:
        for place in places:
            try:
                outcomes[place] = await simulation.arrive(given[place])
            except CommandError as error:
                outcomes[place] = error
                return

    await asyncio.gather(*(go_through(places) for places in by_scenario.values()))
    return outcomes


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        'in: {"scenario", "at": ISO 8601 with zone, "channel", "phone", "email", "chat", "name", "business_name", '
        '"guild_id", "province", "category", "text" (with {code}), "refers": index or null}. A status given, a '
        "withdrawal, thanks and what is passed over are all `answered`"
    )


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    async def run() -> None:
        async for outcome in simulated(settings, arguments.stdin):
            say(json.dumps(outcome, ensure_ascii=False))

    asyncio.run(run())


COMMAND = Command(_declare, _run)
