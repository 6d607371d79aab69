"""The shapes of the JSON API: requests as they are checked, answers as they are documented.

Requests are strict: no unknown field, no number for a text. A report's own shape is its channel's, not told twice here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from gateway.web.problems import Problem
from ticketing.errors import FieldError
from ticketing.vocabulary import NEEDS

Model = TypeVar("Model", bound=BaseModel)


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("control_character", "holds a NUL")
    return text


Line = Annotated[str, Field(max_length=500), AfterValidator(_no_nul)]
LongText = Annotated[str, Field(max_length=10_000), AfterValidator(_no_nul)]
Code = Annotated[str, Field(examples=["314159265355"])]
Last4 = Annotated[str, Field(max_length=16, examples=["4567"]), AfterValidator(_no_nul)]


class Request(BaseModel):
    """What may be sent."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(BaseModel):
    """What is answered."""

    model_config = ConfigDict(extra="allow")


class AnswerIn(Request):
    """An answer to what the ticket asks: `satisfied`, `rating`, or for any other question one of its `choices`."""

    phone_last4: Last4 | None = None
    satisfied: bool | None = None
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    choice: Annotated[str, Field(pattern=r"^[a-z_]{1,32}:[0-9a-z]{1,16}$")] | None = None
    comment: LongText | None = None


class AdditionIn(Request):
    """Something to add to a ticket."""

    phone_last4: Last4 | None = None
    text: Annotated[LongText, Field(min_length=1)]


class ObjectionIn(Request):
    """Why a citizen does not accept how their ticket was closed."""

    phone_last4: Last4 | None = None
    text: Annotated[LongText, Field(min_length=1, max_length=4_000)]


class WithdrawalIn(Request):
    """The citizen takes the complaint back."""

    phone_last4: Last4 | None = None


class TrackQuery(Request):
    """The second factor of tracking."""

    phone_last4: Last4 | None = None


class LoginIn(Request):
    """Who signs in. `totp` where the account has a second factor."""

    username: Annotated[str, Field(max_length=64, min_length=1), AfterValidator(_no_nul)]
    password: Annotated[str, Field(max_length=1024, min_length=1), AfterValidator(_no_nul)]
    totp: Annotated[str, Field(max_length=16), AfterValidator(_no_nul)] | None = None


class ActionIn(BaseModel):
    """An action's fields: always the `version` seen, and those of the action (see the list of actions)."""

    model_config = ConfigDict(extra="allow")

    version: int
    note: str | None = None


Moment = Annotated[Line, Field(description="A day, or a moment on Tehran's clock", examples=["1405-08-30"])]
Between = Annotated[Line, Field(description="first..last, each a day or a moment", examples=["1405-08-01..1405-08-30"])]


class TicketsQuery(BaseModel):
    """Filters of the list of tickets; several are all to hold. A test holds them against those there are."""

    model_config = ConfigDict(extra="forbid")

    procedure: Line | None = None
    step: Line | None = None
    route: Line | None = None
    province: Line | None = None
    organisation: Line | None = None
    category: Line | None = None
    channel: Line | None = None
    status: Annotated[Line, Field(description="`open`, `closed` or `any`")] | None = None
    waiting_for: Annotated[Line, Field(description="A role, `citizen` or `nobody`")] | None = None
    overdue: bool | None = None
    mine: bool | None = None
    assignee: Annotated[Line, Field(description="`me`, `nobody` or a username")] | None = None
    business: Annotated[Line, Field(description="The id of a business")] | None = None
    opened_from: Moment | None = None
    opened_to: Moment | None = None
    due_from: Moment | None = None
    due_to: Moment | None = None
    closed_from: Moment | None = None
    closed_to: Moment | None = None
    open_at: Moment | None = None
    rated: Between | None = None
    reopened: Between | None = None
    surveyed: Between | None = None
    answered: Between | None = None
    low_rated: Between | None = None
    closed_late: bool | None = None
    merged: bool | None = None
    outcome: Line | None = None
    unknown: Annotated[Line, Field(description="`category` or `place`")] | None = None
    weekday: Annotated[Line, Field(description="Of its arrival in Tehran; 0 is Saturday", examples=["0"])] | None = None
    hours: Annotated[Line, Field(description="Of its arrival in Tehran, both included", examples=["8-9"])] | None = None
    q: Line | None = None
    cursor: Line | None = None
    limit: Annotated[int, Field(ge=1, description="More than 200 is 200")] = 50


class ReportOut(Answer):
    """Where a report ended up."""

    tracking_code: Code
    step: str
    step_number: int
    created: bool
    missing: list[Annotated[str, Field(json_schema_extra={"enum": list(NEEDS)})]]


class CandidateOut(Answer):
    """An open ticket of the same citizen that may be the same matter: the action `join` puts both together."""

    tracking_code: Code
    score: float
    reasons: list[str]


class FiledOut(ReportOut):
    """Where a report that staff filed ended up."""

    candidate: CandidateOut | None


class StepOut(Answer):
    """A step entered."""

    number: int
    step: str
    at: str


class OfferOut(Answer):
    """Something the citizen may do now; `until` is the last day for it, in Tehran, where there is one."""

    action: Annotated[str, Field(examples=["object"])]
    until: str | None


class ChoiceOut(Answer):
    """An answer to what a ticket asks: `choice` is sent back."""

    choice: str
    title: str


class TrackedOut(Answer):
    """A ticket as its citizen sees it; no personal data. `objected_at` where it is open again after an objection."""

    tracking_code: Code
    procedure: str
    step: str
    step_number: int
    status: Literal["open", "closed"]
    outcome: str | None
    due_on: str | None
    steps: list[StepOut]
    asks: Annotated[
        str | None, Field(description="`satisfied`, `rating`, or another question of the ticket's procedure")
    ]
    choices: list[ChoiceOut]
    answer: str | None
    waiting_for: str | None
    missing: list[Annotated[str, Field(json_schema_extra={"enum": list(NEEDS)})]]
    actions: list[OfferOut]
    objected_at: str | None
    surveys_refused: bool


class LoginOut(Answer):
    """A session: send `token` as `Authorization: Bearer`."""

    token: str
    role: str


class TicketOut(Answer):
    """A ticket as staff see it; a single one also has facts, timeline, notices, reports, missing, allowed_actions."""

    tracking_code: Code
    channel: str
    procedure: str
    step: str
    step_number: int
    status: str
    waiting_for: str | None
    category: str | None
    organisation: str
    route: str | None
    outcome: str | None
    due_on: str | None
    version: int


class TicketsOut(Answer):
    """A page of tickets; `next_cursor` fetches the next one, null at the end."""

    items: list[TicketOut]
    next_cursor: str | None


class FieldErrorOut(Answer):
    """One wrong field."""

    field: str
    code: str
    message: str


class ProblemOut(Answer):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldErrorOut] = []


_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_too_short": "required",
    "too_long": "too_long",
    "too_short": "required",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "finite_number": "out_of_range",
    "int_parsing_size": "out_of_range",
    "literal_error": "not_allowed",
    "control_character": "control_character",
    "bool_parsing": "wrong_type",
    "int_parsing": "wrong_type",
}


def checked(model: type[Model], value: Any) -> Model:
    """The value as the model. Raises Problem 422 naming every wrong field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise Problem(422, errors=list(_field_errors(error))) from None


def _field_errors(error: ValidationError) -> Iterable[FieldError]:
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        kind = each["type"]
        code = _CODES.get(kind) or ("wrong_type" if kind.endswith("_type") else "wrong_value")
        yield FieldError(".".join(str(part)[:64] for part in each["loc"]), code)
