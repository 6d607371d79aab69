"""What every page of a desk shares: who is signed in, and the desks that are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from gateway.web.render import page
from gateway.web.services import STAFF, UNREAD
from ticketing.roles import ROLES, at_desk
from ticketing.staff import Staff

Access = frozenset[str]


@dataclass(frozen=True, slots=True)
class Desk:
    """A screen in the menu: its address is `/desk/<code>`, its name in the catalogue `desk.<code>`."""

    code: str
    access: Access

    @property
    def path(self) -> str:
        """Its address."""
        return f"/desk/{self.code}"


DESKS: Final = tuple(
    Desk(code, at_desk(code))
    for code in (
        "calls",
        "queue",
        "businesses",
        "dispatches",
        "calendar",
        "board",
        "dashboard",
        "letter",
        "failed-texts",
        "admin",
    )
)
"""In the order of the menu."""


def desks_of(role: str) -> list[Desk]:
    """The desks a role works at."""
    return [desk for desk in DESKS if role in desk.access]


def home_of(member: Staff) -> str:
    """The address of the desk a member of staff begins at."""
    return f"/desk/{ROLES[member.role].desks[0]}"


def desk_page(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A page of a desk, for whoever is signed in. Never kept by a cache."""
    member = request[STAFF]
    shared = {"member": member, "desks": desks_of(member.role), "home": home_of(member)}
    shared["unread"] = request.get(UNREAD, 0)
    response = page(request, template, status=status, **shared, **values)
    response.headers["Cache-Control"] = "no-store"
    return response
