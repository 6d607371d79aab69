"""A ticket as staff see it (CONTRACT §6): a line of a list, and the whole with facts, timeline, notices and reports.

Identity is masked here, always: only the action `reveal` shows it, and leaves an event. Who must not learn who
complains is not shown even that.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select

from sms.outbox import NoticeView, masked, notices_of
from sms.store import Read
from ticketing.appointments import appointments_of
from ticketing.blinding import accuses_trader, blinded_picture
from ticketing.deadlines import due_on
from ticketing.doing import state_of
from ticketing.guards import GUARDS, holds
from ticketing.notify import voices
from ticketing.parties import details_shown
from ticketing.roles import is_blind
from ticketing.routing import Choice
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import attachments, events, remarks, reports, staff, tickets
from ticketing.ticket import Identity, Ticket, ticket_from, ticket_identity
from ticketing.unjoining import leaving
from ticketing.waiting import clock_of

_TO_CITIZEN_OR_INSPECTOR: Final = ("step", "question", "close", "dispatch", "survey")
_OTHER_TICKETS: Final = ("into", "ticket")
_SHOWN_OF_A_REPORT: Final = ("channel", "state", "reason", "intent", "text", "call_id")


def line_of(rules: Rules, row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """One ticket in a list, from its row; identity stays sealed."""
    day = due_on(row["due_at"]) if row["status"] == "open" else None
    plain = ("channel", "procedure", "status", "waiting_for", "category", "organisation", "route", "outcome", "version")
    more = ("province", "county", "business_name", "urgent", "anonymous")
    bodies = ("addressee", "body")
    return {
        "tracking_code": rules.vault.unseal("tickets.code", row["id"], row["code"]),
        "step": rules.procedures[row["procedure"]].step(row["step"]).code,
        "step_number": row["step"],
        **{name: row[name] for name in (*plain, *more)},
        **{name: row[name] or None for name in bodies},
        "due_on": day.isoformat() if day else None,
        "overdue": day is not None and row["due_at"] < at,
        "warned": bool((row["clock"] or {}).get("warned")),
        "opened_at": row["opened_at"].isoformat(),
        "updated_at": row["updated_at"].isoformat(),
    }


def allowed_actions(rules: Rules, member: Staff, ticket: Ticket) -> list[str]:
    """What this member of staff, who sees the ticket, may do to it now."""
    procedure = rules.procedures[ticket.procedure]
    allowed = procedure.allowed(member.role, state_of(ticket), filed=ticket.filed_by == member.id)
    return [code for code in allowed if holds(rules, ticket, procedure.actions[code].provided)]


async def picture_of(
    read: Read, rules: Rules, member: Staff, row: Mapping[str, Any], at: datetime, allowed: Sequence[str]
) -> dict[str, Any]:
    """The whole ticket from its row as this member of staff may see it; `allowed` are the actions open to them."""
    picture = await _picture(read, rules, member.role, row, at, allowed)
    if is_blind(member.role, row["procedure"]):
        accused = accuses_trader(rules.procedures[row["procedure"]])
        return blinded_picture(picture, ticket_identity(rules.vault, row), accused=accused)
    return picture


async def _picture(
    read: Read, rules: Rules, role: str, row: Mapping[str, Any], at: datetime, allowed: Sequence[str]
) -> dict[str, Any]:
    ticket = ticket_from(rules.vault, row)
    names = await _usernames(read, {ticket.filed_by, ticket.inspector, ticket.assignee})
    suggested = rules.routing.choose(ticket, rules.categories.get(ticket.category or ""))
    happened = await read(select(events).where(events.c.ticket_id == ticket.id).order_by(events.c.number))
    files = await read(_of(attachments, ticket.id))
    timeline, merged_into = await _timeline(read, rules, ticket, happened, files)
    said = await notices_of(read, rules.vault.unseal, ticket.id)
    came = await read(_of(reports, ticket.id))
    may_leave = leaving(came, happened)
    return {
        **line_of(rules, row, at),
        "facts": _facts(ticket, details_shown(rules, ticket, role)),
        "missing": ticket.missing,
        "suggested_route": suggested.route if suggested else None,
        "suggestion": _suggestion(suggested),
        "parent_case": str(ticket.parent_id) if ticket.parent_id is not None else None,
        "assignee": names.get(ticket.assignee),
        "assigned_at": _moment(ticket.assigned_at),
        "filed_by": names.get(ticket.filed_by),
        "inspector": names.get(ticket.inspector),
        "accepted_at": _moment(ticket.accepted_at),
        "case_number": ticket.case_number,
        "appointments": await appointments_of(read, ticket.id) if ticket.appointment is not None else [],
        "merged_into": merged_into if ticket.outcome == "merged" else None,
        "due_at": _moment(ticket.due_at),
        "late_at": _moment(ticket.late_at),
        "clock": clock_picture(rules, ticket),
        "heard_by": [medium for medium, _ in voices(ticket)],
        "closed_at": _moment(ticket.closed_at),
        "timeline": timeline,
        "notices": [_notice(each) for each in said if each.kind in _TO_CITIZEN_OR_INSPECTOR],
        "replies": [_notice(each) for each in said if each.kind not in _TO_CITIZEN_OR_INSPECTOR],
        "reports": [_report(each, may_leave) for each in came],
        "attachments": [_attachment(each) for each in files],
        "allowed_actions": list(allowed),
        "guards": [name for name in GUARDS if holds(rules, ticket, name)],
    }


def _of(table: Any, ticket_id: int) -> Select[Any]:
    return select(table).where(table.c.ticket_id == ticket_id).order_by(table.c.id)


def _facts(ticket: Ticket, details: Mapping[str, Any]) -> dict[str, Any]:
    business = ("name", "guild_id", "address", "phone", "kind")
    return {
        "text": ticket.text,
        "language": ticket.language,
        "details": details,
        "business": {
            **{name: getattr(ticket, f"business_{name}") for name in business},
            "id": str(ticket.business_id) if ticket.business_id is not None else None,
        },
        "place": {name: getattr(ticket, name) for name in ("province", "county", "lat", "lon")},
        "damages_rial": ticket.damages_rial,
        "happened_on": ticket.happened_on.isoformat() if ticket.happened_on else None,
        "identity": _masked_identity(ticket.identity),
    }


def _masked_identity(identity: Identity) -> dict[str, str | None]:
    """Enough to tell two people apart, not enough to find one."""
    phone = identity.phone or identity.landline
    return {
        "name": f"{identity.name[:1]}***" if identity.name else None,
        "national_id": f"***{identity.national_id[-3:]}" if identity.national_id else None,
        "phone": masked("sms", phone) if phone else None,
        "email": masked("email", identity.email) if identity.email else None,
    }


async def _usernames(read: Read, ids: set[int | None]) -> dict[int | None, str]:
    wanted = [each for each in ids if each is not None]
    if not wanted:
        return {}
    rows = await read(select(staff.c.id, staff.c.username).where(staff.c.id.in_(wanted)))
    return {row["id"]: row["username"] for row in rows}


def _suggestion(choice: Choice | None) -> dict[str, str | None] | None:
    """The route suggested to the evaluator, the body it goes to, and why: `category`, or `rule` and its place."""
    return {"route": choice.route, "body": choice.body, "because": choice.because} if choice else None


def clock_picture(rules: Rules, ticket: Ticket) -> dict[str, Any] | None:
    """The deadline explained: which clock runs, since when, for how long and why, and what happens when it runs out."""
    clock = clock_of(rules, ticket)
    if clock is None:
        return None
    off = [{"day": day.isoformat(), "name": name} for day, name in clock.off]
    return {**asdict(clock), "since": _moment(clock.since), "off": off}


async def _timeline(
    read: Read,
    rules: Rules,
    ticket: Ticket,
    rows: Sequence[Mapping[str, Any]],
    files: Sequence[Mapping[str, Any]],
) -> tuple[list[dict[str, Any]], str | None]:
    """The events in order, words put back in, other tickets by their codes and files by their names; and the code it
    was last joined into."""
    words = {row["number"]: _opened(rules, row) for row in await read(_of(remarks, ticket.id))}
    others = {row["data"][name] for row in rows for name in _OTHER_TICKETS if name in row["data"]}
    codes = await _codes(read, rules, others)
    names = {file["id"]: file["name"] for file in files}
    timeline = [_event(row, words.get(row["number"], {}), codes, names) for row in rows]
    joined = [event["data"]["into"] for event in timeline if event["kind"] == "join"]
    return timeline, joined[-1] if joined else None


def _event(
    row: Mapping[str, Any], words: Mapping[str, Any], codes: Mapping[int, str], names: Mapping[int, str]
) -> dict[str, Any]:
    data = {name: value for name, value in row["data"].items() if name not in ("said", "report", "reports")}
    data |= {name: codes.get(data[name]) for name in _OTHER_TICKETS if name in data}
    if "attachment" in data:
        data["attachment"] = names.get(data["attachment"])
    shown = {name: row[name] for name in ("number", "kind", "actor")}
    if "parent_case" in data:
        data["parent_case"] = str(data["parent_case"])
    return {**shown, "at": row["at"].isoformat(), "data": {**data, **words}}


def _opened(rules: Rules, row: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(rules.vault.unseal("remarks.said", row["id"], row["said"]))
    return words


async def _codes(read: Read, rules: Rules, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = await read(select(tickets.c.id, tickets.c.code).where(tickets.c.id.in_(ids)))
    return {row["id"]: rules.vault.unseal("tickets.code", row["id"], row["code"]) for row in rows}


def _notice(each: NoticeView) -> dict[str, Any]:
    """As CONTRACT §4 has it."""
    plain = ("kind", "step", "medium", "to", "text", "state", "reason")
    said = {name: getattr(each, name) for name in plain}
    return {
        **said,
        "localid": each.localid,
        "created_at": each.created_at.isoformat(),
        "sent_at": _moment(each.sent_at),
        "finished_at": _moment(each.finished_at),
    }


def _report(row: Mapping[str, Any], may_leave: Collection[int]) -> dict[str, Any]:
    """A report; `may_leave` says that it joined without a ticket of its own and can be given one."""
    shown = {name: row[name] for name in _SHOWN_OF_A_REPORT}
    known = {"id": str(row["id"]), **shown, "received_at": row["received_at"].isoformat()}
    return {**known, "joined_by": row["joined_by"] or [], "may_leave": row["id"] in may_leave}


def _attachment(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: row[name] for name in ("origin", "name", "media_type", "size", "sha256", "pages")}
    return {"id": str(row["id"]), **shown, "created_at": row["created_at"].isoformat(), "withheld": False}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
