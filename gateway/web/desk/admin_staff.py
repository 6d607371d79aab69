"""`/desk/admin/staff`: accounts listed, made, closed and opened, secrets handed over once, and who signed in when."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from gateway.web.desk.admin_frame import ADMIN, admin_page, by, done, typed
from gateway.web.pages.forms import FilledForm, refused
from gateway.web.render import page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES
from ticketing import accounts
from ticketing.errors import Invalid
from ticketing.organisations import ORGANISATIONS
from ticketing.passwords import make_password
from ticketing.roles import ROLES
from ticketing.sign_ins import list_sign_ins
from ticketing.title import titled

_LAST: Final = 50
_FIELDS: Final = ("username", "role", "organisation", "body", "phone", "extension")
_STAFF: Final = "/desk/admin/staff"


async def get_staff(request: web.Request) -> web.Response:
    """Every account."""
    members = await accounts.list_staff(request.app[SERVICES].database)
    return admin_page(
        request, "admin_staff.html", "staff", values={"members": members, "organisations": _organisations(request)}
    )


async def get_new(request: web.Request) -> web.Response:
    """The form of a new account."""
    return _form(request, FilledForm())


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
    return _secret(request, member.username, password)


async def get_member(request: web.Request) -> web.Response:
    """One account, and its sign-ins."""
    services = request.app[SERVICES]
    account = await accounts.get_account(services.database, services.rules.vault, _name(request))
    lines = await list_sign_ins(services.database, services.rules.vault, account["id"], _LAST)
    listed = _organisations(request)
    return admin_page(
        request, "admin_member.html", "staff", values={"account": account, "sign_ins": lines, "organisations": listed}
    )


async def post_disable(request: web.Request) -> web.Response:
    """Close the account; its sessions end. The last administrator's stays open (409)."""
    await accounts.disable_staff(request.app[SERVICES].database, _name(request), by(request))
    return done(request, f"{_STAFF}/of/{_name(request)}", "disabled")


async def post_enable(request: web.Request) -> web.Response:
    """Open the account again."""
    await accounts.enable_staff(request.app[SERVICES].database, _name(request), by(request))
    return done(request, f"{_STAFF}/of/{_name(request)}", "enabled")


async def post_password(request: web.Request) -> web.Response:
    """A temporary password, shown this once; a form sent again shows none."""
    services, said = request.app[SERVICES], await typed(request)
    vault, who = services.rules.vault, by(request, said("form_id"))
    name = _name(request)
    return _secret(
        request, name, await accounts.give_temporary_password(services.database, vault, name, services.now(), who)
    )


async def post_totp(request: web.Request) -> web.Response:
    """Take a lost one-time-code secret away."""
    services, said = request.app[SERVICES], await typed(request)
    vault, who = services.rules.vault, by(request, said("form_id"))
    await accounts.remove_totp(services.database, vault, _name(request), services.now(), who)
    return done(request, f"{_STAFF}/of/{_name(request)}", "totp")


def _name(request: web.Request) -> str:
    return request.match_info["username"].lower()


def _organisations(request: web.Request) -> dict[str, str]:
    language = page_language(request)
    return {code: titled(title, language) for code, title in ORGANISATIONS.items()}


def _form(request: web.Request, form: FilledForm, *, status: int = 200) -> web.Response:
    roles = [(role, request.app[SERVICES].catalogue.say(page_language(request), f"role.{role}")) for role in ROLES]
    listed = list(_organisations(request).items())
    return admin_page(
        request,
        "admin_new_member.html",
        "staff",
        form=form,
        status=status,
        values={"roles": roles, "organisations": listed},
    )


def _secret(request: web.Request, username: str, password: str | None) -> web.Response:
    return admin_page(request, "admin_secret.html", "staff", values={"username": username, "password": password})


ROUTES: Final = (
    Route("GET", _STAFF, get_staff, ADMIN),
    Route("POST", _STAFF, post_staff, ADMIN),
    Route("GET", f"{_STAFF}/new", get_new, ADMIN),
    Route("GET", f"{_STAFF}/of/{{username}}", get_member, ADMIN),
    Route("POST", f"{_STAFF}/of/{{username}}/disable", post_disable, ADMIN),
    Route("POST", f"{_STAFF}/of/{{username}}/enable", post_enable, ADMIN),
    Route("POST", f"{_STAFF}/of/{{username}}/password", post_password, ADMIN),
    Route("POST", f"{_STAFF}/of/{{username}}/totp", post_totp, ADMIN),
)
