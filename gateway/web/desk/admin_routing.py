"""`/desk/admin/routing`: the rules of routing, a row each, tried out on past tickets before they are saved.

The page carries the rules as text, as config.toml has them; rows are another way to write that text, and buttons that
move rows about are submits like any other, so that nothing needs a script.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from aiohttp import web

from channels.registry import CHANNELS
from gateway.overriding import apply_overrides
from gateway.web.desk.admin_frame import ADMIN, admin_page, done, typed_fields
from gateway.web.desk.routing_rows import (
    CODES,
    Rules,
    conditions_of,
    edit_rows,
    lay_out,
    parse_rules,
    ticked_of,
    typed_rule,
)
from gateway.web.pages.forms import FilledForm, Wrong, refused
from gateway.web.render import grouped_of, page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF, Services
from normalizer.complaint import CATEGORIES
from sms.digits import is_ascii_number
from ticketing.errors import Conflict, Invalid
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES
from ticketing.overriding import ROUTING, Override, change_override, fetch_overrides
from ticketing.routing import Routing, routes_of
from ticketing.routing_trial import Trial, try_out
from ticketing.title import titled
from ticketing.wrong_key import WrongKey

_PATH: Final = "/desk/admin/routing"
_MOST_DIGITS: Final = 4
_BLANK: Final = dict.fromkeys(("procedure", "min_amount_rial", "has_guild_id", "route", "body", "automatic"), "")
_UNDER: Final = "routing.rules."


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows beside the rules in use. `rules` is None where `text` cannot be read as rules."""

    text: str
    rules: Rules | None
    open: int | None = None
    form: FilledForm = field(default_factory=FilledForm)
    trial: Trial | None = None
    tried: str = ""
    seen: str = ""
    is_stale: bool = False
    status: int = 200


async def get_routing(request: web.Request) -> web.Response:
    """The rules in use, to be changed."""
    now = _in_use(request.app[SERVICES], await _kept(request))
    return await _page(request, _Shown(lay_out(now), now))


async def post_routing(request: web.Request) -> web.Response:
    """Take the open row in, and do what the button says.

    A row's buttons move, open, add or remove rows and keep nothing. `try` tries the rules out; once exactly these were
    tried, `save` keeps them; `restore` drops the override.
    """
    said = await typed_fields(request)
    text, seen, do = said.get("rules", ""), said.get("seen", ""), said.get("do", "")
    if do == "restore":
        return await _save(request, request.app[SERVICES].settings.routing.rules, text, seen, "restored")
    try:
        rules = parse_rules(text)
    except (WrongKey, tomllib.TOMLDecodeError) as error:
        return await _page(request, _Shown(text, None, form=_wrong_text(request, str(error)), seen=seen, status=422))
    action, _, written = do.partition(":")
    place, row = _place(written), _place(said.get("row", ""))
    if 0 <= row < len(rules) and not (action == "close" or (action == "remove" and place == row)):
        try:
            rules = [*rules[:row], typed_rule(said), *rules[row + 1 :]]
        except Invalid as refusal:
            form = _wrong_row(request, row, refusal, said)
            return await _page(request, _Shown(text, rules, row, form, seen=seen, status=422))
        text = lay_out(rules)
    edited = edit_rows(rules, action, place)
    if edited is not None:
        return await _page(request, _Shown(lay_out(edited.rules), edited.rules, edited.open, seen=seen))
    return await _try_or_save(request, rules, text, said)


async def _try_or_save(request: web.Request, rules: Rules, text: str, said: Mapping[str, str]) -> web.Response:
    services, seen, digest = request.app[SERVICES], said.get("seen", ""), _digest(rules)
    try:
        routing = Routing.from_settings(rules, services.rules.procedures.values())
    except WrongKey as wrong:
        place, form = _wrong_rule(request, wrong)
        return await _page(request, _Shown(text, rules, place, form, seen=seen, status=422))
    if said.get("do") == "save" and said.get("tried") == digest:
        return await _save(request, rules, text, seen, "saved")
    trial = await try_out(services.database, services.rules, routing, request[STAFF])
    return await _page(request, _Shown(text, rules, trial=trial, tried=digest, seen=seen))


async def _save(request: web.Request, rules: Rules, text: str, seen: str, what: str) -> web.Response:
    services = request.app[SERVICES]

    def change(over: Mapping[str, Any]) -> Mapping[str, Any]:
        now = over.get("rules", services.settings.routing.rules)
        if now == list(rules):
            return over  # the same form once more
        if _digest(now) != seen:
            raise Conflict("stale_version")
        return {"rules": list(rules)}

    try:
        await change_override(services.database, ROUTING, change, request[STAFF], services.now())
    except Conflict:
        return await _page(request, _Shown(text, _readable(text), is_stale=True, status=409))
    await apply_overrides(services.settings, services.rules, services.database)
    return done(request, _PATH, what)


def _readable(text: str) -> Rules | None:
    try:
        return parse_rules(text)
    except (WrongKey, tomllib.TOMLDecodeError):
        return None


def _place(written: str) -> int:
    """The number of a row, from 0; -1 for what is none."""
    return int(written) if is_ascii_number(written) and len(written) <= _MOST_DIGITS else -1


