"""`/desk/admin/organisations`: the organisations tickets belong to, who works for each, and the bodies beneath it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from gateway.catalogue import sort_key
from gateway.web.desk.admin_frame import ADMIN, admin_page
from gateway.web.render import page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES
from ticketing.accounts import list_staff
from ticketing.body_register import body_register
from ticketing.organisations import NATIONAL, ORGANISATIONS
from ticketing.title import titled


@dataclass(frozen=True, slots=True)
class _Bodies:
    """Those of one organisation: its `own` as (name, code), its counties' as (place, codes), one code for each kind."""

    own: list[tuple[str, str]]
    kinds: list[str]
    counties: list[tuple[str, list[str]]]

    def __len__(self) -> int:
        """How many bodies there are."""
        return len(self.own) + len(self.kinds) * len(self.counties)


async def get_organisations(request: web.Request) -> web.Response:
    """Every organisation, its people counted, its bodies folded away."""
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
            "name": titled(title, language),
            "staff": counts[code],
            "inspectors": inspectors[code],
            "liaisons": liaisons[code],
            "bodies": _bodies(code, language),
        }
        for code, title in ORGANISATIONS.items()
    ]
    without = [row for row in rows if row["code"] != NATIONAL and not row["liaisons"]]
    values = {"organisations": rows, "without": without}
    return admin_page(request, "admin_organisations.html", "organisations", values=values)


def _bodies(organisation: str, language: str) -> _Bodies:
    register = body_register()
    found = register.of(organisation)
    own = [(titled(body.title, language), body.code) for body in found if body.county is None]
    kinds, counties = dict[str, str](), dict[str, list[str]]()
    for body in found:
        if body.county is not None:
            kinds[body.kind] = titled(register.kinds[body.kind].title, language)
            counties.setdefault(titled(body.place, language), []).append(body.code)
    return _Bodies(own, list(kinds.values()), sorted(counties.items(), key=lambda county: sort_key(county[0])))


ROUTES: Final = (Route("GET", "/desk/admin/organisations", get_organisations, ADMIN),)
