"""The shapes of officials' calendars in the JSON API of staff."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from gateway.web.schemas import Answer, Line, Request
from normalizer.day import parse_day
from normalizer.text import digits
from sms.digits import is_ascii_number
from ticketing.calendars import LONGEST, MINUTES, WEEKS


def _clock(written: Any) -> Any:
    """A time of day as people write it: 9, 9:30, ۰۹:۳۰."""
    if not isinstance(written, str):
        return written
    hour, _, minute = digits(written.strip()).partition(":")
    if not all(is_ascii_number(part) and len(part) <= len("00") for part in (hour, minute or "0")):
        raise PydanticCustomError("wrong_value", "is no time of day")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise PydanticCustomError("wrong_value", "is no time of day") from None


def _day(written: Any) -> Any:
    day = parse_day(written) if isinstance(written, str) else None
    if day is None:
        raise PydanticCustomError("invalid_date", "is no day")
    return day


def _said(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("required", "is blank")
    return text.strip()


Clock = Annotated[time, BeforeValidator(_clock), Field(json_schema_extra={"type": "string", "examples": ["09:30"]})]
Day = Annotated[date, BeforeValidator(_day), Field(json_schema_extra={"examples": ["1405-09-05", "2026-11-26"]})]


class CalendarQuery(BaseModel):
    """From which day on; today unless said otherwise."""

    model_config = ConfigDict(extra="forbid")

    since: Day | None = None


class OfficialIn(Request):
    """Somebody who may be met. `organisation` is one's own unless said otherwise."""

    name: Annotated[Line, Field(max_length=LONGEST["name"]), AfterValidator(_said)]
    post: Annotated[Line, Field(max_length=LONGEST["post"]), AfterValidator(_said)]
    organisation: Line | None = None


class ActivityIn(Request):
    """Whether the official's slots are offered."""

    active: bool


class SlotsIn(Request):
    """Slots of `minutes` from `begins` to `ends` (Tehran's clock) on `day`, and weekly after that for `weeks`."""

    day: Day
    begins: Clock
    ends: Clock
    minutes: Annotated[int, Field(ge=MINUTES.start, lt=MINUTES.stop)]
    place: Annotated[Line, Field(max_length=LONGEST["place"]), AfterValidator(_said)]
    weeks: Annotated[int, Field(ge=WEEKS.start, lt=WEEKS.stop)] = 1


class SlotOut(Answer):
    """A slot; `tracking_code` is of the ticket that has it, where the asker may see that."""

    id: str
    day: str
    starts_at: str
    ends_at: str
    place: str
    state: Literal["free", "past", "offered", "confirmed", "held", "missed"]
    tracking_code: str | None


class OfficialOut(Answer):
    """An official with the slots of four weeks."""

    id: str
    name: str
    post: str
    organisation: str
    active: bool
    slots: list[SlotOut]


class CalendarOut(Answer):
    """The calendars one keeps."""

    officials: list[OfficialOut]


class MadeOut(Answer):
    """What was made or changed."""

    id: str


class AddedOut(Answer):
    """How many slots were added."""

    added: int
