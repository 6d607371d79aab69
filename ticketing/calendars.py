"""Officials' calendars: who may be met, and the slots in which. Keeping them; who gets a slot is for `appointments`.

A calendar is kept by the staff of its official's organisation, or of the nation, whose role works in its procedure. Two
slots of one official never overlap, and only one that nobody has is withdrawn. Moments are stored in UTC; days and
hours are Tehran's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, false, select, update

from normalizer.day import TEHRAN, tehran_day
from ticketing.appointment_tables import TAKING, appointments, officials, slots
from ticketing.asked import Asked
from ticketing.database import Database
from ticketing.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from ticketing.ids import new_id, parse_id
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.roles import at_desk, seen_by
from ticketing.staff import Staff
from ticketing.transaction import Row, UnitTransaction
from ticketing.working_time import WorkingTime

KEEPERS: Final = at_desk("calendar")
"""The roles that keep calendars."""
LONGEST: Final = {"name": 100, "post": 100, "place": 200}
MINUTES: Final = range(5, 8 * 60 + 1)
WEEKS: Final = range(1, 27)
_MOST_SLOTS: Final = 400
IS_TAKEN: Final[ColumnElement[bool]] = exists().where(
    appointments.c.slot_id == slots.c.id, appointments.c.state.in_(TAKING)
)


@dataclass(frozen=True, slots=True)
class Series:
    """Slots of `minutes` one after the other, from `begins` to `ends` on `day`, and the same day of the weeks after.

    Where there are several weeks, days that are not worked are left out.
    """

    day: date
    begins: time
    ends: time
    minutes: int
    place: str
    weeks: int = 1

    def starts(self, calendar: WorkingTime) -> Iterator[datetime]:
        """When each slot starts."""
        for week in range(self.weeks):
            day = self.day + timedelta(weeks=week)
            if self.weeks == 1 or calendar.is_worked(day):
                yield from self._of_day(day)

    def _of_day(self, day: date) -> Iterator[datetime]:
        start, end = (datetime.combine(day, clock, TEHRAN).astimezone(UTC) for clock in (self.begins, self.ends))
        while start + self.length <= end:
            yield start
            start += self.length

    @property
    def fits(self) -> bool:
        """True where at least one slot fits between beginning and end."""
        return next(self._of_day(self.day), None) is not None

    @property
    def length(self) -> timedelta:
        """How long one slot lasts."""
        return timedelta(minutes=self.minutes)


def kept_by(staff: Staff) -> ColumnElement[bool]:
    """What an official's row must meet for this member of staff to keep the calendar."""
    if staff.role not in KEEPERS:
        return false()
    theirs = officials.c.procedure.in_(list(seen_by(staff.role)))
    return theirs if staff.organisation == NATIONAL else theirs & (officials.c.organisation == staff.organisation)


async def add_official(
    database: Database, asked: Asked, name: str, post: str, organisation: str | None = None
) -> dict[str, Any]:
    """Put an official on the list; staff of an organisation only for their own. Returns `{"id"}`.

    Raises `Forbidden`, `Invalid`.
    """
    of = asked.staff.organisation if organisation is None else organisation
    if asked.staff.role not in KEEPERS:
        raise Forbidden
    errors = [*_wrong("name", name), *_wrong("post", post)]
    if of not in ORGANISATIONS or asked.staff.organisation not in (NATIONAL, of):
        errors.append(FieldError("organisation", "not_allowed"))
    if errors:
        raise Invalid(errors)

    async def work(tx: UnitTransaction) -> dict[str, Any]:
        kept = {"organisation": of, "procedure": next(iter(seen_by(asked.staff.role)))}
        row = {"id": new_id(), **kept, "name": name.strip(), "post": post.strip(), "active": True}
        tx.add(officials, {**row, "added_by": asked.staff.username, "added_at": asked.at})
        return {"id": str(row["id"])}

    return await asked.once(database, work)


async def set_active(database: Database, asked: Asked, written_id: str, *, active: bool) -> dict[str, Any]:
    """Whether the official's slots are offered; appointments stay. Returns `{"id", "active"}`. Raises `NotFound`."""

    async def work(tx: UnitTransaction) -> dict[str, Any]:
        row = await _official(tx, asked.staff, written_id)
        await tx.execute(update(officials).where(officials.c.id == row["id"]).values(active=active))
        return {"id": written_id, "active": active}

    return await asked.once(database, work)


