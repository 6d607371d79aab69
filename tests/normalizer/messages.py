"""Hand-written messages with what must be understood of them; one line of messages.jsonl each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from normalizer.complaint import Complaint
from normalizer.report import Report, Sender

# Saturday 30 Aban 1405, 11:30 in Tehran.
RECEIVED_AT: Final = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
_UNSAID: Final[dict[str, Any]] = {
    "language": "fa",
    "address": None,
    "phones": [],
    "national_ids": [],
    "guild_ids": [],
    "tracking_codes": [],
    "emails": [],
    "amounts_rial": [],
    "happened_on": None,
    "urgent": False,
    "answer": None,
}


@dataclass(frozen=True)
class Message:
    """A text and every fact expected of it; what a line leaves out is expected to be absent."""

    text: str
    expect: dict[str, Any]


def load_messages() -> list[Message]:
    """Reads all lines."""
    lines = Path(__file__).with_name("messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [Message(line["text"], _UNSAID | line["gold"]) for line in map(json.loads, lines)]


def report_of(text: str, phone: str | None = None, **given: Any) -> Report:
    """Makes a report of a text as an SMS-like channel would."""
    given.setdefault("sender", Sender(phone=phone))
    return Report(
        channel="test",
        account="a",
        external_id="1",
        received_at=RECEIVED_AT,
        raw=text.encode("utf-8", "replace"),
        text=text,
        **given,
    )


def facts_of(complaint: Complaint) -> dict[str, Any]:
    """Lays a complaint out as messages.jsonl does."""
    return {
        "intent": complaint.intent,
        "category": complaint.category,
        "province": complaint.place.province,
        "county": complaint.place.county,
        "business_name": complaint.business.name,
        "address": complaint.business.address,
        "language": complaint.language,
        "phones": list(complaint.phones),
        "national_ids": list(complaint.national_ids),
        "guild_ids": list(complaint.guild_ids),
        "tracking_codes": list(complaint.tracking_codes),
        "emails": list(complaint.emails),
        "amounts_rial": list(complaint.amounts_rial),
        "happened_on": complaint.happened_on.isoformat() if complaint.happened_on else None,
        "urgent": complaint.urgent,
        "answer": complaint.answer,
        "missing": list(complaint.missing),
    }
