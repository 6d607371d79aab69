"""Everything that happened to a ticket, in one order: events, reports and why they joined, texts and their fate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from gateway.setting_values import CALL_ID
from gateway.web.desk.ticket_lasting import lasting_of
from gateway.web.desk.ticket_words import Words

_TYPES: Final[Mapping[str, str]] = {
    "into": "tracking_code",
    "ticket": "tracking_code",
    "case_number": "line",
    "guild_id": "guild_id",
    "from_body": "body",
    "to_body": "body",
    "from_procedure": "procedure",
}
_ORDER: Final = ("report", "event", "notice")
_IN_THE_TITLE: Final = frozenset(
    {"number", "step", "outcome", "waited_for", "timer", "left_s", "clock", "term", "channel", "rating"}
)
_BODIES: Final = ("from_body", "to_body")
_TOGETHER: Final = "parent_case"
"""Names the parent case with whose other children something was done."""
_LTR: Final = ("username", "code", "line", "email")
_GOOD: Final = frozenset({"delivered"})
_BAD: Final = frozenset({"failed"})


@dataclass(frozen=True, slots=True)
class Detail:
    """Something said of an entry. `code` is another ticket's and `href` an address, to link to; `ltr` is what is
    written so everywhere."""

    label: str
    value: str
    code: str = ""
    ltr: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline; `tone` is fresh, late or soon for a text's fate.

    A report that `may_leave` can be unjoined.
    """

    kind: str
    at: str
    title: str
    who: str = ""
    details: tuple[Detail, ...] = ()
    text: str = ""
    fate: str = ""
    tone: str = ""
    is_new: bool = False
    may_leave: bool = False


def timeline_of(
    words: Words, ticket: Mapping[str, Any], recording_url: str = "", seen_event: int | None = None
) -> list[Entry]:
    """The entries, oldest first. Calls link to `recording_url` where there is one.

    Events after number `seen_event` are marked as new.
    """
    entries = [
        *(_event(words, each, seen_event) for each in ticket["timeline"]),
        *(_report(words, each, recording_url) for each in ticket["reports"]),
        *(_notice(words, each) for each in (*ticket["notices"], *ticket["replies"])),
    ]
    return sorted(entries, key=lambda entry: (entry.at, _ORDER.index(entry.kind)))


def _event(words: Words, event: Mapping[str, Any], seen: int | None) -> Entry:
    kind, data = event["kind"], event["data"]
    return Entry(
        "event",
        event["at"],
        title_of(words, kind, data),
        words.actor(event["actor"]),
        tuple(details_of(words, kind, data)),
        is_new=seen is not None and event["number"] > seen,
    )


def title_of(words: Words, kind: str, data: Mapping[str, Any]) -> str:
    """What happened, in a few words."""
    if kind == "step":
        return words.say("event.step", step=words.step(data["step"]))
    if kind == "closed":
        return words.say("event.closed", outcome=words.outcome(data["outcome"]))
    if kind == "rated":
        return words.say("event.rated", rating=data["rating"])
    if "term" in data:
        return words.say(f"event.{kind}", clock=words.clock(data["term"] or "unknown"))
    if kind == "silence" and "to_body" in data:
        return words.say("event.climbed", first=words.body(data["from_body"]), last=words.body(data["to_body"]))
    if "channel" in data:
        return words.say(f"event.{kind}", channel=words.channel(data["channel"]))
    known = f"event.{kind}"
    return words.say(known) if words.catalogue.has(f"ticket_desk.{known}") else words.action(kind)


def details_of(words: Words, kind: str, data: Mapping[str, Any]) -> Iterator[Detail]:
    """What an event says, field by field, in the words and the order of its action; not what its title says."""
    action = words.procedure.actions.get(kind)
    fields = action.fields if action is not None else {}
    in_order = {name: data[name] for name in (*fields, *data) if name in data}
    for name, value in in_order.items():
        is_titled = name in _IN_THE_TITLE and name not in fields
        if is_titled or value is None or (kind == "silence" and name in _BODIES):
            continue
        if name == _TOGETHER:
            if action is not None:
                yield Detail(words.say("together"), words.catalogue.say(words.language, "parent_case.title"))
            continue
        rule = fields.get(name)
        type_ = rule.type if rule is not None else _TYPES.get(name, "figure")
        label = words.field(kind, name) if action is not None else words.named("field", name)
        code = value if type_ == "tracking_code" else ""
        yield Detail(label, _value(words, kind, name, type_, value), code, type_ in _LTR)


def _value(words: Words, kind: str, name: str, type_: str, value: Any) -> str:
    if name in ("fields", "taken_back"):
        return words.say("comma").join(words.field(kind, each) for each in value)
    if name == "read":
        return words.say("comma").join(words.named("field", each) for each in value)
    if name == "because":
        rule, _, place = str(value).partition(" ")
        return words.say(f"because.{rule}", place=place)
    if name == "from":
        return words.organisation(value)
    if name == "left":
        return lasting_of(words, value)
    return words.number(value) if type_ == "figure" and isinstance(value, int) else words.value(type_, name, value)


def _report(words: Words, report: Mapping[str, Any], recording_url: str) -> Entry:
    reasons = [Detail(words.say("joined_by"), words.named("joined", each)) for each in report["joined_by"]]
    call = _call(words, report["call_id"], recording_url) if report["call_id"] else ()
    title = words.say("report", channel=words.channel(report["channel"]))
    said, details = report["text"], (*reasons, *call)
    who, leaves = words.role("citizen"), report["may_leave"]
    return Entry("report", report["received_at"], title, who, details, said, may_leave=leaves)


def _call(words: Words, call_id: str, recording_url: str) -> Iterator[Detail]:
    yield Detail(words.say("call_id"), call_id, ltr=True)
    if recording_url:
        address = recording_url.replace(CALL_ID, quote(call_id, safe=""))
        yield Detail(words.say("recording"), words.say("recording_hear"), href=address)


def _notice(words: Words, notice: Mapping[str, Any]) -> Entry:
    state, reason = notice["state"], notice["reason"]
    tone = "fresh" if state in _GOOD else "late" if state in _BAD else ""
    details = [Detail(words.say("to"), words.number(notice["to"]), ltr=True)]
    if reason:
        details.append(Detail(words.say("notice_reason"), words.named("notice_reason", reason)))
    if notice["finished_at"]:
        details.append(Detail(words.say("finished_at"), words.moment(notice["finished_at"])))
    title = words.say(f"notice.{notice['kind']}", medium=words.named("medium", notice["medium"]))
    fate = words.named("notice_state", state)
    return Entry("notice", notice["created_at"], title, "", tuple(details), notice["text"], fate, tone)
