"""The shape of the settings that rule tickets: routing, joining, surges, keeping. Meaning is `ticketing`'s to judge."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gateway.setting_values import FileOrNone
from gateway.settings import Section
from ticketing.days_off import Corrections, load_corrections
from ticketing.joining_bounds import JoiningBounds
from ticketing.keeping import Terms
from ticketing.lengths import Duration, DurationOrNone
from ticketing.surge_bounds import SurgeBounds
from ticketing.survey_times import WEEK, SurveyTimes
from ticketing.working_time import Thursday, WorkingTime
from ticketing.wrong_key import WrongKey


class Routing(Section):
    """The rules of routing, in order; what a rule may say is `ticketing.routing`'s to check."""

    rules: list[dict[str, Any]] = Field(default_factory=list)


class Calendar(Section):
    """When offices work: the weekend's Thursday, the hours of Tehran, and a file of corrected days."""

    thursday: Thursday = "off"
    opens: time = time(8)
    closes: time = time(16)
    corrections: FileOrNone = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.opens >= self.closes:
            raise PydanticCustomError("in_order", "is not before closes", {"key": "opens"})
        return self

    def working_time(self) -> WorkingTime:
        """As ticketing takes it. Raises `WrongKey` naming the file of corrections and its first wrong key."""
        try:
            corrections = load_corrections(self.corrections) if self.corrections else Corrections()
        except WrongKey as error:
            raise WrongKey("calendar.corrections", str(error)) from error
        return WorkingTime(self.thursday, self.opens, self.closes, corrections)


class Joining(Section):
    """How sure it must be that a report is the same matter as its sender's open ticket."""

    upper: Annotated[float, Field(ge=0.5, le=1)] = 0.8
    lower: Annotated[float, Field(ge=0, le=1)] = 0.35
    window_days: Annotated[int, Field(ge=1, le=365)] = 60

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.lower > self.upper:
            raise PydanticCustomError("in_order", "is above upper", {"key": "lower"})
        return self

    def bounds(self) -> JoiningBounds:
        """As ticketing takes them."""
        return JoiningBounds(self.upper, self.lower, timedelta(days=self.window_days))


class Surges(Section):
    """From when on a business is proposed to evaluators; a bound of 0 proposes nobody."""

    tickets: Annotated[int, Field(ge=0, le=10_000)] = 5
    hours: Annotated[int, Field(ge=1, le=24 * 90)] = 72
    upheld: Annotated[int, Field(ge=0, le=10_000)] = 3
    upheld_days: Annotated[int, Field(ge=1, le=3650)] = 365
    outcomes: tuple[str, ...] = ("verdict",)
    adds: bool = False

    def bounds(self) -> SurgeBounds:
        """As ticketing takes them."""
        return SurgeBounds(
            tickets=self.tickets,
            within=timedelta(hours=self.hours),
            upheld=self.upheld,
            upheld_within=timedelta(days=self.upheld_days),
            outcomes=self.outcomes,
        )


class Survey(Section):
    """When citizens are asked how their matter was handled, after it was closed."""

    after: DurationOrNone = timedelta(hours=2)
    opens: time = time(8)
    closes: time = time(21)
    reminder: DurationOrNone = WEEK
    answers: Duration = timedelta(days=21)
    asks: Duration = timedelta(days=30)
    low: Annotated[int, Field(ge=1, le=4)] = 2

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.opens >= self.closes:
            raise PydanticCustomError("in_order", "is not before closes", {"key": "opens"})
        if self.reminder is not None and self.reminder < WEEK:
            raise PydanticCustomError("in_order", "is within a week of the question", {"key": "reminder"})
        return self

    def times(self) -> SurveyTimes:
        """As ticketing takes them."""
        return SurveyTimes(**self.model_dump())


class Escalation(Section):
    """What lateness leads to."""

    climbs: bool = True


class Understanding(Section):
    """What reports are understood by, where it is not what comes along."""

    classifiers: FileOrNone = None


class Retention(Section):
    """How long things are kept. What has no term here is never thrown away."""

    drafts: Duration = timedelta(hours=24)
    sign_ins: Duration = timedelta(days=365)
    views: Duration = timedelta(days=30)

    def terms(self) -> Terms:
        """As what keeps to them takes them."""
        return Terms(sign_ins=self.sign_ins)
