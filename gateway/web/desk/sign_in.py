"""`/desk`: sign in, then on to the desk of one's role; and sign out."""

from __future__ import annotations

from aiohttp import web

from gateway.web.body import Reader
from gateway.web.desk.layout import home_of
from gateway.web.desk.session import SIGN_IN, drop_session, keep_session, session_token, way_back
from gateway.web.pages.forms import FilledForm, complained
from gateway.web.render import page, page_language, page_url, see_other
from gateway.web.services import CLIENT, SERVICES
from ticketing import staff
from ticketing.errors import TooMany, Unauthenticated

_FORM = Reader(json=False, form=True)


async def get_sign_in(request: web.Request) -> web.Response:
    """The form, or straight on for whoever is signed in."""
    services = request.app[SERVICES]
    wanted = way_back(request.query.get("next", ""))
    try:
        token = session_token(request)
        member = await staff.authenticate(services.database, services.rules.vault, token, services.now())
    except Unauthenticated:
        return _form(request, FilledForm({"next": wanted or ""}))
    return see_other(page_url(wanted or home_of(member), page_language(request)))


async def post_sign_in(request: web.Request) -> web.Response:
    """Sign in; refused without saying which part was wrong."""
    services = request.app[SERVICES]
    typed: dict[str, str] = (await _FORM.read(request)).value
    kept = {name: typed.get(name, "") for name in ("username", "next")}
    try:
        token, member = await staff.login(
            services.database,
            services.rules.vault,
            typed.get("username", "")[:64],
            typed.get("password", "")[:1024],
            typed.get("totp", "")[:16] or None,
            services.now(),
            False,  # who has none yet is let in to set one up, and to nothing else (route.py)
            client=request[CLIENT],
        )
    except (Unauthenticated, TooMany) as refusal:
        is_throttled = isinstance(refusal, TooMany)
        message = services.catalogue.say(
            page_language(request), "sign_in.throttled" if is_throttled else "sign_in.refused"
        )
        return _form(request, complained(kept, message, "username"), status=429 if is_throttled else 401)
    wanted = way_back(kept["next"])
    response = see_other(wanted or page_url(home_of(member), page_language(request)))
    keep_session(request, response, token)
    return response


async def post_sign_out(request: web.Request) -> web.Response:
    """End the session, here and on the server."""
    services = request.app[SERVICES]
    response = see_other(page_url(SIGN_IN, page_language(request)))
    try:
        token, vault = session_token(request), services.rules.vault
        await staff.logout(services.database, vault, token, services.now(), client=request[CLIENT])
    except Unauthenticated:
        return response
    drop_session(request, response)
    return response


def _form(request: web.Request, form: FilledForm, *, status: int = 200) -> web.Response:
    asks_code = request.app[SERVICES].settings.security.require_totp
    return page(request, "desk/sign_in.html", status=status, form=form, asks_code=asks_code)
