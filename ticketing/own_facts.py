"""Facts of a procedure's own, which details tell: taking what the citizen answers for the detail that can hold it."""

from __future__ import annotations

from datetime import datetime

from ticketing.field_types import FIELD_TYPES, WrongValue
from ticketing.filing import kept
from ticketing.procedure_parts import OwnFact
from ticketing.rules import Rules
from ticketing.ticket import Ticket


def take_own(rules: Rules, ticket: Ticket, fact: OwnFact, words: str, at: datetime) -> bool:
    """Keep `words` as the first detail of the fact that can hold them; False where none can."""
    fields = rules.procedures[ticket.procedure].filing.fields
    for name in fact.told_by:
        try:
            value = FIELD_TYPES[fields[name].type].read(words[: fields[name].most], fields[name], at)
        except WrongValue:
            continue
        ticket.details = {**ticket.details, name: kept(value)}
        return True
    return False
