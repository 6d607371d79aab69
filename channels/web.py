"""The web channel: a report as JSON, from the form, from apps and from whoever speaks the API (CONTRACT §5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from channels.channel import Arrival, Channel, Malformed, Parsed
from channels.report_body import FactsBody, ReportBody, check
from normalizer.day import parse_day, tehran_day
from normalizer.report import Business, Place, Report, Sender

CODE = "web"
__all__ = ["CHANNEL", "CODE", "ReportBody", "parse", "parser"]


def parser(code: str, model: type[ReportBody] = ReportBody) -> Callable[[Arrival], Parsed]:
    """The `parse` of a channel that carries such JSON under its own name and model."""

    def parse(arrival: Arrival) -> Parsed:
        return _read(code, model, arrival)

    return parse


def _read(code: str, model: type[ReportBody], arrival: Arrival) -> Parsed:
    """A Report, or every wrong field at once.

    `context`: `external_id` (required), `today` (Tehran; else taken from the arrival), `attachments` (already
    admitted), `filed_by`, `language`, `fresh` (we made the external id for this arrival).
    """
    if isinstance(arrival.payload, bytes):
        return Malformed("report", "wrong_type")
    context = arrival.context
    body = check(model, arrival.payload, context.get("today") or tehran_day(arrival.received_at))
    if isinstance(body, tuple):
        return Malformed(*body[0], others=body[1:])
    report = Report(
        channel=code,
        account=arrival.account,
        external_id=str(context["external_id"]),
        received_at=arrival.received_at,
        raw=arrival.raw,
        text=body.text,
        attachments=tuple(context.get("attachments", ())),
        filed_by=context.get("filed_by"),
        always_complaint=True,
        fresh=bool(context.get("fresh")),
    )
    return with_facts(report, body, str(context.get("language", "fa")))


def with_facts(report: Report, body: FactsBody, language: str = "fa") -> Report:
    """`report` with the facts of `body`. Half a position is none."""
    business, place = body.business, body.place
    located = place is not None and place.lat is not None and place.lon is not None
    return replace(
        report,
        sender=Sender(
            phone=body.phone, email=body.email, name=body.name, national_id=body.national_id, language=language
        ),
        business=Business(**business.model_dump()) if business else Business(),
        place=Place(
            province=place.province if place else None,
            county=place.county if place else None,
            lat=place.lat if place and located else None,
            lon=place.lon if place and located else None,
        ),
        category=body.category,
        damages_rial=body.damages_rial,
        happened_on=parse_day(body.happened_on) if body.happened_on else None,
        anonymous=body.anonymous,
    )


def sample(**fields: Any) -> Arrival:
    """A report as the API receives it, for the registry's samples."""
    payload = {"text": "سوپرمارکت شیر را گران‌تر از قیمت روی جلد فروخت", "phone": "09121234567"} | fields
    received_at = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
    return Arrival("reports", payload, repr(payload).encode(), received_at, {"external_id": "once-1"})


parse = parser(CODE)
CHANNEL = Channel(
    CODE,
    parse,
    samples=(
        sample(category="overcharging", business={"guild_id": "0512345678"}, happened_on="1405-08-20"),
        sample(anonymous=True, phone=None, place={"province": "23", "lat": 35.7, "lon": 51.4}),
    ),
)
