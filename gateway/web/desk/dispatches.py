"""`/desk/dispatches`: an inspector's jobs on a phone, and each job's page, both fit to be kept for where no network is.

Only shows; what the inspector does there goes through the staff API, now or hours later, from the phone's own queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from aiohttp import web

from channels.attachments import MAX_FILES
from gateway.web.desk.layout import desk_page
from gateway.web.render import page_language, tehran_day
from gateway.web.route import Access, Route
from gateway.web.services import SERVICES, STAFF, Services
from normalizer.tracking_code import parse_code
from ticketing import desk
from ticketing.dispatches import list_dispatches
from ticketing.errors import NotFound
from ticketing.organisations import ORGANISATIONS
from ticketing.roles import at_desk
from ticketing.title import titled

INSPECTORS: Final[Access] = at_desk("dispatches")


async def get_dispatches(request: web.Request) -> web.Response:
    """The jobs, what is due first at the head; what lies on the phone is added by its script."""
    services, at = request.app[SERVICES], request.app[SERVICES].now()
    jobs = await list_dispatches(services.database, services.rules, request[STAFF], at)
    today = tehran_day(at.isoformat())
    return desk_page(
        request,
        "desk/dispatches.html",
        jobs=[{**job, **_named(services, job, page_language(request)), "due": _due(job, today)} for job in jobs],
        made_at=at.isoformat(),
    )


async def get_jobs(request: web.Request) -> web.Response:
    """Whose jobs these are and at which version each stands: what a kept page asks before it trusts itself."""
    services, at = request.app[SERVICES], request.app[SERVICES].now()
    jobs = await list_dispatches(services.database, services.rules, request[STAFF], at)
    standing = [{name: job[name] for name in ("tracking_code", "version")} for job in jobs]
    return web.json_response({"owner": request[STAFF].username, "at": at.isoformat(), "jobs": standing})


async def get_dispatch(request: web.Request) -> web.Response:
    """One job: where to go, what was complained of, and the report's form. Raises NotFound for what is not theirs."""
    services, at = request.app[SERVICES], request.app[SERVICES].now()
    code = parse_code(request.match_info["code"])
    if code is None:
        raise NotFound
    ticket = await desk.get_ticket(services.database, services.rules, request[STAFF], code, at)
    facts = ticket["facts"]
    job = {**ticket, "business": facts["business"], "place": facts["place"]}
    return desk_page(
        request,
        "desk/dispatch.html",
        job={**job, **_named(services, job, page_language(request)), "due": _due(job, tehran_day(at.isoformat()))},
        facts=facts,
        is_waiting=job["status"] == "open" and job["waiting_for"] == "inspector",
        made_at=at.isoformat(),
        most_files=MAX_FILES,
    )


def _named(services: Services, job: Mapping[str, Any], language: str) -> dict[str, str]:
    """Names for people: the shop's, the category's and the place's."""
    business, place = job["business"], job["place"]
    category = services.rules.categories.get(job["category"] or "")
    province = titled(ORGANISATIONS[place["province"]], language) if place["province"] else ""
    comma = f"{services.catalogue.say(language, 'page.comma')} "
    return {
        "shop": business["name"] or business["guild_id"] or services.catalogue.say(language, "dispatches.nameless"),
        "category_title": titled(category.title, language) if category else "",
        "region": comma.join(part for part in (place["county"], province) if part),
    }


def _due(job: Mapping[str, Any], today: date) -> str:
    """How the job stands with its term: late, today, later, or nothing where it has none."""
    if job["due_on"] is None:
        return ""
    if job["overdue"]:
        return "late"
    return "today" if date.fromisoformat(job["due_on"]) <= today else "later"


ROUTES: Final = (
    Route("GET", "/desk/dispatches", get_dispatches, INSPECTORS),
    Route("GET", "/desk/dispatches/jobs", get_jobs, INSPECTORS),
    Route("GET", "/desk/dispatches/{code}", get_dispatch, INSPECTORS),
)
