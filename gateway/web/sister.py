"""`/hooks/sister/{system}/{secret}`: a sister system hands a case to us, or tells what became of one we share.

With `text` it is a case: the same number again is the same ticket. With `status` it is news of a case, theirs or ours.
The secret is part of the path; a wrong one, or none set, looks like a path that does not exist.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from aiohttp import web
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from channels import sister
from channels.channel import Arrival
from gateway.office_settings import SisterSystem
from gateway.web.body import Reader, as_mapping
from gateway.web.filing import canonical
from gateway.web.problems import Problem
from gateway.web.schemas import Line, LongText, Request, checked
from gateway.web.services import SERVICES, Services
from normalizer.report import Report
from ticketing.errors import FieldError, Invalid, NotFound
from ticketing.filing import checked_filing
from ticketing.intake import take_in
from ticketing.procedure import Procedure
from ticketing.sister_news import hear_back

_READER: Final = Reader(json=True)


def _number(written: str) -> str:
    if not written.strip():
        raise PydanticCustomError("required", "is blank")
    return written.strip()


Number = Annotated[Line, Field(max_length=64), AfterValidator(_number)]


class CaseIn(Request):
    """A case handed to us."""

    case_number: Number
    text: LongText
    phone: Line
    name: Line | None = None
    national_id: Line | None = None
    kind: Line | None = None
    province: Line | None = None
    county: Line | None = None


class NewsIn(Request):
    """What became of a case."""

    case_number: Number
    status: Literal["in_progress", "answered", "refused"]
    answer: Annotated[LongText, Field(max_length=4_000)] | None = None


async def post(request: web.Request) -> web.Response:
    """A case, or news of one; answered with our code once it is durable."""
    services, system = _let_in(request)
    said = as_mapping((await _READER.read(request)).value)
    code = await (_news(services, system, said) if "status" in said else _case(services, system, said))
    return web.json_response({"case_number": str(said["case_number"]).strip(), "tracking_code": code})


async def _case(services: Services, system: str, said: Mapping[str, Any]) -> str:
    given, table = checked(CaseIn, said), services.settings.sister.systems()[system]
    payload: dict[str, Any] = {name: getattr(given, name) for name in ("text", "phone", "name", "national_id")}
    procedure = _procedure(services, table)
    kind = given.kind or _kind(procedure, table)
    payload |= {"procedure": procedure.code, "details": {"kind": kind} if kind else None}
    payload["place"] = {"province": given.province, "county": given.county}
    at = services.now()
    arrival = Arrival(system, payload, canonical(said), at, {"external_id": given.case_number})
    report = sister.CHANNEL.parse(arrival)
    if not isinstance(report, Report):
        wrong = getattr(report, "errors", ())
        raise Problem(422, errors=[FieldError(_as_sent(name), code) for name, code in wrong])
    try:
        accepted = await take_in(services.database, services.rules, checked_filing(services.rules, report, at))
    except Invalid as refusal:
        raise Problem(422, errors=[FieldError(_as_sent(each.field), each.code) for each in refusal.errors]) from None
    if accepted.tracking_code is None:
        raise Problem(500, "report_quarantined")
    return accepted.tracking_code


def _procedure(services: Services, table: SisterSystem) -> Procedure:
    """The one of the settings, else the one whose data says that it is filed by this channel, else the first."""
    known = services.rules.procedures
    takers = (each for each in known.values() if sister.CHANNEL.code in each.filing.channels)
    return known[table.procedure] if table.procedure else next(takers, next(iter(known.values())))


def _kind(procedure: Procedure, table: SisterSystem) -> str | None:
    """What they mean where they do not say, of a procedure that has kinds."""
    kinds = procedure.filing.fields.get("kind")
    return (table.kind or kinds.choices[0]) if kinds is not None else None


async def _news(services: Services, system: str, said: Mapping[str, Any]) -> str:
    given = checked(NewsIn, said)
    if given.status == "answered" and not (given.answer or "").strip():
        raise Problem(422, errors=[FieldError("answer", "required")])
    news = {"state": given.status} | ({"text": given.answer} if given.answer else {})
    try:
        return await hear_back(services.database, services.rules, system, given.case_number, news, services.now())
    except NotFound:
        raise Problem(422, errors=[FieldError("case_number", "unknown_case")]) from None


def _let_in(request: web.Request) -> tuple[Services, str]:
    services, system = request.app[SERVICES], request.match_info["system"]
    table = services.settings.sister.systems().get(system)
    secret = table.secret.get_secret_value() if table is not None else ""
    given = request.match_info["secret"].encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, secret.encode()) or not secret:
        raise Problem(404)
    return services, system


def _as_sent(name: str) -> str:
    """The hook's own name for a field of a report."""
    return name.rpartition(".")[2]
