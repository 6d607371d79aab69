"""The shapes of businesses and parent cases in the JSON API of staff."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.web.schemas import Answer, Code, Line, Request, TicketOut
from ticketing.parent_cases import MOST_CHILDREN

Codes = Annotated[list[Line], Field(min_length=1, max_length=MOST_CHILDREN)]


class BusinessOut(Answer):
    """What is known of a business from its tickets; a single one also has `counts` of its newest tickets in sight."""

    id: str
    name: str | None
    guild_id: str | None
    trade: str | None
    province: str | None
    county: str | None
    phone: str | None
    first_seen_at: str


class ProposalOut(Answer):
    """A business over a bound of `[surges]`: open tickets, those of late, and those upheld; 0 below a bound."""

    business: BusinessOut
    open: int
    surging: int
    upheld: int


class ProposalsOut(Answer):
    """The businesses proposed to be looked at as a whole, the most tickets of late first."""

    items: list[ProposalOut]


class NewCaseIn(Request):
    """Open tickets about one business, to be put together. `adds`: new ones are put there by themselves."""

    tickets: Codes
    adds: bool | None = None


class ChildrenIn(Request):
    """Tickets by their codes."""

    tickets: Codes


class ChildIn(Request):
    """A child, and its version as it was looked at."""

    tracking_code: Line
    version: int


class FanOutIn(BaseModel):
    """The children to act on, and beside them the fields of the action as for one ticket, without a `version`."""

    model_config = ConfigDict(extra="allow")

    tickets: Annotated[list[ChildIn], Field(min_length=1, max_length=MOST_CHILDREN)]
    note: str | None = None


class ResultOut(Answer):
    """What became of one child; `code` says why it was refused."""

    tracking_code: Line
    result: Literal["done", "refused"]
    code: str | None


class ResultsOut(Answer):
    """What became of each, in the order asked; `id` is the parent case's."""

    id: str
    results: list[ResultOut]


class CaseLineOut(Answer):
    """A parent case in a list: `open` children in sight, and `addable` tickets about its business in no case."""

    id: str
    business: BusinessOut
    status: Literal["open", "closed"]
    procedure: str
    organisation: str
    opened_by: str
    opened_at: str
    closed_at: str | None
    adds: bool


class CasesOut(Answer):
    """The open parent cases of one's organisation, the newest first."""

    items: list[CaseLineOut]


class ChildOut(TicketOut):
    """A child: a ticket of its own, with what may be done to it together with others."""

    tracking_code: Code
    allowed_actions: list[str]


class CaseOut(CaseLineOut):
    """A parent case: its children in sight, to how many of them each action may be done, and what may be added."""

    children: list[ChildOut]
    actions: dict[str, int]
    addable: list[TicketOut]
