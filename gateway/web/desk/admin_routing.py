"""`/desk/admin/routing`: the rules of routing, tried out on past tickets before they are saved, and used at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from gateway.overriding import apply_overrides
from gateway.web.desk.admin_frame import ADMIN, admin_page, done, typed
from gateway.web.pages.forms import FilledForm, Wrong
from gateway.web.render import page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF, Services
from normalizer.complaint import CATEGORIES
from ticketing.errors import Conflict
from ticketing.organisations import ORGANISATIONS
from ticketing.overriding import ROUTING, Override, change_override, fetch_overrides
from ticketing.routing import Routing, routes_of
from ticketing.routing_trial import Trial, try_out
from ticketing.title import titled
from ticketing.wrong_key import WrongKey

_PATH: Final = "/desk/admin/routing"
Rules = Sequence[Mapping[str, Any]]


async def get_routing(request: web.Request) -> web.Response:
    """The rules in use, to be changed."""
    return await _page(request, None)


async def post_routing(request: web.Request) -> web.Response:
    """Try rules out; once exactly these were tried, `do=save` keeps them and `do=restore` drops the override."""
    services, said = request.app[SERVICES], await typed(request)
    text, seen = said("rules"), said("seen")
    try:
        if said("do") == "restore":
            await _keep(request, services.settings.routing.rules, seen)
            return done(request, _PATH, "restored")
        rules = _parsed(text)
        routing = Routing.from_settings(rules, services.rules.procedures.values())
        if said("do") == "save" and said("tried") == _digest(rules):
            await _keep(request, rules, seen)
            return done(request, _PATH, "saved")
    except (WrongKey, tomllib.TOMLDecodeError) as error:
        return await _page(request, text, wrong=str(error), seen=seen, status=422)
    except Conflict:
        return await _page(request, text, is_stale=True, status=409)
    trial = await try_out(services.database, services.rules, routing, request[STAFF])
    return await _page(request, text, trial=trial, tried=_digest(rules), seen=seen)


async def _keep(request: web.Request, rules: Rules, seen: str) -> None:
    services = request.app[SERVICES]

    def change(over: Mapping[str, Any]) -> Mapping[str, Any]:
        now = over.get("rules", services.settings.routing.rules)
        if now == list(rules):
            return over  # the same form once more
        if _digest(now) != seen:
            raise Conflict("stale_version")
        return {"rules": list(rules)}

    await change_override(services.database, ROUTING, change, request[STAFF], services.now())
    await apply_overrides(services.settings, services.rules, services.database)


def _parsed(text: str) -> Rules:
    """The rules of a text laid out as in config.toml. Raises `WrongKey`, TOMLDecodeError."""
    given = tomllib.loads(text)
    for name in given:
        if name != "rules":
            raise WrongKey(name, "begin each rule with [[rules]]")
    rules = given.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise WrongKey("rules", "begin each rule with [[rules]]")
    return rules


def _laid_out(rules: Rules) -> str:
    """The rules as config.toml has them; every value of a rule is written alike in JSON and TOML."""
    tables = (
        "\n".join(("[[rules]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in rule.items())))
        for rule in rules
    )
    return "\n\n".join(tables)


def _digest(rules: Rules) -> str:
    plain = json.dumps([dict(rule) for rule in rules], sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


async def _page(
    request: web.Request,
    text: str | None,
    *,
    wrong: str = "",
    trial: Trial | None = None,
    tried: str = "",
    is_stale: bool = False,
    seen: str = "",
    status: int = 200,
) -> web.Response:
    services = request.app[SERVICES]
    kept = (await fetch_overrides(services.database)).get(ROUTING)
    now = _in_use(services, kept)
    values = {
        "text": _laid_out(now) if text is None else text,
        "today": _laid_out(now) if is_stale else None,
        "seen": seen or _digest(now),
        "override": kept if kept and now != services.settings.routing.rules else None,
        "trial": trial,
        "tried": tried,
        **_titles(services, page_language(request)),
    }
    form = FilledForm()
    if wrong:
        sentence = services.catalogue.say(page_language(request), "admin.rules_wrong", wrong=_set_apart(wrong))
        form = FilledForm({}, (Wrong("rules", sentence),), {"rules": sentence})
    return admin_page(request, "admin_routing.html", "routing", form=form, status=status, values=values)


def _in_use(services: Services, kept: Override | None) -> Rules:
    rules: Rules = kept.value["rules"] if kept else services.settings.routing.rules
    return rules


def _set_apart(technical: str) -> str:
    """The checker's own words, which name key and place, left to right within any sentence."""
    return f"\u2066{technical}\u2069"


def _titles(services: Services, language: str) -> dict[str, Any]:
    routes = {route for each in services.rules.procedures.values() for route in routes_of(each)}
    return {
        "categories": {code: titled(services.rules.categories[code].title, language) for code in CATEGORIES},
        "organisations": {code: titled(title, language) for code, title in ORGANISATIONS.items()},
        "routes": sorted(routes),
    }


ROUTES: Final = (
    Route("GET", _PATH, get_routing, ADMIN),
    Route("POST", _PATH, post_routing, ADMIN),
)
