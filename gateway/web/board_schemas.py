"""The shapes of the message board in the JSON API of staff."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.web.schemas import Answer, Code, Line, LongText, Request
from ticketing.board import ADDRESSEES, LONGEST_SUBJECT, LONGEST_TEXT
from ticketing.board_view import PAGE

Words = Annotated[LongText, Field(min_length=1, max_length=LONGEST_TEXT)]


class BoardQuery(BaseModel):
    """Which conversations; the open ones unless said otherwise, with those that have something unread."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["open", "closed", "any"] = "open"
    organisation: Line = ""
    cursor: Line = ""
    limit: Annotated[int, Field(ge=1, description="More than 200 is 200")] = PAGE


class ConversationQuery(BaseModel):
    """Which of its messages: the newest, or the newest before number `before`."""

    model_config = ConfigDict(extra="forbid")

    before: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class NewConversationIn(Request):
    """A first message: the centre names organisations or says `everywhere`, an organisation writes to the centre."""

    organisations: Annotated[list[Line], Field(default_factory=list, max_length=len(ADDRESSEES))]
    everywhere: bool = False
    subject: Annotated[Line, Field(min_length=1, max_length=LONGEST_SUBJECT)]
    text: Words


class MessageIn(Request):
    """One more message."""

    text: Words


class ReadingIn(Request):
    """Up to which message the asker was shown the conversation."""

    number: Annotated[int, Field(ge=1, le=2**31 - 1)]


class StandingIn(Request):
    """Whether the conversation is to be open or closed."""

    status: Literal["open", "closed"]


class BegunOut(Answer):
    """A conversation that was begun, and with which organisation."""

    id: str
    organisation: str


class BegunAllOut(Answer):
    """One conversation for each organisation, in the order they were named."""

    conversations: list[BegunOut]


class WrittenOut(Answer):
    """The message's number within the conversation `id`."""

    id: str
    number: int


class StandingOut(Answer):
    """How the conversation stands now."""

    id: str
    status: Literal["open", "closed"]


class ConversationLineOut(Answer):
    """A conversation in a list: `count` messages, `unread` of them by the other side and not shown to the asker yet."""

    id: str
    organisation: str
    subject: str
    status: Literal["open", "closed"]
    count: int
    unread: int
    written_by: str
    written_at: str
    opened_by: str
    opened_at: str
    closed_by: str | None
    closed_at: str | None
    may_close: bool


class ConversationsOut(Answer):
    """A page of conversations, those with something unread first; `next_cursor` fetches the next one."""

    items: list[ConversationLineOut]
    next_cursor: str | None


class ReaderOut(Answer):
    """Somebody of the other side who was shown a message, and when first."""

    username: str
    at: str


class MessageOut(Answer):
    """A message. `tickets`: the codes in it whose tickets the asker may see; `read_by` is told of one's own side's."""

    number: int
    side: Literal["centre", "organisation"]
    author: str
    at: str
    text: str
    tickets: list[Code]
    is_own: bool
    is_new: bool
    read_by: list[ReaderOut]


class ConversationOut(ConversationLineOut):
    """A conversation with a hundred of its messages, in order; `is_all`: none are before them."""

    messages: list[MessageOut]
    is_all: bool