async def add_slots(database: Database, asked: Asked, official: str, series: Series) -> dict[str, Any]:
    """Add a series to the official's calendar, all or nothing. Returns `{"added"}`. Raises `NotFound`, `Invalid`."""
    errors = _errors_of(series, asked.at)
    if errors:
        raise Invalid(errors)
    return await asked.once(database, partial(_add_slots, asked=asked, official=official, series=series))


async def withdraw_slot(database: Database, asked: Asked, slot: str) -> dict[str, Any]:
    """Take a free slot back. Returns `{"id"}`. Raises `NotFound`, `Conflict` (`slot_taken`)."""

    async def work(tx: UnitTransaction) -> dict[str, Any]:
        row = await find_slot(tx, asked.staff, parse_id(slot))
        if row is None:
            raise NotFound
        if row["taken"]:
            raise Conflict("slot_taken")
        gone = {"withdrawn_by": asked.staff.username, "withdrawn_at": asked.at}
        await tx.execute(update(slots).where(slots.c.id == row["id"]).values(**gone))
        return {"id": slot}

    return await asked.once(database, work)


async def find_slot(tx: UnitTransaction, staff: Staff, slot_id: int | None) -> Row | None:
    """A slot that is not withdrawn, with its official and whether it is `taken`; nobody else gets it until the unit
    ends. None where this member of staff keeps no such slot."""
    if slot_id is None:
        return None
    wanted = select(slots.c.id).where(slots.c.id == slot_id, slots.c.withdrawn_at.is_(None)).with_for_update()
    if not await tx.rows(wanted):
        return None
    shown = (slots, officials.c.name, officials.c.post, officials.c.active, IS_TAKEN.label("taken"))
    joined = select(*shown).join(officials, officials.c.id == slots.c.official_id)
    rows = await tx.rows(joined.where(slots.c.id == slot_id, kept_by(staff)))
    return rows[0] if rows else None


async def _official(tx: UnitTransaction, staff: Staff, written_id: str) -> Row:
    official_id = parse_id(written_id)
    if official_id is None:
        raise NotFound
    found = select(officials).where(officials.c.id == official_id, kept_by(staff))
    rows = await tx.rows(found.with_for_update())
    if not rows:
        raise NotFound
    return rows[0]


async def _add_slots(tx: UnitTransaction, *, asked: Asked, official: str, series: Series) -> dict[str, Any]:
    row = await _official(tx, asked.staff, official)  # held until the end: nobody adds to this calendar meanwhile
    starts = list(series.starts(asked.rules.deadlines.calendar))
    if not starts:
        raise Invalid([FieldError("day", "day_off")])
    if len(starts) > _MOST_SLOTS:
        raise Invalid([FieldError("weeks", "out_of_range")])
    its = (slots.c.official_id == row["id"]) & slots.c.withdrawn_at.is_(None)
    near = its & (slots.c.ends_at > starts[0]) & (slots.c.starts_at < starts[-1] + series.length)
    known = await tx.rows(select(slots.c.starts_at, slots.c.ends_at).where(near))
    if any(each["starts_at"] < start + series.length and start < each["ends_at"] for each in known for start in starts):
        raise Invalid([FieldError("begins", "overlaps")])
    made = {"official_id": row["id"], "place": series.place.strip(), "added_by": asked.staff.username}
    for start in starts:
        tx.add(
            slots,
            {"id": new_id(), **made, "starts_at": start, "ends_at": start + series.length, "added_at": asked.at},
        )
    return {"added": len(starts)}


def _errors_of(series: Series, at: datetime) -> list[FieldError]:
    errors = _wrong("place", series.place)
    if series.minutes not in MINUTES:
        errors.append(FieldError("minutes", "out_of_range"))
    elif not series.fits:
        errors.append(FieldError("ends", "out_of_range"))
    if series.weeks not in WEEKS:
        errors.append(FieldError("weeks", "out_of_range"))
    if datetime.combine(series.day, series.begins, TEHRAN) <= at:
        errors.append(FieldError("day" if series.day < tehran_day(at) else "begins", "in_the_past"))
    return errors


def _wrong(name: str, words: str) -> list[FieldError]:
    if not words.strip():
        return [FieldError(name, "required")]
    return [FieldError(name, "too_long")] if len(words.strip()) > LONGEST[name] else []
