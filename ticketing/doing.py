"""One thing being done to one ticket: by whom, with what, and what it leaves behind in the record."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ticketing.attachments import StoredFile
from ticketing.deadlines import due_on
from ticketing.ids import new_id
from ticketing.procedure import Action, Procedure
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.states import State
from ticketing.tables import remarks
from ticketing.ticket import Ticket
from ticketing.transaction import UnitTransaction

_WORDS = ("text",)


@dataclass(slots=True)
class Doing:
    """What effects work with. `fields` are checked; `staff` is None for the citizen, a rule or a clock.

    `data` goes into the event beside the fields; `shown` goes into the answer and nowhere else; `afterwards` is done
    when the event is written. `action` is the one being done, None for what a clock does.
    """

    tx: UnitTransaction
    rules: Rules
    ticket: Ticket
    at: datetime
    actor: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    staff: Staff | None = None
    note: str | None = None
    files: Sequence[StoredFile] = ()
    data: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    action: Action | None = None
    afterwards: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    @property
    def procedure(self) -> Procedure:
        """The ticket's procedure."""
        return self.rules.procedures[self.ticket.procedure]

    def record(self, kind: str, action: Action | None = None) -> None:
        """Write the event: codes and figures in the open, people's words sealed beside it with a fingerprint."""
        words, figures = self._sorted(action)
        data = {**figures, **self.data} | ({"files": len(self.files)} if self.files else {})
        if words:
            said = json.dumps(words, ensure_ascii=False, sort_keys=True)
            data["said"] = self.rules.vault.index("remark", f"{self.ticket.id}/{said}").hex()
            row_id = new_id()
            sealed = self.rules.vault.seal("remarks.said", row_id, said)
            row = {"id": row_id, "ticket_id": self.ticket.id, "number": self.ticket.last_event + 1, "said": sealed}
            self.tx.add(remarks, row)
        self.ticket.record(kind, self.actor, self.at, **data)

    def _sorted(self, action: Action | None) -> tuple[dict[str, Any], dict[str, Any]]:
        words: dict[str, Any] = {"note": self.note} if self.note else {}
        figures: dict[str, Any] = {}
        if action is None or action.takes_facts:
            return words, figures | ({"fields": sorted(self.fields)} if self.fields else {})
        for name, value in self.fields.items():
            target = words if action.fields[name].type in _WORDS else figures
            target[name] = value.isoformat() if isinstance(value, date) else value
        return words, figures


Effect = Callable[[Doing], Awaitable[None]]


def last_day(rules: Rules, ticket: Ticket, action: Action) -> date | None:
    """The last day in Tehran on which the citizen may do `action` to a closed ticket; None where no term runs."""
    if action.within is None or ticket.closed_at is None:
        return None
    return due_on(rules.deadlines.due(ticket.procedure, action.within, ticket.closed_at, ticket.category))


def state_of(ticket: Ticket) -> State:
    """Where a ticket stands in its procedure."""
    return State(ticket.step, ticket.waiting_for, ticket.status, ticket.outcome, ticket.timer)
