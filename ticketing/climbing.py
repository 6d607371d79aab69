"""A ticket's way through the bodies that stand one above the other: addressed, handed up, handed down, and told.

The body complained of is the ticket's `addressee`, the one that answers its `body`; which stands above which is the
register's to say, and when a ticket goes up the procedure's.
"""

from __future__ import annotations

from ticketing.body_register import Body, body_register
from ticketing.doing import Doing
from ticketing.errors import Conflict
from ticketing.needs import addressee_of
from ticketing.notify import STAFF_LANGUAGE, send, text_staff, voices
from ticketing.rules import Rules
from ticketing.tables import staff
from ticketing.ticket import Ticket
from ticketing.title import titled


async def address(doing: Doing) -> None:
    """Complete as it is, it goes to the body above the one complained of, and is that body's organisation's.

    A province's own commission so never has a complaint about itself among its organisation's tickets.
    """
    ticket, register = doing.ticket, body_register()
    addressee = addressee_of(ticket)
    answering = register.superior_of(addressee.code) if addressee else None
    if addressee is None or answering is None:
        raise Conflict("no_addressee")
    ticket.addressee, ticket.body, ticket.organisation = addressee.code, answering.code, answering.organisation


async def hand_up(doing: Doing) -> None:
    """To the body above the one that has it; the last one keeps it."""
    above = body_register().superior_of(doing.ticket.body or "")
    if above is not None:
        _hand_to(doing, above)


async def hand_down(doing: Doing) -> None:
    """Back to the body below the one that has it, on the way up from the one complained of."""
    for each in way_up(doing.ticket.addressee):
        above = body_register().superior_of(each.code)
        if above is not None and above.code == doing.ticket.body and each.code != doing.ticket.addressee:
            _hand_to(doing, each)
            return


async def tell_bodies(doing: Doing) -> None:
    """Text the people of the body it came from and of the one it went to, and tell the citizen that it went up."""
    ticket, rules = doing.ticket, doing.rules
    before, now = doing.data.get("from_body"), doing.data.get("to_body")
    if before is None or now is None:
        return
    await _text(doing, before, "climbed_from")
    await _text(doing, now, "climbed_to")
    words = rules.texts.render("climbed", ticket.language, code=ticket.code, body=_called(now, ticket.language))
    for medium, where in voices(ticket):
        send(doing.tx, rules, ticket, doing.at, kind="reply", medium=medium, address=where, text=words)


async def press_body(doing: Doing) -> None:
    """Text the people of the body that has it that its answer is late."""
    if doing.ticket.body:
        await _text(doing, doing.ticket.body, "body_late")


def way_up(code: str | None) -> list[Body]:
    """The body of this code and all above it, the lowest first."""
    register = body_register()
    body = register.body(code or "")
    found: list[Body] = []
    while body is not None:
        found.append(body)
        body = register.superior_of(body.code)
    return found


def verified_above(_rules: Rules, ticket: Ticket) -> bool:
    """What the body that has it answers is verified by the one above it."""
    return body_register().verified_above(ticket.body or "")


def may_climb(rules: Rules, ticket: Ticket) -> bool:
    """There is a body above the one that has it, and late tickets go up (a setting: seed 000 only says it must act)."""
    return rules.climbs and body_register().superior_of(ticket.body or "") is not None


def _hand_to(doing: Doing, body: Body) -> None:
    doing.data |= {"from_body": doing.ticket.body, "to_body": body.code}
    doing.ticket.body = body.code
    doing.ticket.assignee = doing.ticket.assigned_at = None


async def _text(doing: Doing, body: str, name: str) -> None:
    theirs = (staff.c.body == body) & staff.c.disabled.is_(False)
    has_it = _called(doing.ticket.body, STAFF_LANGUAGE)
    await text_staff(doing.tx, doing.rules, doing.ticket, doing.at, theirs, name, body=has_it)


def _called(code: str | None, language: str) -> str:
    body = body_register().body(code or "")
    return titled(body.title, language) if body is not None else code or ""
