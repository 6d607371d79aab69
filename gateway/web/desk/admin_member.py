"""`/desk/admin/staff/of/…`: one account, changed, closed and opened, its secrets reset, and its history.

A change that takes work out of somebody's hands names the tickets first, and is made once that was seen.
"""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from gateway.web.desk.account_history import history_of, said_of
from gateway.web.desk.admin_frame import ADMIN, admin_page, by, done, typed
from gateway.web.desk.admin_staff import STAFF_PATH, organisations_of, roles_of, secret_page
from gateway.web.pages.forms import FilledForm, refused
from gateway.web.render import page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES
from ticketing import accounts, resetting
from ticketing.errors import Conflict, Invalid
from ticketing.letting_go import LetGo
from ticketing.profiles import Profile, read_profile

_LAST: Final = 50
_FIELDS: Final = ("role", "organisation", "body", "phone", "extension")


async def get_member(request: web.Request) -> web.Response:
    """One account, and its history."""
    return await _page(request)


async def get_change(request: web.Request) -> web.Response:
    """The form of its role, organisation, body and telephones."""
    return await _form(request, None)


async def post_change(request: web.Request) -> web.Response:
    """Change it; where work goes back with that, once the form says it was seen (`sure`)."""
    services, said = request.app[SERVICES], await typed(request)
    given, name = {field: said(field).strip() for field in _FIELDS}, _name(request)
    try:
        wanted = read_profile(given)
        if said("sure") != wanted.version:
            went = await accounts.foresee_change(services.database, services.rules, name, wanted)
            if went:
                return await _form(request, given, seen=said("seen"), went=went, sure=wanted.version)
        who, now = by(request), services.now()
        await accounts.change_staff(services.database, services.rules, name, wanted, now, who, seen=said("seen"))
    except Invalid as refusal:
        return await _form(request, given, refusal, seen=said("seen"), status=422)
    except Conflict:
        return await _form(request, given, is_stale=True, status=409)
    return done(request, _path(request), "changed")


async def post_disable(request: web.Request) -> web.Response:
    """Close the account; its sessions end. The last administrator's stays open (409)."""
    services, said = request.app[SERVICES], await typed(request)
    database, rules, name = services.database, services.rules, _name(request)
    went = await accounts.foresee_change(database, rules, name, None)
    if went and not said("sure"):
        return await _page(request, went)
    await accounts.disable_staff(database, rules, name, services.now(), by(request))
    return done(request, _path(request), "disabled")


async def post_enable(request: web.Request) -> web.Response:
    """Open the account again."""
    services = request.app[SERVICES]
    vault, now = services.rules.vault, services.now()
    await accounts.enable_staff(services.database, vault, _name(request), now, by(request))
    return done(request, _path(request), "enabled")


async def post_password(request: web.Request) -> web.Response:
    """A temporary password, shown this once; a form sent again shows none."""
    services, said, name = request.app[SERVICES], await typed(request), _name(request)
    vault, who = services.rules.vault, by(request, said("form_id"))
    given = await resetting.give_temporary_password(services.database, vault, name, services.now(), who)
    return secret_page(request, name, given)


async def post_totp(request: web.Request) -> web.Response:
    """Take a lost one-time-code secret away."""
    services, said = request.app[SERVICES], await typed(request)
    vault, who = services.rules.vault, by(request, said("form_id"))
    await resetting.remove_totp(services.database, vault, _name(request), services.now(), who)
    return done(request, _path(request), "totp")


def _name(request: web.Request) -> str:
    return request.match_info["username"].lower()


def _path(request: web.Request) -> str:
    return f"{STAFF_PATH}/of/{_name(request)}"


async def _account(request: web.Request) -> dict[str, Any]:
    services = request.app[SERVICES]
    return await accounts.get_account(services.database, services.rules.vault, _name(request))


async def _page(request: web.Request, went: LetGo | None = None) -> web.Response:
    account = await _account(request)
    values = {
        "account": account,
        "body": said_of(request, "body", account["body"]),
        "sign_ins": await history_of(request, account["id"], _LAST),
        "organisations": organisations_of(request),
        "went": went,
    }
    return admin_page(request, "admin_member.html", "staff", values=values)


async def _form(
    request: web.Request,
    given: dict[str, str] | None,
    refusal: Invalid | None = None,
    *,
    seen: str = "",
    went: LetGo | None = None,
    sure: str = "",
    is_stale: bool = False,
    status: int = 200,
) -> web.Response:
    account = await _account(request)
    kept = {name: account[name] for name in _FIELDS}
    filled = given or {name: value or "" for name, value in kept.items()}
    form, say = FilledForm(filled), request.app[SERVICES].catalogue.say
    if refusal is not None:
        form = refused(filled, refusal.errors, request.app[SERVICES].catalogue, page_language(request))
    today = [(say(page_language(request), f"label.{name}"), said_of(request, name, kept[name])) for name in _FIELDS]
    values = {
        "username": account["username"],
        "seen": seen or Profile(**kept).version,
        "went": went,
        "sure": sure,
        "today": today if is_stale else None,
        "roles": roles_of(request),
        "organisations": organisations_of(request),
    }
    return admin_page(request, "admin_change.html", "staff", form=form, status=status, values=values)


_OF: Final = f"{STAFF_PATH}/of/{{username}}"
ROUTES: Final = (
    Route("GET", _OF, get_member, ADMIN),
    Route("GET", f"{_OF}/change", get_change, ADMIN),
    Route("POST", f"{_OF}/change", post_change, ADMIN),
    Route("POST", f"{_OF}/disable", post_disable, ADMIN),
    Route("POST", f"{_OF}/enable", post_enable, ADMIN),
    Route("POST", f"{_OF}/password", post_password, ADMIN),
    Route("POST", f"{_OF}/totp", post_totp, ADMIN),
)
