"""`/desk/admin/texts`: each text sent to people, in both languages, counted in SMS segments, changed while running."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from gateway.overriding import apply_overrides
from gateway.rules import texts_of, words_of
from gateway.web.desk.admin_frame import ADMIN, admin_page, done, typed
from gateway.web.pages.forms import FilledForm, Wrong
from gateway.web.render import digits_of, page_language
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF, Services
from sms.segments import segments
from sms.texts import LANGUAGES, LONGEST, TextError, Texts, Wording
from sms.wording import written
from ticketing import overriding
from ticketing.errors import Conflict, NotFound
from ticketing.overriding import change_override, fetch_overrides

_PATH: Final = "/desk/admin/texts"
_SAMPLE: Final = {
    "code": "273048591604",
    "business": "نانوایی بهار",
    "county": "ری",
    "step": "بازرسی",
    "due": "1405/09/12",
    "earlier": "نانوایی بهار",
}
_LONGEST_TEXT: Final = 500
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text stands: `steps.contacted`."""

    section: str
    name: str


async def get_texts(request: web.Request) -> web.Response:
    """Every text as it is sent now, with its segments at its longest."""
    services = request.app[SERVICES]
    over = await _overrides(services)
    rows = [
        {
            "section": section,
            "name": name,
            "words": (words := _words(services, over, _Place(section, name))),
            "segments": {language: _segments(services.rules.texts, name, language) for language in words},
            "is_ours": name in over.get(section, {}),
        }
        for section, names in services.rules.texts.names.items()
        for name in names
    ]
    return admin_page(request, "admin_texts.html", "texts", values={"rows": rows})


async def get_text(request: web.Request) -> web.Response:
    """One text, to be changed."""
    services, place = request.app[SERVICES], _place(request)
    return await _page(request, _words(services, await _overrides(services), place))


async def post_text(request: web.Request) -> web.Response:
    """Show it as it would be sent (`do=preview`), keep it (`save`), or go back to the settings file's (`restore`)."""
    services, place, said = request.app[SERVICES], _place(request), await typed(request)
    words = {language: said(language).strip()[:_LONGEST_TEXT] for language in LANGUAGES}
    wanted = None if said("do") == "restore" else words
    try:
        if said("do") == "preview":
            texts_of(services.settings, _with(await _overrides(services), place, wanted))
            return await _page(request, words, seen=said("seen"))
        await _keep(request, place, wanted, said("seen"))
    except TextError as error:
        return await _page(request, words, error=error, seen=said("seen"), status=422)
    except Conflict:
        return await _page(request, words, is_stale=True, status=409)
    await apply_overrides(services.settings, services.rules, services.database)
    return done(request, f"{_PATH}/{place.section}/{place.name}", "saved" if wanted else "restored")


async def _keep(request: web.Request, place: _Place, wanted: Words | None, seen: str) -> None:
    services = request.app[SERVICES]

    def change(over: Mapping[str, Any]) -> Mapping[str, Any]:
        if _words(services, over, place) == (wanted or words_of(services.settings, place.section, place.name)):
            return over  # the same form once more
        if _digest(_words(services, over, place)) != seen:
            raise Conflict("stale_version")
        changed = _with(over, place, wanted)
        texts_of(services.settings, changed)
        return changed

    await change_override(services.database, overriding.TEXTS, change, request[STAFF], services.now())


def _with(over: Mapping[str, Any], place: _Place, wanted: Words | None) -> Mapping[str, Any]:
    section = {name: words for name, words in over.get(place.section, {}).items() if name != place.name}
    return {**over, place.section: {**section, place.name: dict(wanted)} if wanted else section}


def _words(services: Services, over: Mapping[str, Any], place: _Place) -> Words:
    """What is said now: the override's, and the settings' where there is none."""
    settled = words_of(services.settings, place.section, place.name)
    return {**settled, **over.get(place.section, {}).get(place.name, {})}


def _digest(words: Words) -> str:
    return hashlib.sha256(json.dumps(dict(words), sort_keys=True).encode()).hexdigest()[:32]


async def _overrides(services: Services) -> Mapping[str, Any]:
    found = (await fetch_overrides(services.database)).get(overriding.TEXTS)
    return found.value if found else {}


def _place(request: web.Request) -> _Place:
    place = _Place(request.match_info["section"], request.match_info["name"])
    if place.name not in request.app[SERVICES].rules.texts.names.get(place.section, ()):
        raise NotFound
    return place


def _segments(texts: Texts, name: str, language: str) -> int:
    return segments(texts.render(name, language, **LONGEST))


async def _page(
    request: web.Request,
    words: Words,
    *,
    error: TextError | None = None,
    is_stale: bool = False,
    seen: str = "",
    status: int = 200,
) -> web.Response:
    services, place = request.app[SERVICES], _place(request)
    over = await _overrides(services)
    now = _words(services, over, place)
    values = {
        "section": place.section,
        "name": place.name,
        "words": words,
        "now": now if is_stale else None,
        "seen": now and _digest(now) if is_stale or not seen else seen,
        "settled": words_of(services.settings, place.section, place.name),
        "is_ours": place.name in over.get(place.section, {}),
        "shown": {language: _preview(words[language], language) for language in LANGUAGES},
        "longest": {language: _fillings(language, LONGEST) for language in LANGUAGES},
        "usual": {language: _fillings(language, _SAMPLE) for language in LANGUAGES},
        "placeholders": _placeholders(services.rules.texts.wordings[place.name]),
    }
    form = _complained(services, request, error) if error else FilledForm()
    return admin_page(request, "admin_text.html", "texts", form=form, status=status, values=values)


def _preview(text: str, language: str) -> dict[str, Any]:
    """As it reaches a phone with a usual code and names, and how many segments it takes with the longest ones."""
    usual, longest = (_filled(text, language, values) for values in (_SAMPLE, LONGEST))
    return {"text": usual, "segments": segments(longest), "letters": len(longest)}


def _filled(text: str, language: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", written(name, value, language, len(LONGEST[name])))
    return text


def _fillings(language: str, values: Words) -> str:
    """What admin.js fills placeholders with, to count and to show: each value as it is written."""
    return json.dumps({name: written(name, value, language, len(LONGEST[name])) for name, value in values.items()})


def _placeholders(wording: Wording) -> dict[str, list[str]]:
    return {"required": sorted(wording.required), "optional": sorted(wording.optional)}


def _complained(services: Services, request: web.Request, error: TextError) -> FilledForm:
    """The rule that is broken, beside its field; or, of another text that this one is sent with, in the summary."""
    language = page_language(request)
    _, name, spoken = error.key.split(".")
    about = error.about
    if error.code == "too_long_after":
        about = services.catalogue.say(language, f"admin.text.{about}")
    sentence = services.catalogue.say(language, f"admin.text_wrong.{error.code}", about=digits_of(about, language))
    if name == _place(request).name:
        return FilledForm({}, (Wrong(spoken, sentence),), {spoken: sentence})
    title = services.catalogue.say(language, f"admin.text.{name}")
    return FilledForm({}, (Wrong("", f"{title}: {sentence}"),))


ROUTES: Final = (
    Route("GET", _PATH, get_texts, ADMIN),
    Route("GET", f"{_PATH}/{{section}}/{{name}}", get_text, ADMIN),
    Route("POST", f"{_PATH}/{{section}}/{{name}}", post_text, ADMIN),
)
