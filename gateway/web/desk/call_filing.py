"""What an operator's form becomes: a report of its own, or more words for a ticket that is open already.

Both are known by the form's id and its operator, so that a form is one or the other, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from channels.phone import CHANNELS, CODES
from gateway.web.desk.call_form import payload_of
from gateway.web.filing import Filing, canonical, file_report, hash_of
from gateway.web.problems import Problem
from gateway.web.services import Services
from normalizer.report import Report
from normalizer.text import clean
from ticketing.accepted import Accepted
from ticketing.desk import find_visible
from ticketing.errors import Conflict, FieldError, NotFound
from ticketing.intake import take_in
from ticketing.replaying import find_first_answer
from ticketing.staff import Staff
from ticketing.tables import reports
from ticketing.transaction import LookUp

ACCOUNT: Final = "calls"
_LONGEST_CALL_ID: Final = 64


async def file(services: Services, member: Staff, typed: Mapping[str, str], form_id: str) -> Accepted:
    """File the form as a report; durable on return. Raises Problem 422, KeyReused, Unavailable."""
    payload = payload_of(typed)
    channel = CHANNELS.get(payload["channel"], CHANNELS[CODES[0]])  # whose check refuses an unknown one
    filing = Filing(
        ACCOUNT,
        _identity(member, form_id),
        payload,
        canonical(dict(typed)),
        body_hash=hash_of(payload),
        context={"filed_by": member.id},
        channels=CODES,
    )
    return await file_report(services, channel, filing)


async def attach(services: Services, member: Staff, typed: Mapping[str, str], form_id: str) -> Accepted:
    """Add the form's words to the ticket chosen in it; durable on return.

    Raises Problem 422, NotFound, Conflict (closed meanwhile), KeyReused, Unavailable.
    """
    text, code = typed.get("text", ""), typed.get("ticket", "")
    if not clean(text):
        raise Problem(422, errors=[FieldError("text", "required")])
    said = {"ticket": code, "text": text, "call_id": call_id_of(typed)}
    identity, body_hash = _identity(member, form_id), hash_of(said)
    first = await find_first_answer(services.database, services.rules, CODES, ACCOUNT, identity, body_hash)
    if first is not None:
        return first
    row = await find_visible(services.database.read, services.rules, member, code)
    if row is None:
        raise NotFound
    if row["status"] != "open":
        raise Conflict
    report = Report(
        channel=CODES[0] if typed.get("channel", "") not in CODES else typed["channel"],
        account=ACCOUNT,
        external_id=identity,
        received_at=services.now(),
        raw=canonical(said),
        text=text,
        filed_by=member.id,
        call_id=said["call_id"],
    )
    return await take_in(services.database, services.rules, report, body_hash=body_hash, about=row["id"])


def call_id_of(typed: Mapping[str, str]) -> str | None:
    """The exchange's id of the call, or None."""
    call_id = typed.get("call_id", "")[:_LONGEST_CALL_ID]
    return call_id if call_id and call_id.isprintable() else None


def filed_as(member: Staff, form_id: str) -> list[LookUp]:
    """What finds the report a form has become, on whichever channel."""
    columns = ("channel", "account", "external_id")
    return [LookUp(reports, columns, (code, ACCOUNT, _identity(member, form_id))) for code in CODES]


def _identity(member: Staff, form_id: str) -> str:
    return f"form-{member.id}-{form_id}"
