"""What every page of a desk shares: who is signed in, and the desks that are theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from gateway.web.render import page
from gateway.web.services import STAFF
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


DESKS: Final = (
    Desk("calls", frozenset({"operator"})),
    Desk(
        "queue",
        frozenset({"operator", "evaluator", "self_regulator", "dispatcher", "penalties_clerk", "supervisor", "admin"}),
    ),
    Desk("businesses", frozenset({"evaluator", "supervisor", "admin"})),
    Desk("dispatches", frozenset({"inspector"})),
    Desk("dashboard", frozenset({"supervisor", "admin"})),
    Desk("failed-texts", frozenset({"supervisor"})),
    Desk("admin", frozenset({"admin"})),
)
"""In the order of the menu."""

_HOME: Final = {"supervisor": "dashboard", "admin": "admin"}


def desks_of(role: str) -> list[Desk]:
    """The desks a role works at."""
    return [desk for desk in DESKS if role in desk.access]


def home_of(member: Staff) -> str:
    """The address of the desk a member of staff begins at."""
    own = desks_of(member.role)
    code = _HOME.get(member.role, own[0].code if own else "queue")
    return f"/desk/{code}"


def desk_page(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A page of a desk, for whoever is signed in. Never kept by a cache."""
    member = request[STAFF]
    shared = {"member": member, "desks": desks_of(member.role), "home": home_of(member)}
    response = page(request, template, status=status, **shared, **values)
    response.headers["Cache-Control"] = "no-store"
    return response
