"""A citizen's answer to a survey, by whatever way it comes.

An answer becomes the event `rated`, with what they say beside the number sealed; it changes nothing else of the ticket.
It counts as long as the settings say, also where the ticket was opened again or another question came between.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, select, update

from sms.digits import is_ascii_number
from sms.store import Read
from ticketing.doing import Doing
from ticketing.errors import Conflict
from ticketing.hearing import Hearing
from ticketing.rules import Rules
from ticketing.survey_tables import ANSWERED, ASKED, surveys
from ticketing.ticket import Ticket, save
from ticketing.transaction import Row, UnitTransaction
from ticketing.vocabulary import RATING

_RATINGS: Final = ("1", "2", "3", "4", "5")
_FEW: Final = 3
_MOST_WORDS: Final = 4_000
_POINTS: Final = ".،,:!؛)-"


class Said(NamedTuple):
    """The rating, what was said beside it, and the ticket a button says it is about."""

    rating: int
    comment: str = ""
    ticket_id: int | None = None


def said_of(hearing: Hearing) -> Said | None:
    """The rating a report gives by itself: a button, or a number that comes first or stands among two words."""
    if hearing.report.choice is not None:
        return _pressed(hearing)
    complaint = hearing.complaint
    words = [word.strip(_POINTS) for word in complaint.key.split()]
    if not words or complaint.intent == "complaint" or complaint.tracking_codes:
        return None
    if words[0] in _RATINGS:
        return Said(int(words[0]), complaint.text.partition(" ")[2].strip())
    numbers = [word for word in words if is_ascii_number(word)]
    is_number = len(words) <= _FEW and len(numbers) == 1 and numbers[0] in _RATINGS
    return Said(int(numbers[0])) if is_number else None


def _pressed(hearing: Hearing) -> Said | None:
    kind, _, rest = (hearing.report.choice or "").partition(":")
    value, _, whose = rest.partition(":")
    if kind != RATING or value not in _RATINGS or (whose and not is_ascii_number(whose)):
        return None
    return Said(int(value), hearing.complaint.text, int(whose) if whose else None)


async def survey_answered(tx: UnitTransaction, hearing: Hearing, ticket: Ticket | None = None) -> Row | None:
    """The survey this report may be the answer to: of `ticket`, else the one last put to where it comes from."""
    said = said_of(hearing)
    if said is None:
        return None
    if ticket is not None:
        return await open_survey(tx.rows, hearing.rules, ticket.id, hearing.at)
    if hearing.voice_index is None:
        return None
    found = still_open(hearing.rules, hearing.at).where(surveys.c.address_index == hearing.voice_index)
    if said.ticket_id is not None:
        found = found.where(surveys.c.ticket_id == said.ticket_id)
    return next(iter(await tx.rows(found)), None)


async def open_survey(read: Read, rules: Rules, ticket_id: int, at: datetime) -> Row | None:
    """The newest survey about a ticket that was asked and can still be answered at `at`."""
    rows = await read(still_open(rules, at).where(surveys.c.ticket_id == ticket_id))
    return next(iter(rows), None)


def still_open(rules: Rules, at: datetime) -> Select[Any]:
    """Of the surveys that were asked and can still be answered at `at`, the one last put into words."""
    asked = (surveys.c.state == ASKED, surveys.c.asked_at > at - rules.survey.answers)
    return select(surveys).where(*asked).order_by(surveys.c.said_at.desc()).limit(1)


async def rate(tx: UnitTransaction, hearing: Hearing, ticket: Ticket, survey: Row) -> str:
    """Take the rating this report gives for the answer to `survey`. Raises `Conflict` where it has one meanwhile.

    A low one of a ticket that is still closed is kept there, for staff to follow up.
    """
    said = said_of(hearing)
    if said is None:
        raise Conflict("nothing_asked")
    still = update(surveys).where(surveys.c.id == survey["id"], surveys.c.state == ASKED)
    answered = {"state": ANSWERED, "answered_at": hearing.at, "rating": said.rating, "rings_at": None}
    if (await tx.execute(still.values(**answered))).rowcount != 1:
        raise Conflict("nothing_asked")
    if not ticket.is_open and said.rating <= hearing.rules.survey.low:
        ticket.dissatisfied = said.rating
    comment = said.comment[:_MOST_WORDS] or None
    doing = Doing(tx, hearing.rules, ticket, hearing.at, "citizen", note=comment, data={"rating": said.rating})
    doing.record("rated")
    await save(tx, hearing.rules.vault, ticket, hearing.at)
    return "answered"
