"""What the administrator's pages share: their tabs by role, who is told to have done what, and a form sent once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from gateway.web.body import Reader
from gateway.web.desk.layout import desk_page
from gateway.web.pages.forms import FilledForm
from gateway.web.render import page_language, page_url, see_other
from gateway.web.services import CLIENT, STAFF
from sms.digits import is_ascii_number
from ticketing.accounts import By
from ticketing.errors import NotFound
from ticketing.quarantine import may_see
from ticketing.roles import OVERSEERS, at_desk

Access = frozenset[str]
ADMIN: Final[Access] = at_desk("admin")
"""Who calls back and sorts out what could not be read; what they see of it is policy's."""
_FORM: Final = Reader(json=False, form=True)
LONGEST: Final = 20_000
"""What a field is cut to, in characters."""
_LONGEST_KEY: Final = 64
_LONGEST_ID: Final = 18


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the menu beneath the desk's: named `admin.tab.<code>`."""

    code: str
    path: str
    access: Access


TABS: Final = (
    Tab("health", "/desk/admin", ADMIN),
    Tab("failed", "/desk/failed-texts", OVERSEERS),
    Tab("quarantine", "/desk/quarantine", OVERSEERS),
    Tab("staff", "/desk/admin/staff", ADMIN),
    Tab("organisations", "/desk/admin/organisations", ADMIN),
    Tab("texts", "/desk/admin/texts", ADMIN),
    Tab("routing", "/desk/admin/routing", ADMIN),
)
DONE: Final = frozenset(
    {"enabled", "disabled", "changed", "totp", "called", "ticketed", "discarded", "saved", "restored"}
)


def admin_page(
    request: web.Request,
    template: str,
    tab: str,
    *,
    values: Mapping[str, Any],
    form: FilledForm | None = None,
    status: int = 200,
) -> web.Response:
    """A page under `tab`; `?done=` says in words what a form before it has done."""
    member, done = request[STAFF], request.query.get("done")
    shared = {
        "tabs": [
            each for each in TABS if member.role in each.access and (each.code != "quarantine" or may_see(member))
        ],
        "tab": tab,
        "done": done if done in DONE else None,
        "form": form or FilledForm(),
        "form_id": uuid4().hex,
        "here": "admin" if member.role in ADMIN else "failed-texts",
    }
    return desk_page(request, f"desk/{template}", status=status, **shared, **values)


async def typed(request: web.Request) -> Callable[[str], str]:
    """A reader of what the form's fields hold, "" for one it has not."""
    given = await typed_fields(request)
    return lambda name: given.get(name, "")


async def typed_fields(request: web.Request) -> Mapping[str, str]:
    """Every field the form sent, by name."""
    given: dict[str, str] = (await _FORM.read(request)).value
    return {name: value[:LONGEST] for name, value in given.items()}


def whole_id(written: str) -> int:
    """A row's id out of an address or a form. Raises `NotFound` for what cannot be one."""
    if not is_ascii_number(written) or len(written) > _LONGEST_ID:
        raise NotFound
    return int(written)


def older(request: web.Request) -> int | None:
    """The id that `?before=` says the page begins after, or None."""
    asked = request.query.get("before")
    return whole_id(asked) if asked else None


def done(request: web.Request, path: str, what: str) -> web.Response:
    """On to `path`, which says what has been done."""
    return see_other(page_url(path, page_language(request), done=what))


def by(request: web.Request, key: str = "") -> By:
    """Who does it; `key` is the form's id."""
    return By(request[STAFF].username, request[CLIENT], key[:_LONGEST_KEY])
