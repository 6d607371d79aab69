"""`/file/{procedure}`: the page that files a report of a procedure other than the one `/` is for, all of it at once.

What it asks for is the procedure's data: the facts it needs, its details, whether anonymously. Whether it was answered
rightly is the use case's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from channels.report_body import ReportBody, check
from channels.web import CHANNEL
from gateway.catalogue import sort_key
from gateway.forms import PATH
from gateway.web.body import Body, Reader
from gateway.web.field_controls import INPUT_MODES, LONGEST_LINE, WRITTEN_LTR, kind_of, put_together, readers_of
from gateway.web.filing import Filing, canonical, file_report, hash_of
from gateway.web.pages import ask, reported
from gateway.web.pages.forms import FilledForm, after_refusal, form_id_of, nested
from gateway.web.pages.report import ACCOUNT
from gateway.web.pages.standing import costs
from gateway.web.problems import Problem
from gateway.web.render import page, page_language, page_url, see_other
from gateway.web.route import PUBLIC, Route
from gateway.web.services import SERVICES, Services
from normalizer.day import tehran_day
from normalizer.gazetteer import COUNTIES, PROVINCES
from ticketing.accepted import Accepted
from ticketing.errors import FieldError, KeyReused
from ticketing.facts import DETAIL
from ticketing.filing import FIELDS_OF, others_by, read_details
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES
from ticketing.procedure import FieldRule, Procedure
from ticketing.title import titled
from ticketing.writer import Unavailable

_PLAIN: Final = ("category", "business.name", "place.province", "place.county", "text", "phone", "name", "email")
"""What may be asked beside the details, which come first, in the page's order."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One of the procedure's own fields, as the form asks for it."""

    name: str
    kind: str
    label: str
    hint: str
    optional: bool
    options: tuple[tuple[str, str], ...]
    most: int
    ltr: bool
    inputmode: str


async def get_form(request: web.Request) -> web.Response:
    """The form, its details filled in as the address says; the first procedure's is the front page."""
    services = request.app[SERVICES]
    if request.match_info["procedure"] == next(iter(services.rules.procedures)):
        return see_other(page_url("/", page_language(request)))
    procedure = _procedure(request)
    names = (each.name for each in _details(procedure, services, page_language(request)))
    return _form(request, procedure, FilledForm({name: request.query.get(name, "")[:LONGEST_LINE] for name in names}))


async def post_form(request: web.Request) -> web.Response:
    """The form filled in: on to the confirmation, or back with what is wrong and everything that was typed."""
    services, procedure = request.app[SERVICES], _procedure(request)
    most = services.settings.storage.max_attachment_bytes
    body = await Reader(json=False, form=True, multipart=True, max_file_bytes=most).read(request)
    typed: dict[str, str] = body.value
    language = page_language(request)
    try:
        accepted = await _file(services, procedure, typed, body, language)
    except (Problem, KeyReused, Unavailable) as refusal:
        if isinstance(refusal, Problem) and refusal.status != 422:
            raise
        labels = {each.name: each.label.rstrip("؟?") for each in _details(procedure, services, language)}
        form, form_id, status = after_refusal(
            typed, refusal, services.catalogue, language, fields=[*labels, *_PLAIN], labels=labels
        )
        return _form(request, procedure, form, status=status, form_id=form_id, files_lost=bool(body.files))
    return await reported.go_there(request, accepted, procedure.code)


def _procedure(request: web.Request) -> Procedure:
    """The procedure of the address. Raises Problem 404 for one that has no page here."""
    services = request.app[SERVICES]
    found = {each.code: each for each in others_by(services.rules.procedures, CHANNEL.code)}
    procedure = found.get(request.match_info["procedure"])
    if procedure is None or not services.settings.channels.web.enabled:
        raise Problem(404)
    return procedure


async def _file(
    services: Services, procedure: Procedure, typed: Mapping[str, str], body: Body, language: str
) -> Accepted:
    """File it. Raises Problem 422 naming every wrong field at once."""
    payload = _payload(procedure, typed)
    wrong = [*_wrong(services, procedure, payload), *(FieldError("files", each.code) for each in body.refused)]
    if wrong:
        raise Problem(422, errors=wrong)
    filing = Filing(
        ACCOUNT,
        f"form-{form_id_of(typed)}",
        payload,
        canonical(typed),
        body.files,
        hash_of(payload, body.files),
        {"language": language},
    )
    return await file_report(services, CHANNEL, filing)


def _payload(procedure: Procedure, typed: Mapping[str, str]) -> dict[str, Any]:
    """The form as the API's JSON."""
    fields = _fields(procedure)
    said = {**typed, **put_together(fields, typed)}
    payload = {"text": "", **nested(said, {**dict.fromkeys(_PLAIN, str), **readers_of(fields)})}
    if procedure.filing.anonymous and typed.get("anonymous"):
        payload = {name: value for name, value in payload.items() if name not in ("phone", "name")}
        payload["anonymous"] = True
    return {**payload, "procedure": procedure.code}


