"""Everything a use case is governed by, in one value: keys, texts, procedures, categories, routes and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sms.texts import Texts
from ticketing.categories import Category
from ticketing.deadlines import Deadlines
from ticketing.joining_bounds import JoiningBounds
from ticketing.procedure import Procedure
from ticketing.procedure_parts import Fee, Sittings
from ticketing.rereading import Reread, unread
from ticketing.routing import Routing
from ticketing.surge_bounds import SurgeBounds
from ticketing.survey_times import SurveyTimes
from ticketing.title import Title
from ticketing.vault import Vault


@dataclass(slots=True)
class Rules:
    """Built once at start from settings and data files, and checked.

    While running, only what an administrator may override is exchanged, whole and checked before: `exchange` alone
    writes to this. A use case under way goes on with whichever it reads next; each text and each route is of one or
    the other, never of a mixture. `climbs`: what is answered late goes to the body above. `offers`: so many slots a
    ticket is offered whose citizen does not answer. `sisters`: the systems that take cases from us. `forms`: where on
    the web each procedure that has a page of its own is filed; empty while nobody has said which site this is.
    `reread` reads what was kept of a report once more, as its channel does.
    """

    vault: Vault
    texts: Texts
    procedures: Mapping[str, Procedure]
    categories: Mapping[str, Category]
    routing: Routing
    deadlines: Deadlines
    joining: JoiningBounds = field(default_factory=JoiningBounds)
    surges: SurgeBounds = field(default_factory=SurgeBounds)
    survey: SurveyTimes = field(default_factory=SurveyTimes)
    climbs: bool = True
    sitting_members: Mapping[str, int] = field(default_factory=dict)
    fees: Mapping[str, Fee] = field(default_factory=dict)
    offers: int = 2
    sisters: frozenset[str] = frozenset()
    forms: Mapping[str, Title] = field(default_factory=dict)
    reread: Reread = unread

    def fee_of(self, procedure: str) -> Fee | None:
        """What filing costs: as the settings say, else as the procedure's data does; None where it costs nothing."""
        return self.fees.get(procedure) or self.procedures[procedure].fee

    def sittings_of(self, procedure: str) -> Sittings | None:
        """How its deciders sit: as the procedure's data says, of as many members as the settings do."""
        own, members = self.procedures[procedure].sittings, self.sitting_members.get(procedure)
        return own.model_copy(update={"members": members}) if own is not None and members else own

    def exchange(self, texts: Texts, routing: Routing) -> None:
        """From now on use these; nothing awaits in between, so no task sees one without the other."""
        self.texts, self.routing = texts, routing
