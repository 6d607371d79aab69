"""The web channel: a report as JSON, from the form, from apps and from whoever speaks the API (CONTRACT §5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from channels.channel import Arrival, Channel, Malformed, Parsed
from channels.report_body import BusinessBody, PlaceBody, ReportBody, check
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
    body = check(model, arrival.payload, arrival.context.get("today") or tehran_day(arrival.received_at))
    if isinstance(body, tuple):
        return Malformed(*body[0], others=body[1:])
    return _report(code, arrival, body)


def _report(code: str, arrival: Arrival, body: ReportBody) -> Report:
    context = arrival.context
    return Report(
        channel=code,
        account=arrival.account,
        external_id=str(context["external_id"]),
        received_at=arrival.received_at,
        raw=arrival.raw,
        text=body.text,
        sender=_sender(body, str(context.get("language", "fa"))),
        business=_business(body.business) if body.business else Business(),
        place=_place(body.place) if body.place else Place(),
        category=body.category,
        damages_rial=body.damages_rial,
        happened_on=parse_day(body.happened_on) if body.happened_on else None,
        anonymous=body.anonymous,
        attachments=tuple(context.get("attachments", ())),
        filed_by=context.get("filed_by"),
        always_complaint=True,
        fresh=bool(context.get("fresh")),
        extra={name: said for name in ("procedure", "details") if (said := getattr(body, name))},
    )


def _sender(said: ReportBody, language: str) -> Sender:
    return Sender(phone=said.phone, email=said.email, name=said.name, national_id=said.national_id, language=language)


def _business(said: BusinessBody) -> Business:
    return Business(name=said.name, guild_id=said.guild_id, address=said.address, phone=said.phone, kind=said.kind)


def _place(said: PlaceBody) -> Place:
    """Half a position is none."""
    located = said.lat is not None and said.lon is not None
    return Place(
        province=said.province,
        county=said.county,
        lat=said.lat if located else None,
        lon=said.lon if located else None,
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
