"""How satisfied citizens were, and how many of those asked said so: by organisation and procedure, the best first.

Counted are the surveys asked within a span, with the answers they have had by now. What is shown of few answers, and
how they are marked, is for whoever shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import case, func, select

from ticketing.figures import DIMENSIONS, Scope, Tally
from ticketing.measuring import Span
from ticketing.survey_tables import surveys
from ticketing.tables import tickets

_NAMES: Final = (*DIMENSIONS, "procedure")


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Of so many `asked`, so many have `answered`, with ratings that add up to `total`; `low` of them were low."""

    organisation: str
    procedure: str
    asked: int
    answered: int
    total: int
    low: int

    @property
    def response_rate(self) -> float:
        """The share of those asked who answered, 0 … 1."""
        return self.answered / self.asked if self.asked else 0.0

    @property
    def mean(self) -> float | None:
        """The mean rating, 1 … 5; None where nobody answered."""
        return self.total / self.answered if self.answered else None

    @property
    def low_share(self) -> float | None:
        """The share of low ratings among the answers; None where nobody answered."""
        return self.low / self.answered if self.answered else None


async def surveyed(scope: Scope, span: Span) -> Tally:
    """Surveys asked within the span: how many, how many answered, the sum of the ratings, and how many were low."""
    is_low = case((surveys.c.rating <= scope.rules.survey.low, 1), else_=0)
    counts = (func.count(), func.count(surveys.c.rating), func.sum(surveys.c.rating), func.sum(is_low))
    keys = [tickets.c[name] for name in _NAMES]
    named: list[Any] = [each.label(f"count{place}") for place, each in enumerate(counts)]
    joined = surveys.join(tickets, surveys.c.ticket_id == tickets.c.id)
    asked = (*scope.conditions, span.holds(surveys.c.asked_at))
    rows = await scope.read(select(*keys, *named).select_from(joined).where(*asked).group_by(*keys))
    return Tally(_NAMES, [tuple(row.values()) for row in rows])


async def satisfaction(scope: Scope, span: Span, *, few: int = 1) -> list[Satisfaction]:
    """Each organisation's in each procedure, as `ranked` puts them."""
    return ranked(await surveyed(scope, span), few)


def ranked(counted: Tally, few: int, *, by_procedure: bool = True) -> list[Satisfaction]:
    """What `surveyed` counted, the most satisfied first, of organisations in each procedure or (procedure '') in all.

    Those with fewer than `few` answers, whose mean says little, come after all others.
    """
    sums: dict[tuple[str, str], list[int]] = {}
    for organisation, *_, procedure, asked, answered, total, low in counted.rows:
        known = sums.setdefault((organisation, procedure if by_procedure else ""), [0, 0, 0, 0])
        for place, count in enumerate((asked, answered, total, low)):
            known[place] += int(count or 0)
    found = [Satisfaction(organisation, procedure, *counts) for (organisation, procedure), counts in sums.items()]
    return sorted(found, key=lambda each: (each.answered < few, -(each.mean or 0), -each.answered, each.organisation))
