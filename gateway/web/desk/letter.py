"""`/desk/letter`: how complaints of a period were answered, as the letter that would say so; issuing it; those issued.

The address says everything: period, and the day it is told as of. The centre sees the letter and issues it, frozen; an
organisation sees its own figures, and the letters issued, which are written to it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from gateway.letters.composing import written
from gateway.letters.workbook import to_workbook
from gateway.web.asked import asked_of
from gateway.web.body import Reader
from gateway.web.desk.letter_page import PATH, draft_page, issued_page
from gateway.web.desk.letter_question import Question, composer_of, read_question, review_of
from gateway.web.desk.spreadsheet import XLSX_TYPE
from gateway.web.pages.forms import form_id_of, refused
from gateway.web.render import page_language, page_url, see_other
from gateway.web.route import Route
from gateway.web.services import SERVICES, STAFF
from normalizer.day import parse_day, tehran_day
from ticketing.errors import Forbidden, Invalid
from ticketing.letters import MEMBERS, Reference, get_issued, issue, may_issue, newest_issued, read_reference

_ONE: Final = f"{PATH}/{{letter}}"
_FORM: Final = Reader(json=False, form=True)
_JSON_TYPE: Final = "application/json; charset=utf-8"


async def get_draft(request: web.Request) -> web.Response:
    """The letter as it would be, or an organisation's own figures; 422 with what is wrong where the period is none."""
    return await draft_page(request, read_question(request, request.query))


async def get_draft_file(request: web.Request) -> web.Response:
    """The letter as it would be, as a file. Raises Invalid, Forbidden."""
    question = read_question(request, request.query)
    if question.errors:
        raise Invalid(question.errors)
    if not may_issue(request[STAFF]):
        raise Forbidden
    follows = await newest_issued(request.app[SERVICES].database.read)
    document = composer_of(request).compose(await review_of(request, question), follows=follows)
    return await _file(request, written(document), "letter-draft")


async def post_issue(request: web.Request) -> web.Response:
    """Issue the letter that was shown, as it stood then. Raises Forbidden."""
    if not may_issue(request[STAFF]):
        raise Forbidden
    services, typed = request.app[SERVICES], await _typed(request)
    question = read_question(request, typed)
    errors = list(question.errors)
    day = parse_day(typed.get("issued_on", ""))
    reference = read_reference(typed.get("number", ""), day, tehran_day(services.now()), errors)
    if not errors:
        try:
            return await _issued(request, question, typed, reference)
        except Invalid as refusal:
            errors = list(refusal.errors)
    form = refused(typed, errors, services.catalogue, page_language(request))
    return await draft_page(request, question, form, status=422)


async def get_letter(request: web.Request) -> web.Response:
    """A letter as it was issued. Raises NotFound."""
    return await issued_page(request, json.loads(await _text(request)))


async def get_letter_file(request: web.Request) -> web.Response:
    """A letter as it was issued, as a file: the same one each time. Raises NotFound."""
    return await _file(request, await _text(request), f"letter-{request.match_info['letter']}")


async def _issued(
    request: web.Request, question: Question, typed: Mapping[str, str], reference: Reference
) -> web.Response:
    services = request.app[SERVICES]
    asked = asked_of(services, request[STAFF], "letter", f"form-{form_id_of(typed)}", typed)
    found, composer = await review_of(request, question), composer_of(request)

    def write(follows: Reference | None) -> str:
        return written(composer.compose(found, reference=reference, follows=follows))

    issued = await issue(services.database, asked, found, reference, write)
    return see_other(page_url(f"{PATH}/{issued['id']}", page_language(request), done="issued"))


async def _text(request: web.Request) -> str:
    services = request.app[SERVICES]
    return await get_issued(services.database.read, services.rules.vault, written_id=request.match_info["letter"])


async def _file(request: web.Request, text: str, name: str) -> web.Response:
    if request.path.endswith(".json"):
        return web.Response(body=text.encode(), headers=_named(name, "json", _JSON_TYPE))
    document: dict[str, Any] = json.loads(text)
    content = await asyncio.to_thread(to_workbook, document, page_language(request))
    return web.Response(body=content, headers=_named(name, "xlsx", XLSX_TYPE))


def _named(name: str, suffix: str, media_type: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.{suffix}"', "Content-Type": media_type}


async def _typed(request: web.Request) -> Mapping[str, str]:
    typed: Mapping[str, str] = (await _FORM.read(request)).value
    return typed


ROUTES: Final = (
    Route("GET", PATH, get_draft, MEMBERS),
    Route("POST", PATH, post_issue, MEMBERS),
    Route("GET", f"{PATH}.json", get_draft_file, MEMBERS),
    Route("GET", f"{PATH}.xlsx", get_draft_file, MEMBERS),
    Route("GET", _ONE, get_letter, MEMBERS),
    Route("GET", f"{_ONE}/letter.json", get_letter_file, MEMBERS),
    Route("GET", f"{_ONE}/letter.xlsx", get_letter_file, MEMBERS),
)
