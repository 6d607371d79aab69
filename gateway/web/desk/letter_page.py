"""The pages of letters, laid out for their templates: a draft, an organisation's own figures, and a letter issued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from gateway.letters.tables import LetterTables
from gateway.letters.writing import Writing
from gateway.web.desk.layout import desk_page
from gateway.web.desk.letter_question import Question, composer_of, review_of
from gateway.web.pages.forms import FilledForm, refused
from gateway.web.render import digits_of, other_language_url, page_language, page_url, table_date
from gateway.web.services import SERVICES, STAFF
from normalizer.day import tehran_day
from ticketing.body_register import body_register
from ticketing.letters import Issued, list_issued, may_issue, newest_issued
from ticketing.performance import Review

PATH: Final = "/desk/letter"
_FILES: Final = ("xlsx", "json")


async def draft_page(
    request: web.Request, question: Question, form: FilledForm | None = None, *, status: int = 200
) -> web.Response:
    """The letter of the period with the form that issues it; to an organisation's staff their own figures."""
    services, language = request.app[SERVICES], page_language(request)
    issued = await list_issued(services.database.read)
    shown = await _shown(request, question) if not question.errors else {"words": None, "own": None}
    typed = {name: digits_of(value, language) for name, value in question.typed.items()}
    filled = form or refused(typed, question.errors, services.catalogue, language)
    return desk_page(
        request,
        "desk/letter.html",
        status=422 if question.errors else status,
        form=filled,
        form_id=uuid4().hex,
        question=question,
        at=question.at.isoformat(),
        today=table_date(tehran_day(services.now()), language),
        files=[(suffix, page_url(f"{PATH}.{suffix}", language, **question.said)) for suffix in _FILES],
        issued=[_line(each, language) for each in issued],
        other_language_url=other_language_url(PATH, language, **question.said),
        **shown,
    )


async def _shown(request: web.Request, question: Question) -> dict[str, Any]:
    """The letter's `words` to who may issue it, to others the tables of their `own` organisation."""
    services, language, member = request.app[SERVICES], page_language(request), request[STAFF]
    found = await review_of(request, question)
    if not may_issue(member):
        return {"words": None, "own": _own(found, member.organisation, Writing(language, services.catalogue))}
    follows = await newest_issued(services.database.read)
    return {"words": composer_of(request).compose(found, follows=follows)["words"][language], "own": None}


async def issued_page(request: web.Request, document: Mapping[str, Any]) -> web.Response:
    """A letter as it was issued."""
    language, path = page_language(request), request.path
    files = [(suffix, page_url(f"{path}/letter.{suffix}", language)) for suffix in _FILES]
    done = "issued" if request.query.get("done") == "issued" else ""
    return desk_page(request, "desk/letter_issued.html", words=document["words"][language], files=files, done=done)


def _own(found: Review, organisation: str, writing: Writing) -> list[dict[str, Any]]:
    """Their own row among the organisations, and their kinds of bodies; all of them for the nation's staff."""
    kinds = found.narrowed(organisation) if organisation else found
    return [
        LetterTables(found, writing, only=organisation).organisations(),
        LetterTables(kinds, writing).kinds(body_register().kinds),
    ]


def _line(each: Issued, language: str) -> dict[str, str]:
    return {
        "number": digits_of(each.reference.number, language),
        "day": table_date(each.reference.day, language),
        "first": table_date(each.first, language),
        "last": table_date(each.last, language),
        "href": page_url(f"{PATH}/{each.id}", language),
    }
