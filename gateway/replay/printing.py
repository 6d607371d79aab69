"""A replay's outcome for people and for programs. Who complains is masked as it is on the desks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.replay.differing import Difference, Looked
from gateway.replay.tally import Tally
from sms.outbox import masked
from ticketing.understood import FIELDS

_PHONES: Final = ("phones", "business_phone")
_NOTHING: Final = "–"
_WIDEST: Final = 40


def shown(name: str, value: Any) -> Any:
    """A field's value as staff see it; of a text only how long it is."""
    if name == "text":
        return len(value)
    if name in _PHONES:
        return _each(value, lambda phone: masked("sms", phone))
    if name == "emails":
        return _each(value, lambda address: masked("email", address))
    if name == "national_ids":
        return _each(value, lambda number: f"***{number[-3:]}")
    return value


def _each(value: Any, mask: Any) -> Any:
    if isinstance(value, list):
        return [mask(each) for each in value]
    return mask(value) if value else value


def in_json(tally: Tally, codes: Mapping[int, str], applied: Mapping[str, int] | None) -> dict[str, Any]:
    """The outcome as one object; `applied` is null where nothing was to be written."""
    return {
        "compared": tally.compared,
        "unread": tally.unread,
        "unkept": tally.unkept,
        "differing": tally.differing,
        "fields": {name: tally.fields[name] for name in FIELDS if tally.fields[name]},
        "listed": tally.listed,
        "page": tally.page.number,
        "pages": tally.pages,
        "limit": tally.page.limit,
        "differences": [_object(looked, each, codes) for looked, each in tally.shown],
        "applied": applied,
    }


def _object(looked: Looked, difference: Difference, codes: Mapping[int, str]) -> dict[str, Any]:
    return {
        "report": str(looked.report_id),
        "tracking_code": codes.get(looked.ticket_id or 0),
        "channel": looked.channel,
        "field": difference.field,
        "before": shown(difference.field, difference.before),
        "after": shown(difference.field, difference.after),
        "rule": difference.rule,
        "confidence": difference.confidence,
    }


def in_lines(tally: Tally, codes: Mapping[int, str], applied: Mapping[str, int] | None) -> Iterator[str]:
    """The outcome for a person to read: counts, then the page of differences."""
    yield f"{tally.compared:,} reports read again: {tally.differing:,} are understood otherwise today."
    if tally.unread:
        yield f"{tally.unread:,} could not be read again from what was kept of them."
    if tally.unkept:
        yield f"Of {tally.unkept:,} older ones only intent, text and what was missing are known, and compared."
    if tally.fields:
        yield ""
        yield from (f"  {name:18}{tally.fields[name]:>9,}" for name in FIELDS if tally.fields[name])
    yield from _page(tally, codes)
    yield ""
    yield _written(applied)


def _page(tally: Tally, codes: Mapping[int, str]) -> Iterator[str]:
    page = tally.page
    if not tally.shown:
        return
    first = (page.number - 1) * page.limit + 1
    of_field = f" of {page.field}" if page.field else ""
    yield ""
    yield (
        f"Differences{of_field} {first:,}–{first + len(tally.shown) - 1:,} of {tally.listed:,}"
        f" (page {page.number:,} of {tally.pages:,})"
    )
    for looked, difference in tally.shown:
        code = codes.get(looked.ticket_id or 0) or "-"
        change = f"{_said(difference.field, difference.before)} → {_said(difference.field, difference.after)}"
        reason = f"{difference.rule} {difference.confidence:.2f}" if difference.rule else ""
        yield f"  {code:17} {looked.channel:9} {difference.field:18} {change}   {reason}".rstrip()


def _said(name: str, value: Any) -> str:
    said = shown(name, value)
    if name == "text":
        return f"{said:,} characters"
    if isinstance(said, bool):
        return "yes" if said else "no"
    if isinstance(said, list):
        said = ", ".join(map(str, said))
    text = " ".join(str(said).split()) if said else _NOTHING
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _written(applied: Mapping[str, int] | None) -> str:
    if applied is None:
        return "Nothing was written; --apply keeps what is understood today."
    return (
        f"Kept: {applied['reports']:,} reports as they are understood today, {applied['tickets']:,} of their tickets "
        f"changed, {applied['left']:,} left to a replay once more."
    )
