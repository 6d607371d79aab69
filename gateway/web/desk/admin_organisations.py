"""`/desk/admin/organisations`: the organisations tickets belong to, who works for each, and the bodies beneath it."""

from __future__ import annotations

from collections import Counter
from typing import Final

from aiohttp import web

from gateway.catalogue import sort_key
from gateway.web.desk.admin_frame import ADMIN, admin_page
from gateway.web.render import page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES
from ticketing.accounts import list_staff
from ticketing.body_register import body_register
from ticketing.errors import NotFound
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.title import titled

_PATH: Final = "/desk/admin/organisations"
_NATION: Final = "nation"
"""What stands for the nation, whose code is empty, in an address."""


async def get_organisations(request: web.Request) -> web.Response:
    """Every organisation, its people and bodies counted."""
    language = page_language(request)
    members = [each for each in await list_staff(request.app[SERVICES].database) if not each["disabled"]]
    counts = Counter(each["organisation"] for each in members)
    inspectors = Counter(each["organisation"] for each in members if each["role"] == "inspector")
    liaisons: dict[str, list[str]] = {code: [] for code in ORGANISATIONS}
    for each in members:
        if each["role"] == "liaison":
            liaisons[each["organisation"]].append(each["username"])
    rows = [
        {
            "code": code,
            "path": f"{_PATH}/{code or _NATION}",
            "name": titled(title, language),
            "staff": counts[code],
            "inspectors": inspectors[code],
            "liaisons": liaisons[code],
            "bodies": len(body_register().of(code)),
        }
        for code, title in ORGANISATIONS.items()
    ]
    without = [row for row in rows if row["code"] != NATIONAL and not row["liaisons"]]
    values = {"organisations": rows, "without": without}
    return admin_page(request, "admin_organisations.html", "organisations", values=values)


async def get_organisation(request: web.Request) -> web.Response:
    """One organisation's bodies: its own, and its counties', a row for each county."""
    code = request.match_info["code"]
    code = NATIONAL if code == _NATION else code
    if code not in ORGANISATIONS:
        raise NotFound
    language = page_language(request)
    values = {"name": titled(ORGANISATIONS[code], language), **_bodies(code, language)}
    return admin_page(request, "admin_organisation.html", "organisations", values=values)


def _bodies(organisation: str, language: str) -> dict[str, object]:
    """Its `own` as (name, code), its `counties`' as (place, codes), one code for each of the `kinds`."""
    register = body_register()
    found = register.of(organisation)
    own = [(titled(body.title, language), body.code) for body in found if body.county is None]
    kinds, counties = dict[str, str](), dict[str, list[str]]()
    for body in found:
        if body.county is not None:
            kinds[body.kind] = titled(register.kinds[body.kind].title, language)
            counties.setdefault(titled(body.place, language), []).append(body.code)
    rows = sorted(counties.items(), key=lambda county: sort_key(county[0]))
    return {"own": own, "kinds": list(kinds.values()), "counties": rows}


ROUTES: Final = (
    Route("GET", _PATH, get_organisations, ADMIN),
    Route("GET", f"{_PATH}/{{code}}", get_organisation, ADMIN),
)