def _digest(rules: Rules) -> str:
    plain = json.dumps([dict(rule) for rule in rules], sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def _wrong_text(request: web.Request, wrong: str) -> FilledForm:
    sentence = _say(request, "admin.rules_wrong", wrong=_set_apart(wrong))
    return FilledForm({}, (Wrong("rules", sentence),), {"rules": sentence})


def _wrong_row(request: web.Request, row: int, refusal: Invalid, said: Mapping[str, str]) -> FilledForm:
    form = refused(said, refusal.errors, request.app[SERVICES].catalogue, page_language(request))
    named = tuple(Wrong(each.field, _of_rule(request, row, each.message)) for each in form.errors)
    return FilledForm(said, named, form.beside)


def _wrong_rule(request: web.Request, wrong: WrongKey) -> tuple[int | None, FilledForm]:
    """The row the checker named, opened, with its field; the checker's own words stand beside it."""
    written, _, key = wrong.key.removeprefix(_UNDER).partition(".")
    place, name = _place(written), f"rule.{key.partition('.')[0]}"
    problem = _set_apart(wrong.problem)
    if place < 0 or not request.app[SERVICES].catalogue.has(f"label.{name}"):
        return None, _wrong_text(request, str(wrong))
    labelled = _say(request, "form.summary_line", label=_say(request, f"label.{name}"), message=problem)
    return place, FilledForm({}, (Wrong(name, _of_rule(request, place, labelled)),), {name: problem})


def _of_rule(request: web.Request, place: int, sentence: str) -> str:
    return _say(request, "admin.of_rule", number=place + 1, sentence=sentence)


def _say(request: web.Request, code: str, **values: Any) -> str:
    language = page_language(request)
    said = {name: _written(value, language) for name, value in values.items()}
    return request.app[SERVICES].catalogue.say(language, code, **said)


def _written(value: Any, language: str) -> Any:
    """A figure grouped and in the language's digits; words as they are."""
    return grouped_of(value, language) if isinstance(value, int) else value


def _set_apart(technical: str) -> str:
    """The checker's own words, which name key and place, left to right within any sentence."""
    return f"\u2066{technical}\u2069"


async def _kept(request: web.Request) -> Override | None:
    return (await fetch_overrides(request.app[SERVICES].database)).get(ROUTING)


async def _page(request: web.Request, shown: _Shown) -> web.Response:
    services, kept = request.app[SERVICES], await _kept(request)
    now, names = _in_use(services, kept), _names(services, request)
    rows = shown.rules or ()
    routes = sorted({route for each in services.rules.procedures.values() for route in routes_of(each)})
    values = {
        "text": shown.text,
        "rows": [({**_BLANK, **rule}, list(conditions_of(rule, partial(_say, request), names))) for rule in rows],
        "open": shown.open,
        "opened": _fields_of(rows, shown) if shown.open is not None else {},
        "is_readable": shown.rules is not None,
        "today": lay_out(now) if shown.is_stale else None,
        "seen": shown.seen or _digest(now),
        "override": kept if kept and now != services.settings.routing.rules else None,
        "trial": shown.trial,
        "tried": shown.tried,
        "names": names,
        "conditions": CODES,
        "routes": routes,
        "route_options": [(code, _say(request, f"admin.route.{code}")) for code in routes],
    }
    return admin_page(request, "admin_routing.html", "routing", form=shown.form, status=shown.status, values=values)


def _fields_of(rows: Rules, shown: _Shown) -> Mapping[str, Any]:
    """The open row's values by field: as typed where it was refused, else the rule's."""
    typed, rule = shown.form.typed, rows[shown.open or 0]
    if typed:
        ticked = {name: ticked_of(typed, name) for name in CODES}
        return {**_BLANK, **{name.removeprefix("rule."): value for name, value in typed.items()}, **ticked}
    guild_id = {True: "yes", False: "no"}.get(rule.get("has_guild_id"), "")  # type: ignore[arg-type]
    codes = {name: [given] if isinstance(given := rule.get(name) or [], str) else list(given) for name in CODES}
    return {**_BLANK, **rule, **codes, "has_guild_id": guild_id}


def _in_use(services: Services, kept: Override | None) -> Rules:
    rules: Rules = kept.value["rules"] if kept else services.settings.routing.rules
    return rules


def _names(services: Services, request: web.Request) -> dict[str, dict[str, str]]:
    """What every code a rule may hold is called, by field."""
    language = page_language(request)
    organisations = {code: titled(title, language) for code, title in ORGANISATIONS.items()}
    return {
        "procedure": {code: titled(each.title, language) for code, each in services.rules.procedures.items()},
        "category": {code: titled(services.rules.categories[code].title, language) for code in CATEGORIES},
        "province": {code: organisations[code] for code in PROVINCE_CODES},
        "organisation": organisations,
        "channel": {code: _say(request, f"channel.{code}") for code in CHANNELS},
    }


ROUTES: Final = (
    Route("GET", _PATH, get_routing, ADMIN),
    Route("POST", _PATH, post_routing, ADMIN),
)
