"""What a procedure may declare beside steps and actions: facts told by details, parties, a fee, sittings, a survey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ticketing.title import Title


class Data(BaseModel):
    """A part of a procedure's data: fixed once read, and nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class OwnFact(Data):
    """A fact of the procedure's own, known when one of the details `told_by` is.

    What the citizen answers is taken for the first of them that can hold it.
    """

    told_by: tuple[str, ...] = Field(min_length=1)


class SameMatter(Data):
    """The citizen is asked whether a new report is the same matter as a ticket they have open.

    A ticket that lacks facts waits for the answer under `timer`; "the same" counts up to the step `until`.
    """

    timer: str
    until: str


class Matter(Data):
    """What one ticket is called in sentences about it, and its `citizen`, for staff.

    Where a detail, `by`, says what kind it is, a kind may be `called` otherwise than by the `title`.
    """

    title: Title = Title(fa="پرونده", en="case")
    citizen: Title = Title(fa="شهروند", en="citizen")
    by: str | None = None
    called: dict[str, Title] = Field(default_factory=dict)

    def title_of(self, details: Mapping[str, Any]) -> Title:
        """What a ticket with these details is called."""
        return self.called.get(str(details.get(self.by or "")), self.title)


class Party(Data):
    """Somebody beside the citizen who is told what is decided and invited; no user of the system.

    Which details hold what is known of them: the name, the number in a guild's membership file, and how they are
    reached. The first party is the one complained of.
    """

    title: Title
    name: str
    number: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None

    @property
    def details(self) -> tuple[str, ...]:
        """The names of all of them."""
        named = (self.name, self.number, self.email, self.phone, self.address)
        return tuple(name for name in named if name is not None)


class Calendar(Data):
    """What the calendar its appointments are set from is called, what it is for, and one `holder` of times in it.

    `post` is an example of what is said before a holder's name.
    """

    title: Title
    lead: Title
    holder: Title
    post: Title


class Sittings(Data):
    """Who decides sits together: so many `members`, most of whom must be there, and at least every so many days."""

    members: int = Field(gt=0)
    every_days: int = Field(gt=0)

    @property
    def quorum(self) -> int:
        """How many must be there: most of the members."""
        return self.members // 2 + 1


class Fee(Data):
    """What filing costs, and the account it is paid into."""

    rial: int = Field(gt=0)
    account: str = Field(min_length=1)


class Judged(Data):
    """What an action decides on: what `action` last said, shown beside it under a `title`."""

    action: str
    title: Title


class Grievance(Data):
    """A ticket of `procedure` with these `details`; the field of them named by `earlier` gets the rated one's code."""

    procedure: str
    details: dict[str, Any] = Field(default_factory=dict)
    earlier: str | None = None


class Survey(Data):
    """The citizen is asked how satisfied they are with the handling, after a close with an outcome in `after`.

    `grievance` is what may be opened where they are not.
    """

    after: tuple[str, ...] = Field(min_length=1)
    grievance: Grievance | None = None