def _wrong(services: Services, procedure: Procedure, payload: Mapping[str, Any]) -> list[FieldError]:
    """What can be told of the form without opening anything: facts, details, and what a whole one must have."""
    now = services.now()
    found = check(ReportBody, payload, tehran_day(now))
    errors = [FieldError(name, code) for name, code in found] if isinstance(found, tuple) else []
    read_details(procedure.filing, payload.get("details", {}), now, errors)
    named = {error.field for error in errors}
    if procedure.filing.whole:
        lacking = [name for name in _required(procedure) if name not in named and not _told(payload, name)]
        errors += [FieldError(name, "required") for name in lacking]
    return [_worded(procedure, error) for error in errors]


def _worded(procedure: Procedure, error: FieldError) -> FieldError:
    """The error by the code of the sentence that fits this page: what is chosen is not written."""
    if error == FieldError("phone", "required") and not procedure.filing.anonymous:
        return FieldError("phone", "phone_required")
    if error == FieldError("text", "required"):
        return FieldError("text", "text_required")
    rule = _fields(procedure).get(error.field)
    if error.code == "required" and rule is not None and kind_of(rule) in ("radios", "select"):
        return FieldError(error.field, "not_chosen")
    return error


def _required(procedure: Procedure) -> list[str]:
    told = (name for need in procedure.needs for name in FIELDS_OF.get(need, ()) if name != "phone")
    return list(dict.fromkeys(told))


def _told(payload: Mapping[str, Any], name: str) -> bool:
    group, _, leaf = name.rpartition(".")
    return bool((payload.get(group, {}) if group else payload).get(leaf))


def _fields(procedure: Procedure) -> dict[str, FieldRule]:
    return {f"{DETAIL}{name}": rule for name, rule in procedure.filing.fields.items()}


def _details(procedure: Procedure, services: Services, language: str) -> Iterator[Detail]:
    for name, rule in _fields(procedure).items():
        yield Detail(
            name,
            kind_of(rule),
            titled(rule.title, language) if rule.title else name.removeprefix(DETAIL),
            titled(rule.hint, language) if rule.hint else "",
            rule.optional,
            tuple(_options(rule, services, language)),
            rule.most or LONGEST_LINE,
            rule.type in WRITTEN_LTR,
            INPUT_MODES.get(rule.type, ""),
        )


def _options(rule: FieldRule, services: Services, language: str) -> Iterator[tuple[str, str]]:
    """What there is to choose from, for the kinds of fields a citizen is asked for."""
    if rule.type == "bool":
        yield from ((each, services.catalogue.say(language, f"file.{each}")) for each in ("yes", "no"))
    elif rule.type == "category":
        yield from ((code, titled(each.title, language)) for code, each in services.rules.categories.items())
    elif rule.type == "province":
        yield from ((code, titled(ORGANISATIONS[code], language)) for code in PROVINCE_CODES)
    for each in rule.choices:
        yield each, titled(rule.called[each], language) if each in rule.called else each


def _form(
    request: web.Request,
    procedure: Procedure,
    form: FilledForm,
    *,
    status: int = 200,
    form_id: str = "",
    files_lost: bool = False,
) -> web.Response:
    services, language = request.app[SERVICES], page_language(request)
    return page(
        request,
        "file.html",
        status=status,
        form=form,
        form_id=form_id or uuid4().hex,
        files_lost=files_lost,
        action=page_url(PATH.format(procedure=procedure.code), language),
        title=titled(procedure.title, language),
        lead=_lead(services, procedure, language),
        details=list(_details(procedure, services, language)),
        needs=procedure.needs,
        takes_anonymous=procedure.filing.anonymous,
        required=_required(procedure) if procedure.filing.whole else [],
        counties=_counties(language),
        **ask.choices(request),
    )


def _lead(services: Services, procedure: Procedure, language: str) -> str:
    """What the page says first; where filing costs something it may name the `{amount}` and the `{account}`."""
    if procedure.filing.lead is None:
        return ""
    return titled(procedure.filing.lead, language).format(**costs(services.rules, procedure.code, language))


@cache
def _counties(language: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Every county under its province: the province's code and name, then values and names, each in order."""
    is_persian = language == "fa"
    groups = []
    for code, counties in groupby(sorted(COUNTIES, key=lambda each: each.province), key=lambda each: each.province):
        named = [(each.name, each.name if is_persian else each.english) for each in counties]
        province = PROVINCES[code].name if is_persian else PROVINCES[code].english
        groups.append((code, province, sorted(named, key=lambda each: sort_key(each[1]))))
    return sorted(groups, key=lambda group: sort_key(group[1]))


ROUTES: Final = (
    Route("GET", PATH, get_form, PUBLIC),
    Route("POST", PATH, post_form, PUBLIC, same_origin=True, budgeted=True),
)
