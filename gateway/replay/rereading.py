"""A stored report read again from its raw form, as its channel, or the form it was typed into, reads such a one today.

What follows a ticket by form holds nothing but words, or a button; what nobody kept word for word is not read again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from channels.channel import Arrival
from channels.registry import CHANNELS
from gateway.web.desk import call_filing, call_form
from gateway.web.pages import report as report_page
from gateway.web.pages import steps
from normalizer.report import Report
from ticketing.rereading import Kept

_FORMS: Final[Mapping[str, Callable[[Mapping[str, str]], dict[str, Any]]]] = {
    report_page.ACCOUNT: steps.payload_of,
    call_filing.ACCOUNT: call_form.payload_of,
}
_FOLLOW_UP: Final = frozenset(("text", "comment", "satisfied", "rating", "ticket", "call_id"))


def reread(kept: Kept) -> Report | None:
    """The report as it would be handed to intake today; None where it cannot be read from what was kept."""
    channel = CHANNELS.get(kept.channel)
    if channel is None:
        return None
    if any(isinstance(sample.payload, bytes) for sample in channel.samples):
        return _parsed(kept, kept.raw)
    said = _object(kept.raw)
    if said is None:
        return None
    if said.keys() <= _FOLLOW_UP and ("ticket" in said or kept.account not in _FORMS):
        return _follow_up(kept, said)
    form = _FORMS.get(kept.account)
    return _parsed(kept, form(said) if form is not None else said)


def _parsed(kept: Kept, payload: Mapping[str, Any] | bytes) -> Report | None:
    context = {**kept.context, "external_id": kept.external_id, "filed_by": kept.filed_by}
    parsed = CHANNELS[kept.channel].parse(Arrival(kept.account, payload, kept.raw, kept.received_at, context))
    return parsed if isinstance(parsed, Report) else None


def _object(raw: bytes) -> Mapping[str, Any] | None:
    try:
        given = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, Mapping) else None


def _follow_up(kept: Kept, said: Mapping[str, Any]) -> Report | None:
    """Words added to a ticket, or an answer to what it asks: with them came no facts in fields of their own."""
    text, choice = said.get("text", said.get("comment", "")), _choice(said)
    if not isinstance(text, str) or not (text or choice):
        return None
    return Report(
        channel=kept.channel,
        account=kept.account,
        external_id=kept.external_id,
        received_at=kept.received_at,
        raw=kept.raw,
        text=text,
        choice=choice,
        filed_by=kept.filed_by,
    )


def _choice(said: Mapping[str, Any]) -> str | None:
    if isinstance(said.get("satisfied"), bool):
        return "satisfied:1" if said["satisfied"] else "satisfied:2"
    return f"rating:{said['rating']}" if isinstance(said.get("rating"), int) else None
