"""The season, day by day under a moving clock: clocks ring, complaints come in, are answered, answers are verified.

Everything goes through the gateway's own use cases. What there is to text goes to the sandbox before a day ends, so
that nothing is left to be sent by whoever opens the database next.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from random import Random
from typing import Any, Final

from sqlalchemy import select

from gateway.season.figures import load_figures
from gateway.season.inventing import answer_of, complaint_of, name_of, phone_of, union_of
from gateway.season.planning import BEGINS, LAST, Case
from normalizer.day import TEHRAN, tehran_day
from normalizer.report import Place, Report, Sender
from sms.dispatcher import Dispatcher
from sms.sender import Sender as SmsSender
from ticketing.act import act
from ticketing.database import Database
from ticketing.errors import Conflict
from ticketing.filing import checked_filing
from ticketing.intake import take_in
from ticketing.organisations import PROVINCE_CODES
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.sweep import sweep
from ticketing.tables import tickets
from ticketing.transaction import Row
from ticketing.vocabulary import AGAINST

_ACCOUNT: Final = "demonstration"
_MORNING, _NOON, _AFTERNOON, _EVENING = time(8), time(12), time(15), time(19)
_TWO_HOURS: Final = 120
_ONE: Final = timedelta(days=1)


class MovingClock:
    """Shows the moment it was last set to. Nobody waits on it: time passes by setting it."""

    def __init__(self, start: datetime) -> None:
        """It shows `start` first."""
        self._now = start

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Move on to `moment`."""
        self._now = moment

    async def wait(self, event: asyncio.Event, timeout_s: float) -> bool:
        """Whether the event is set."""
        return event.is_set()


@dataclass(slots=True)
class Matter:
    """One complaint with its words, and its ticket once it has one. `later`: how long after a turn began."""

    case: Case
    number: int
    county: str
    report: dict[str, Any]
    answer: dict[str, str]
    later: timedelta
    ticket: int = field(default=0)
    code: str = field(default="")


def matters_of(cases: Sequence[Case], counties: Mapping[str, Sequence[str]], random: Random) -> list[Matter]:
    """The complaints in words: each somebody else's, and about a body of one of its organisation's counties."""
    return [_matter(case, number, counties[case.organisation], random) for number, case in enumerate(cases)]


class Season:
    """Plays the complaints' days in a database of its own."""

    def __init__(self, database: Database, rules: Rules, responders: Mapping[str, Staff], provider: SmsSender) -> None:
        """`responders` are by the body they answer for; `provider` must be one that sends nothing."""
        self._database, self._rules, self._responders = database, rules, responders
        self._clock = MovingClock(datetime.combine(BEGINS, _MORNING, TEHRAN).astimezone(UTC))
        vault = rules.vault  # without limits: texts that cost nobody anything have no budget
        self._dispatcher = Dispatcher(database, vault.unseal, vault.index, self._clock, {"sms": provider})

    async def play(self, matters: Sequence[Matter]) -> None:
        """All days, from the first to the last. Raises what a use case refuses: the plan would be wrong."""
        registered = _by_day(matters, lambda case: case.registered)
        answered, closed = _by_day(matters, lambda case: case.answered), _by_day(matters, lambda case: case.closed)
        for number in range((LAST - BEGINS).days + 1):
            day = BEGINS + number * _ONE
            rung = await sweep(self._database, self._rules, self._turn(day, _MORNING))
            await self._register(registered.get(day, ()))
            self._turn(day, _NOON)
            await self._answer(answered.get(day, ()))
            self._turn(day, _AFTERNOON)
            await self._verify(closed.get(day, ()))
            self._turn(day, _EVENING)
            if rung or any(day in days for days in (registered, answered, closed)):
                await self._dispatcher.drain()

    def _turn(self, day: date, clock: time) -> datetime:
        moment = datetime.combine(day, clock, TEHRAN).astimezone(UTC)
        self._clock.set(moment)
        return moment

    async def _register(self, matters: Sequence[Matter]) -> None:
        await asyncio.gather(*(self._file(matter, self._clock.now() + matter.later) for matter in matters))

    async def _file(self, matter: Matter, at: datetime) -> None:
        name = f"{_ACCOUNT}-{matter.number}"
        report = Report(
            account=_ACCOUNT, external_id=name, received_at=at, raw=json.dumps(name).encode(), **matter.report
        )
        accepted = await take_in(self._database, self._rules, checked_filing(self._rules, report, at))
        if accepted.ticket_id is None or accepted.tracking_code is None:
            raise Conflict(accepted.result)
        matter.ticket, matter.code = accepted.ticket_id, accepted.tracking_code

    async def _answer(self, matters: Sequence[Matter]) -> None:
        agreed = {"legal_on": tehran_day(self._clock.now()).isoformat()}
        rows = await self._rows(matters)
        await asyncio.gather(*(self._act(each, "answer", {**each.answer, **agreed}, rows) for each in matters))

    async def _verify(self, matters: Sequence[Matter]) -> None:
        """Nothing for those that were answered by a body whose answer stands as it is."""
        rows = await self._rows(matters)
        waiting = [matter for matter in matters if rows[matter.ticket]["closed_at"] is None]
        await asyncio.gather(
            *(self._act(each, "verify", {"confirms": each.case.outcome}, rows) for each in waiting),
        )

    async def _act(self, matter: Matter, action: str, body: Mapping[str, Any], rows: Mapping[int, Row]) -> None:
        row, at = rows[matter.ticket], self._clock.now() + matter.later
        staff, said = self._responders[row["body"]], {**body, "version": row["version"]}
        body_hash = sha256(json.dumps(said).encode()).digest()
        await act(self._database, self._rules, staff, matter.code, action, said, at, key=None, body_hash=body_hash)

    async def _rows(self, matters: Sequence[Matter]) -> Mapping[int, Row]:
        if not matters:
            return {}
        columns = (tickets.c.id, tickets.c.version, tickets.c.body, tickets.c.closed_at)
        ours = tickets.c.id.in_([matter.ticket for matter in matters])
        return {row["id"]: row for row in await self._database.read(select(*columns).where(ours))}


def _matter(case: Case, number: int, counties: Sequence[str], random: Random) -> Matter:
    details = {AGAINST: case.kind} | ({"union": union_of(random)} if case.kind == "union" else {})
    county, is_province = random.choice(counties), case.organisation in PROVINCE_CODES
    province = case.organisation if is_province else case.organisation[:2]  # جنوب کرمان is of the province کرمان
    report = {
        "channel": "web",
        "text": complaint_of(random, case.kind),
        "sender": Sender(phone=phone_of(number), name=name_of(random)),
        "place": Place(province=province, county=county),
        "always_complaint": True,
        "extra": {"procedure": load_figures().procedure, "details": details},
    }
    answer = answer_of(random, case.outcome) if case.outcome else {}
    return Matter(case, number, county, report, answer, timedelta(minutes=random.randrange(_TWO_HOURS)))


def _by_day(matters: Sequence[Matter], when: Callable[[Case], date | None]) -> dict[date, list[Matter]]:
    found: dict[date, list[Matter]] = {}
    for matter in matters:
        day = when(matter.case)
        if day is not None:
            found.setdefault(day, []).append(matter)
    return found
