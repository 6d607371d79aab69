"""`/desk/businesses`: businesses with many complaints, and each one's page with all its tickets in sight, counted.

Shows only; what may be done about a business is done to its tickets, one by one or in a parent case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from aiohttp import web
from persiantools.jdatetime import JalaliDate

from gateway.web.desk.layout import DESKS, desk_page, desks_of
from gateway.web.desk.queue_rows import Shower
from gateway.web.desk.titles import Titles
from gateway.web.render import digits_of, page_language
from gateway.web.route import STAFF_ANY, Route
from gateway.web.services import SERVICES, STAFF
from ticketing import desk
from ticketing.business_view import described, get_business
from ticketing.parent_case_view import gatherable, list_cases, open_case_of
from ticketing.parent_cases import may_gather
from ticketing.proposing import proposals_of

PATH: Final = "/desk/businesses"
ACCESS: Final = next(each.access for each in DESKS if each.code == "businesses")
CHILD: Final = "child."
"""What the name of a ticket's tick begins with; its code follows, and its version is the value."""
_SHOWN: Final = 20
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a count: how many, and how many of a hundred of the longest line that is."""

    title: str
    count: int
    length: int


async def get_proposals(request: web.Request) -> web.Response:
    """The businesses over a bound of the settings, and the open parent cases."""
    cases = await list_cases(request.app[SERVICES].database.read, request[STAFF])
    return desk_page(request, "desk/businesses.html", proposals=await proposed(request), cases=cases)


async def get_page(request: web.Request) -> web.Response:
    """One business. Raises `NotFound` for whoever sees none of its tickets."""
    services, member = request.app[SERVICES], request[STAFF]
    rules, at = services.rules, services.now()
    business = await get_business(services.database.read, rules, member, request.match_info["business"])
    asked = {"business": business["id"], "limit": _SHOWN}
    newest = await desk.list_tickets(services.database, rules, member, asked, at)
    shower = Shower(services, member, page_language(request), at, {})
    titles = _titles(request)
    number = int(business["id"])
    open_case = await open_case_of(services.database.read, number)
    makes = open_case is None and may_gather(rules, member, newest["items"][0]["procedure"])
    free = await gatherable(services.database.read, rules, member, number, at) if makes else []
    return desk_page(
        request,
        "desk/business.html",
        business=business,
        place=_place(titles, business),
        shares=_shares(titles, business["counts"]),
        rows=[shower.row(item) for item in newest["items"]],
        is_all=newest["next_cursor"] is None,
        open_case=open_case,
        gatherable=[shower.row(item) for item in free],
        adds=services.settings.surges.adds,
        form_id=uuid4().hex,
        child=CHILD,
        titles=titles,
        has_queue=any(each.code == "queue" for each in desks_of(member.role)),
    )


async def growing(request: web.Request) -> list[dict[str, Any]]:
    """The open parent cases that have new tickets to be added."""
    cases = await list_cases(request.app[SERVICES].database.read, request[STAFF])
    return [case for case in cases if case["addable"]]


async def proposed(request: web.Request) -> list[dict[str, Any]]:
    """The proposals, for `business_parts.html`; businesses that have an open parent case are not among them."""
    services = request.app[SERVICES]
    found = await proposals_of(services.database.read, services.rules, request[STAFF], services.now())
    titles, hours = _titles(request), services.settings.surges.hours
    return [
        {
            **described(each.business),
            "place": _place(titles, each.business),
            "open": each.open,
            "hours": hours,
            "surging": each.surging,
            "upheld": each.upheld,
        }
        for each in found
        if each.business["open_case"] is None
    ]


def _titles(request: web.Request) -> Titles:
    services = request.app[SERVICES]
    return Titles(page_language(request), services.catalogue, services.rules)


def _place(titles: Titles, business: Mapping[str, Any]) -> tuple[str, ...]:
    """Province and county, the one that is called as the other only once."""
    province = titles.of("province", business["province"]) if business["province"] else ""
    county = business["county"] or ""
    return tuple(each for each in dict.fromkeys((province, county)) if each)


def _shares(titles: Titles, counts: Mapping[str, Any]) -> dict[str, list[Share]]:
    """The lines of each count by its code; a count without any is left out."""
    months = dict(list(counts["by_month"].items())[:_MONTHS])
    lines = {
        "category": [(titles.of("category", code), count) for code, count in counts["by_category"].items()],
        "outcome": [(titles.of("outcome", code), count) for code, count in counts["by_outcome"].items()],
        "month": [(_month(month, titles.language), count) for month, count in months.items()],
    }
    return {name: _measured(each) for name, each in lines.items() if each}


def _measured(lines: Iterable[tuple[str, int]]) -> list[Share]:
    given = list(lines)
    longest = max(count for _, count in given)
    return [Share(title, count, round(100 * count / longest)) for title, count in given]


def _month(written: str, language: str) -> str:
    """«آبان ۱۴۰۵» of 1405-08; the months are the Jalali calendar's in both languages."""
    year, month = (int(part) for part in written.split("-"))
    name = JalaliDate(year, month, 1, locale=language).strftime("%B")  # type: ignore[no-untyped-call]
    return f"{name} {digits_of(year, language)}"


ROUTES: Final = (
    Route("GET", PATH, get_proposals, ACCESS),
    Route("GET", f"{PATH}/{{business}}", get_page, STAFF_ANY),
)
