"""How a report may begin a ticket of its procedure: by which channel, with which details; checked before it goes in.

Which fields there are is the procedure's data. It reads and refuses; opening is for `opening` to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from normalizer.phone import Phone
from normalizer.report import Report
from ticketing.errors import FieldError, Invalid
from ticketing.field_types import FIELD_TYPES, WrongValue
from ticketing.needs import missing_of
from ticketing.procedure import Filing, Procedure
from ticketing.rules import Rules
from ticketing.ticket import Identity, Ticket

FIELDS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "phone": ("phone",),
    "category": ("category",),
    "business": ("business.name",),
    "place": ("place.province",),
    "email": ("email",),
    "addressee": ("place.province", "place.county"),
}
"""Which fields of a report tell each fact a procedure may need; where it is missing, the last one is named."""


def others_by(procedures: Mapping[str, Procedure], channel: str) -> list[Procedure]:
    """The procedures beside the first that a report by this channel may begin, in order."""
    others = list(procedures.values())[1:]
    return [each for each in others if not each.filing.channels or channel in each.filing.channels]


def checked_filing(rules: Rules, report: Report, at: datetime) -> Report:
    """The report with its details read. Raises `Invalid` naming every wrong field, `procedure` first."""
    wanted = report.extra.get("procedure")
    given = report.extra.get("details") or {}
    if wanted is None and not given:
        return report
    procedure = rules.procedures.get(wanted or next(iter(rules.procedures)))
    if procedure is None:
        raise Invalid([FieldError("procedure", "not_allowed")])
    errors = _refusals(procedure.filing, report)
    details = read_details(procedure.filing, given, at, errors)
    if procedure.filing.whole and not errors:
        lacking = (need for need in _missing(procedure, report, details) if need not in procedure.facts)
        errors += [FieldError(FIELDS_OF[need][-1], "required") for need in lacking]
    if errors:
        raise Invalid(errors)
    return replace(report, extra={**report.extra, "procedure": procedure.code, "details": details})


def read_details(
    filing: Filing, given: Mapping[str, Any], at: datetime, errors: list[FieldError], under: str = "details."
) -> dict[str, Any]:
    """The details as the ticket keeps them; what is wrong with them is added to `errors`."""
    details: dict[str, Any] = {}
    for name, value in given.items():
        rule = filing.fields.get(name)
        if rule is None:
            errors.append(FieldError(f"{under}{name[:64]}", "unknown_field"))
        elif value is not None:
            try:
                details[name] = kept(FIELD_TYPES[rule.type].read(value, rule, at))
            except WrongValue as error:
                errors.append(FieldError(f"{under}{name}", error.code))
    required = [name for name, rule in filing.fields.items() if not rule.optional and given.get(name) is None]
    errors += [FieldError(f"{under}{name}", "required") for name in required]
    return details


def kept(value: Any) -> Any:
    """A field's value as JSON keeps it: days and moments in ISO, phones in E.164."""
    if isinstance(value, date):
        return value.isoformat()
    return value.e164 if isinstance(value, Phone) else value


def _refusals(filing: Filing, report: Report) -> list[FieldError]:
    errors = []
    if filing.channels and report.channel not in filing.channels:
        errors.append(FieldError("procedure", "other_channel"))
    if report.anonymous and not filing.anonymous:
        errors.append(FieldError("anonymous", "not_allowed"))
    return errors


def _missing(procedure: Procedure, report: Report, details: dict[str, Any]) -> list[str]:
    told = Ticket(
        id=0,
        code="",
        procedure=procedure.code,
        channel=report.channel,
        language=report.sender.language,
        opened_at=report.received_at,
        updated_at=report.received_at,
        text=report.text,
        category=report.category,
        identity=Identity(phone=report.sender.phone, email=report.sender.email),
        anonymous=report.anonymous,
        business_name=report.business.name,
        business_guild_id=report.business.guild_id,
        business_address=report.business.address,
        province=report.place.province,
        county=report.place.county,
        details=details,
    )
    return missing_of(procedure, told)
