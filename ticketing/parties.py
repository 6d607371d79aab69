"""Who is told of a ticket formally: its citizen, and the parties it is about, by whatever addresses are known.

Parties are no users: what is known of them lies in the ticket's details, and an answer of theirs is not the citizen's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sms.mobile import is_mobile
from ticketing.doing import Doing
from ticketing.membership import Membership, find_membership
from ticketing.needs import missing_of
from ticketing.notify import voices
from ticketing.procedure import Procedure
from ticketing.procedure_parts import Party
from ticketing.rules import Rules
from ticketing.ticket import Ticket

CITIZEN: Final = "complainant"
"""What the citizen is called among the sides."""
PROXIES: Final = "proxies"
_NOT_THEIRS: Final = "not_theirs"
_REACHED_BY: Final = ("email", "phone", "address")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One side, and how it hears: media with addresses."""

    side: str
    voices: tuple[tuple[str, str], ...]

    @property
    def is_citizen(self) -> bool:
        """True for the ticket's own citizen."""
        return self.side == CITIZEN


def recipients(procedure: Procedure, ticket: Ticket) -> list[Recipient]:
    """The citizen, by mail too, then the parties in the order of the data."""
    mail = (("email", ticket.identity.email),) if ticket.identity.email else ()
    citizen = Recipient(CITIZEN, tuple(dict.fromkeys((*voices(ticket), *mail))))
    return [citizen, *(Recipient(side, tuple(_voices(party, ticket))) for side, party in procedure.parties.items())]


def _voices(party: Party, ticket: Ticket) -> Iterator[tuple[str, str]]:
    phone = ticket.details.get(party.phone or "")
    if phone and is_mobile(phone):
        yield "sms", phone
    if email := ticket.details.get(party.email or ""):
        yield "email", email


def details_shown(rules: Rules, ticket: Ticket, role: str) -> dict[str, Any]:
    """What is filed of the details, and the proxies named, for a member of staff in this role."""
    procedure = rules.procedures[ticket.procedure]
    if procedure.details_to and role not in procedure.details_to:
        return {}
    shown = {name: ticket.details[name] for name in procedure.filing.fields if ticket.details.get(name)}
    return shown | ({PROXIES: ticket.details[PROXIES]} if PROXIES in ticket.details else {})


async def seek_address(doing: Doing) -> None:
    """Where the party complained of was said to be, it is not: what the membership file says else is taken instead.

    Whatever the ticket lacks then is for the procedure to ask.
    """
    party, details = next(iter(doing.procedure.parties.values())), dict(doing.ticket.details)
    named = {kind: name for kind in _REACHED_BY if (name := getattr(party, kind))}
    wrong = [*details.get(_NOT_THEIRS, ()), *(details.pop(name) for name in named.values() if details.get(name))]
    number = details.get(party.number or "")
    member = await find_membership(doing.tx, doing.rules.vault, number) if number else None
    found = _new(member, wrong, named)
    doing.ticket.details = {**details, _NOT_THEIRS: wrong, **found}
    doing.ticket.missing = missing_of(doing.procedure, doing.ticket)
    doing.data["in_membership_file"] = bool(found)


def _new(member: Membership | None, wrong: list[str], named: dict[str, str]) -> dict[str, str]:
    known = {name: getattr(member, kind) for kind, name in named.items()} if member is not None else {}
    return {name: value for name, value in known.items() if value and value not in wrong}


async def name_proxy(doing: Doing) -> None:
    """Somebody speaks for a side from now on; their letter is among the files."""
    named = {**doing.ticket.details.get(PROXIES, {}), doing.fields["side"]: doing.fields["name"]}
    doing.ticket.details = {**doing.ticket.details, PROXIES: named}
