"""Whether a report is the same matter as an open ticket of its sender: the likeliest ticket, how sure, and why.

Looks and says; joining and asking are done by others. A stranger who only names somebody's phone or mail must tell more
than the shop to be taken for them: the answer would let them in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from normalizer.likeness import Likeness, likeness
from normalizer.told import Telling
from ticketing.hearing import Hearing
from ticketing.persons import TheirTicket, tickets_of
from ticketing.tables import reports
from ticketing.ticket import Ticket
from ticketing.transaction import UnitTransaction

_TELLS_WHICH: Final = frozenset(
    ("same_shop", "same_guild_id", "same_numbers", "same_words", "the_shop", "close_text", "at_once")
)
_HIDING: Final = 0.01
"""How far below the upper bound stays what may not be joined unasked, however like the rest is."""


@dataclass(frozen=True, slots=True)
class Likely:
    """An open ticket of the sender's that may be this matter; `reasons` are codes, the person's first."""

    ticket: Ticket
    score: float
    reasons: tuple[str, ...]
    is_proved: bool


def likeness_to(ticket: Ticket, hearing: Hearing) -> Likeness:
    """How alike the report is to what the ticket is known to be about."""
    complaint = hearing.complaint
    business, place = complaint.business, complaint.place
    earlier = Telling(
        ticket.text,
        ticket.opened_at,
        ticket.business_name,
        ticket.business_guild_id,
        ticket.province,
        ticket.county,
        ticket.category,
        channel=ticket.channel,
    )
    later = Telling(
        complaint.text,
        hearing.at,
        business.name,
        business.guild_id,
        place.province,
        place.county,
        complaint.category,
        complaint.intent,
    )
    return likeness(earlier, later)


async def find_likely(tx: UnitTransaction, hearing: Hearing) -> Likely | None:
    """The sender's open ticket most like this report; None where they have none."""
    procedure = hearing.report.extra.get("procedure") or next(iter(hearing.rules.procedures))
    theirs = await tickets_of(tx, hearing, hearing.rules.joining.window)
    apart = await _of_this_call(tx, hearing) if theirs else set()
    compared = [each for each in theirs if each.ticket.id not in apart and each.ticket.procedure == procedure]
    found = [_judged(each, hearing) for each in compared]
    likeliest = max(found, key=lambda likely: (likely.score, likely.ticket.id), default=None)
    return _unless_several(likeliest, found, hearing.rules.joining.upper)


def _unless_several(likely: Likely | None, found: Sequence[Likely], upper: float) -> Likely | None:
    """«هنوز کسی نیامده» may be about any of several tickets: only what tells which joins one of them unasked."""
    several = sum(each.score >= upper for each in found) > 1
    if likely is None or not several or not _TELLS_WHICH.isdisjoint(likely.reasons):
        return likely
    return replace(likely, score=min(likely.score, upper - _HIDING))


async def _of_this_call(tx: UnitTransaction, hearing: Hearing) -> set[int | None]:
    """The tickets filed in the same call: who files a second one in it means a second one (CONTRACT §6)."""
    if hearing.report.call_id is None:
        return set()
    filed = await tx.rows(select(reports.c.ticket_id).where(reports.c.call_id == hearing.report.call_id))
    return {row["ticket_id"] for row in filed}


def _judged(theirs: TheirTicket, hearing: Hearing) -> Likely:
    """How likely it is, and why; below the upper bound where another shop is named, or a stranger would be let in."""
    found = likeness_to(theirs.ticket, hearing)
    is_let_in = theirs.is_proved or found.is_close or hearing.report.filed_by is not None
    is_bounded = found.names_another or not is_let_in  # staff are answered, not the stranger
    score = min(found.score, hearing.rules.joining.upper - _HIDING) if is_bounded else found.score
    reasons = tuple(sign for sign, weight in found.reasons if weight > 0)
    person = "same_person" if theirs.is_proved else "said_contact"
    return Likely(theirs.ticket, score, (person, *reasons), theirs.is_proved)
