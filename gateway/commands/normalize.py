"""`gateway normalize`: what the normalizer makes of messages, one JSON object a line in and out, without a database."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from gateway.commands.command import Command, CommandError, Say
from gateway.commands.json_lines import moment_of, object_of, string_of
from gateway.config import Settings
from gateway.understanding import use_classifiers
from normalizer.complaint import Complaint
from normalizer.fact import Fact
from normalizer.normalize import normalize
from normalizer.report import Report, Sender


def report_of(given: Mapping[str, Any]) -> Report:
    """The report a line stands for: its text, when it came, and the number it came from. What else stands there (an id
    of the reader's own, say) is passed over. Raises `CommandError` naming the field."""
    text = string_of(given, "text")
    return Report(
        channel=string_of(given, "channel"),
        account="",
        external_id="",
        received_at=moment_of(given, "received_at"),
        raw=b"",
        text=text,
        sender=Sender(phone=None if given.get("sender") is None else string_of(given, "sender")),
    )


def facts_of(complaint: Complaint) -> dict[str, Any]:
    """One line out (CONTRACT §2): null or an empty list where nothing was said."""
    return {
        "intent": complaint.intent,
        "category": complaint.category or ("other" if complaint.intent == "complaint" else None),
        "category_confidence": complaint.category_confidence,
        "category_second": complaint.category_second,
        "language": complaint.language,
        "province": complaint.place.province,
        "county": complaint.place.county,
        "business_name": complaint.business.name,
        "phones": complaint.phones,
        "national_ids": complaint.national_ids,
        "guild_ids": complaint.guild_ids,
        "tracking_codes": complaint.tracking_codes,
        "emails": complaint.emails,
        "amounts_rial": complaint.amounts_rial,
        "happened_on": complaint.happened_on.isoformat() if complaint.happened_on else None,
        "urgent": complaint.urgent,
        "missing": complaint.missing,
        "text": complaint.text,
        "key": complaint.key,
        "facts": [_said(fact) for fact in complaint.facts],
    }


def _said(fact: Fact) -> dict[str, Any]:
    """A fact with where it stands in `text`; `whose` only where the text says whose a phone or a mail address is."""
    said = fact._asdict()
    if fact.whose is None:
        del said["whose"]
    return said


def normalized(lines: TextIO) -> Iterator[str]:
    """One line out for each in, in their order; blank ones are passed over. Raises `CommandError`: line and field."""
    number = 0
    try:
        for number, line in enumerate(lines, 1):  # noqa: B007 (named below)
            if line.strip():
                yield json.dumps(facts_of(normalize(report_of(object_of(line)))), ensure_ascii=False)
    except CommandError as error:
        raise CommandError(f"line {number}: {error}") from None
    except UnicodeDecodeError:
        raise CommandError(f"line {number + 1}: not_utf8") from None


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = 'in: {"channel", "sender": "+98912…" or null, "text", "received_at": ISO 8601 with zone}'


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    use_classifiers(settings.understanding.classifiers)
    for line in normalized(arguments.stdin):
        say(line)


COMMAND = Command(_declare, _run)
