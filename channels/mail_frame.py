"""How a mail and what was read in it cross the pipe to the reading process, as frames of `confined`."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from channels.channel import Arrival, Ignored, Malformed, Parsed
from channels.confined import pack
from normalizer.report import Attachment, Report, Sender

MAX_HEAD_BYTES = 4 * 1024 * 1024
# What the reading side may decide; everything else of a Report is what the asking side already knows.
_TEXTS = ("channel", "external_id", "text", "subject")
_THREADS = ("replies_to", "message_ids")


def arrival_frame(arrival: Arrival) -> bytes:
    """A mail to be read, from its raw bytes. Its context must hold plain JSON values."""
    head = {
        "account": arrival.account,
        "received_at": arrival.received_at.isoformat(),
        "context": dict(arrival.context),
    }
    return pack(head, arrival.raw)


def arrival_of(head: dict[str, Any], blob: bytes) -> Arrival:
    """The mail as the reading side sees it."""
    return Arrival(head["account"], blob, blob, datetime.fromisoformat(head["received_at"]), head["context"])


def parsed_frame(parsed: Parsed) -> bytes:
    """What was read, without the raw mail: the asking side has it."""
    if isinstance(parsed, Ignored):
        return pack({"kind": "ignored", "reason": parsed.reason})
    if isinstance(parsed, Malformed):
        return pack({"kind": "malformed", "field": parsed.field, "reason": parsed.reason})
    files = [(file.name, file.media_type, file.content or b"") for file in parsed.attachments]
    head = {
        "kind": "report",
        **{name: getattr(parsed, name) for name in (*_TEXTS, *_THREADS)},
        "sender": {each.name: getattr(parsed.sender, each.name) for each in fields(Sender)},
        "medium": parsed.medium,
        "always_complaint": parsed.always_complaint,
        "extra": parsed.extra,
        "files": [(name, media_type, len(content)) for name, media_type, content in files],
    }
    return pack(head, b"".join(content for _, _, content in files))


def parsed_of(head: dict[str, Any], blob: bytes, arrival: Arrival) -> Parsed:
    """What was read of `arrival`. Raises KeyError, TypeError or ValueError on a frame that is none of ours."""
    if head["kind"] == "ignored":
        return Ignored(str(head["reason"]))
    if head["kind"] == "malformed":
        return Malformed(str(head["field"]), str(head["reason"]))
    return Report(
        account=arrival.account,
        received_at=arrival.received_at,
        raw=arrival.raw,
        sender=Sender(**head["sender"]),
        attachments=_files(head["files"], blob),
        medium=head["medium"],
        always_complaint=bool(head["always_complaint"]),
        extra=dict(head["extra"]),
        replies_to=tuple(map(str, head["replies_to"])),
        message_ids=tuple(map(str, head["message_ids"])),
        channel=str(head["channel"]),
        external_id=str(head["external_id"]),
        text=str(head["text"]),
        subject=str(head["subject"]),
    )


def _files(listed: list[Any], blob: bytes) -> tuple[Attachment, ...]:
    files: list[Attachment] = []
    start = 0
    for name, media_type, length in listed:
        files.append(Attachment(str(name), str(media_type), blob[start : start + int(length)]))
        start += int(length)
    return tuple(files)
