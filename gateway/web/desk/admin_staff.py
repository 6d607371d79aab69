"""`/desk/admin/staff`: the accounts there are, and making one, its password handed over once."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from gateway.web.desk.admin_frame import ADMIN, admin_page, by, typed
from gateway.web.pages.forms import FilledForm, refused
from gateway.web.render import page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES
from ticketing import accounts
from ticketing.body_register import body_register
from ticketing.errors import Invalid
from ticketing.organisations import ORGANISATIONS
from ticketing.passwords import make_password
from ticketing.roles import ROLES
from ticketing.title import titled

_FIELDS: Final = ("username", "role", "organisation", "body", "phone", "extension")
STAFF_PATH: Final = "/desk/admin/staff"


async def get_staff(request: web.Request) -> web.Response:
    """Every account."""
    members = await accounts.list_staff(request.app[SERVICES].database)
    return admin_page(
        request, "admin_staff.html", "staff", values={"members": members, "organisations": organisations_of(request)}
    )


async def get_new(request: web.Request) -> web.Response:
    """The form of a new account; `?body=` says whose of the register's it is to be."""
    body = body_register().body(request.query.get("body", ""))
    return _form(request, FilledForm({"body": body.code, "organisation": body.organisation} if body else {}))


async def post_staff(request: web.Request) -> web.Response:
    """Make an account; its temporary password is shown this once."""
    services, said = request.app[SERVICES], await typed(request)
    given, password = {name: said(name).strip() for name in _FIELDS}, make_password()
    try:
        member = await accounts.add_staff(
            services.database,
            services.rules.vault,
            username=given["username"],
            role=given["role"],
            organisation=given["organisation"],
            body=given["body"],
            phone=given["phone"],
            extension=given["extension"],
            password=password,
            at=services.now(),
            temporary=True,
            by=by(request),
        )
    except Invalid as refusal:
        form = refused(given, refusal.errors, services.catalogue, page_language(request))
        return _form(request, form, status=422)
    return secret_page(request, member.username, password)


def roles_of(request: web.Request) -> list[tuple[str, str]]:
    """Every role with its name in the page's language."""
    return [(role, request.app[SERVICES].catalogue.say(page_language(request), f"role.{role}")) for role in ROLES]


def organisations_of(request: web.Request) -> dict[str, str]:
    """Every organisation's name by its code, in the page's language."""
    language = page_language(request)
    return {code: titled(title, language) for code, title in ORGANISATIONS.items()}


def _form(request: web.Request, form: FilledForm, *, status: int = 200) -> web.Response:
    values = {"roles": roles_of(request), "organisations": organisations_of(request)}
    return admin_page(request, "admin_new_member.html", "staff", form=form, status=status, values=values)


def secret_page(request: web.Request, username: str, password: str | None) -> web.Response:
    """A password, shown this once; None where it was shown before."""
    return admin_page(request, "admin_secret.html", "staff", values={"username": username, "password": password})


ROUTES: Final = (
    Route("GET", STAFF_PATH, get_staff, ADMIN),
    Route("POST", STAFF_PATH, post_staff, ADMIN),
    Route("GET", f"{STAFF_PATH}/new", get_new, ADMIN),
)
