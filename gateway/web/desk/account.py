"""`/desk/account`: one's own account. A new password, one-time codes, an end to every session, the last sign-ins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import segno
from aiohttp import web
from markupsafe import Markup

from gateway.web.body import Reader
from gateway.web.desk.account_history import history_of
from gateway.web.desk.layout import desk_page
from gateway.web.desk.session import ACCOUNT, SIGN_IN, drop_session
from gateway.web.pages.forms import FilledForm, complained, refused
from gateway.web.render import in_fours, page_language, page_url, see_other
from gateway.web.route import STAFF_ANY, Route, token_of
from gateway.web.services import CLIENT, SERVICES, STAFF
from ticketing import own_account
from ticketing.errors import Conflict, Invalid, TooMany
from ticketing.own_account import Enrolment, Self

_FORM: Final = Reader(json=False, form=True)
_LAST: Final = 20
_LONGEST: Final = 1100
_SETTING_UP: Final = "set-up"


async def get_account(request: web.Request) -> web.Response:
    """The account. `?totp=set-up` shows a fresh secret to set up."""
    owes = request[STAFF].owes(require_totp=request.app[SERVICES].settings.security.require_totp)
    wants_secret = request.query.get("totp") == _SETTING_UP or owes == "totp"
    is_free = wants_secret and not request[STAFF].has_totp
    return await _page(request, enrolment=own_account.begin_totp(_self(request)) if is_free else None)


async def post_password(request: web.Request) -> web.Response:
    """Change the password; every other session ends."""
    typed = await _typed(request)
    changing = own_account.change_password(_self(request), typed("old_password"), typed("new_password"))
    return await _tried(request, changing, "password")


async def post_totp(request: web.Request) -> web.Response:
    """Set one-time codes up, with the first of them."""
    me, typed = _self(request), await _typed(request)
    confirming = own_account.confirm_totp(me, typed("ticket"), typed("totp"))
    try:
        return await _tried(request, confirming, "totp_on", lambda: own_account.begin_totp(me, typed("ticket")))
    except Conflict:
        return _done(request, "totp_was_on")


async def post_totp_off(request: web.Request) -> web.Response:
    """Do without one-time codes; asks the password and a code."""
    typed = await _typed(request)
    return await _tried(
        request, own_account.turn_off_totp(_self(request), typed("password"), typed("code")), "totp_off"
    )


async def post_sign_outs(request: web.Request) -> web.Response:
    """End every session, here and elsewhere."""
    await own_account.sign_out_everywhere(_self(request))
    response = see_other(page_url(SIGN_IN, page_language(request)))
    drop_session(request, response)
    return response


def _self(request: web.Request) -> Self:
    services = request.app[SERVICES]
    token = token_of(request)
    return Self(services.database, services.rules.vault, request[STAFF], token, services.now(), request[CLIENT])


async def _typed(request: web.Request) -> Callable[[str], str]:
    given: dict[str, str] = (await _FORM.read(request)).value
    return lambda name: given.get(name, "")[:_LONGEST]


def _done(request: web.Request, what: str) -> web.Response:
    return see_other(page_url(ACCOUNT, page_language(request), done=what))


async def _tried(
    request: web.Request, change: Awaitable[None], what: str, enrol: Callable[[], Enrolment] | None = None
) -> web.Response:
    """Make the change and say so; or the page again with why not, and with the secret that is being set up."""
    catalogue, language = request.app[SERVICES].catalogue, page_language(request)
    try:
        await change
    except TooMany:
        form, status = complained({}, catalogue.say(language, "sign_in.throttled")), 429
    except Invalid as refusal:
        form, status = refused({}, refusal.errors, catalogue, language), 422
    else:
        return _done(request, what)
    return await _page(request, form, status=status, enrolment=enrol() if enrol else None)


_DONE: Final = frozenset({"password", "totp_on", "totp_off", "totp_was_on"})


async def _page(
    request: web.Request, form: FilledForm | None = None, *, status: int = 200, enrolment: Enrolment | None = None
) -> web.Response:
    services, member = request.app[SERVICES], request[STAFF]
    done = request.query.get("done")
    values: dict[str, Any] = {
        "form": form or FilledForm(),
        "done": done if done in _DONE else None,
        "owes": member.owes(require_totp=services.settings.security.require_totp),
        "sign_ins": await history_of(request, member.id, _LAST),
        "enrolment": enrolment,
        "secret": in_fours(enrolment.secret) if enrolment else [],
        "picture": _picture(enrolment.uri) if enrolment else None,
    }
    return desk_page(request, "desk/account.html", status=status, **values)


def _picture(uri: str) -> Markup:
    """The address as a QR code, dark on light whatever the page's colours are, so that every camera reads it."""
    return Markup(segno.make(uri, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff"))  # noqa: S704


ROUTES: Final = (
    Route("GET", "/desk/account", get_account, STAFF_ANY, settling=True),
    Route("POST", "/desk/account/password", post_password, STAFF_ANY, settling=True),
    Route("POST", "/desk/account/totp", post_totp, STAFF_ANY, settling=True),
    Route("POST", "/desk/account/totp-off", post_totp_off, STAFF_ANY, settling=True),
    Route("POST", "/desk/account/sign-outs", post_sign_outs, STAFF_ANY, settling=True),
)
