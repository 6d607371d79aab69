"""What lies ahead of a ticket: the one action expected next, and what each action would do and say to the citizen.

Everything is read off the procedure's data; nothing here is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.web.desk.ticket_words import Words
from ticketing.asking import fee_facts
from ticketing.citizen_actions import OBJECT
from ticketing.procedure import Action, Procedure, Variant
from ticketing.procedure_texts import name_of_close

_LASTING: Final = ("open_case", "transfer")
"""Effects that nobody at this desk can take back; nor can a close's text be unsaid."""
_NOT_YET: Final = dict.fromkeys(("official", "when", "place"), "…")
"""What a text will say of an appointment that is not chosen yet."""
_ACCEPTS: Final = ("accept",)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one move of an action would do: in sentences, and the texts the citizen would get.

    `choices` are the values that choose it, as `field:value`; none where the action has one move only.
    `is_final` is true where it is asked about once more before it is done.
    """

    choices: tuple[str, ...]
    effects: tuple[str, ...]
    texts: tuple[str, ...]
    is_final: bool


def expected_action(procedure: Procedure, ticket: Mapping[str, Any]) -> str | None:
    """The one action this member is expected to do next on a ticket (as `view` pictures it), or None.

    It is of this waiting or this step; an acceptance comes first until given, then what leads on, then the rest. After
    an inspection that found nothing, closing leads on before another step does; after an objection, having it looked at
    by somebody else comes before deciding the same again. What the data expects of such details comes before what else
    leads on. Of what is closed, only what it is provided for.
    """
    if ticket["status"] != "open":
        return next((code for code in ticket["allowed_actions"] if procedure.actions[code].provided), None)
    open_now = [procedure.actions[code] for code in ticket["allowed_actions"]]
    fitting = [action for action in open_now if _is_about(action, ticket)]
    ranked = sorted(fitting, key=lambda action: _rank(procedure, action, ticket))
    return ranked[0].code if ranked else None


def _is_about(action: Action, ticket: Mapping[str, Any]) -> bool:
    if action.waiting_for:
        return ticket["waiting_for"] in action.waiting_for
    return ticket["step"] in action.steps


def _rank(procedure: Procedure, action: Action, ticket: Mapping[str, Any]) -> int:
    if all(variant.effects == _ACCEPTS and not _leads_on(variant) for variant in action.then):
        return 5 if ticket["accepted_at"] else 0
    if _is_expected(action, ticket):
        return 1
    if was_objected_to(ticket):
        return 1 if any(variant.waits_for and not _leads_on(variant) for variant in action.then) else 2
    if found_nothing(ticket) and any(variant.close and not variant.to for variant in action.then):
        return 1
    if any(_leads_further(procedure, variant, ticket) for variant in action.then):
        return 2
    return 3 if any(_leads_on(variant) for variant in action.then) else 4


def _is_expected(action: Action, ticket: Mapping[str, Any]) -> bool:
    wanted = action.expected_where
    return bool(wanted) and all(ticket["facts"]["details"].get(name) in values for name, values in wanted.items())


def _leads_on(variant: Variant) -> bool:
    return bool(variant.to or variant.close)


def _leads_further(procedure: Procedure, variant: Variant, ticket: Mapping[str, Any]) -> bool:
    """Not to the step it stands at, or one before, once more: a hearing is held before it is set anew."""
    here = procedure.step(ticket["step"]).number
    return bool(variant.close) or (variant.to is not None and procedure.step(variant.to).number > here)


def found_nothing(ticket: Mapping[str, Any]) -> bool:
    """True where the last inspection found no violation."""
    found = last_event(ticket, "inspect")
    return found is not None and not found["data"]["violation"]


def was_objected_to(ticket: Mapping[str, Any]) -> bool:
    """True where the ticket is open again because its close was objected to, and nobody has been there since."""
    news = last_event(ticket, OBJECT, "closed", "inspect")
    return news is not None and news["kind"] == OBJECT


def last_event(ticket: Mapping[str, Any], *kinds: str) -> Mapping[str, Any] | None:
    """The newest event of any of these kinds."""
    return next((event for event in reversed(ticket["timeline"]) if event["kind"] in kinds), None)


def outlooks(words: Words, action: Action, ticket: Mapping[str, Any]) -> list[Outlook]:
    """What each move of `action` would do to the ticket, in the data's order: of several for one choice, the one whose
    guard holds."""
    found: dict[str, Outlook] = {}
    for variant in action.then:
        if variant.provided is None or variant.provided in ticket["guards"]:
            found.setdefault(str(variant.when), outlook_of(words, variant, ticket))
    return list(found.values())


def outlook_of(words: Words, variant: Variant, ticket: Mapping[str, Any]) -> Outlook:
    """What one move would do to the ticket."""
    choices = tuple(f"{name}:{_written(value)}" for name, values in variant.when.items() for value in values)
    lasting = bool(variant.close) or bool(set(_LASTING) & set(variant.effects))
    return Outlook(choices, tuple(_effects(words, variant, ticket)), tuple(_texts(words, variant, ticket)), lasting)


def _written(value: str | bool) -> str:
    """A value as the form sends it."""
    return value if isinstance(value, str) else "yes" if value else "no"


def _is_new_step(variant: Variant, words: Words, ticket: Mapping[str, Any]) -> bool:
    return variant.to is not None and words.procedure.step(variant.to).number > ticket["step_number"]


def _effects(words: Words, variant: Variant, ticket: Mapping[str, Any]) -> Iterator[str]:
    if variant.reopens:
        yield words.say("effect_reopens")
    if variant.guard is not None:
        yield words.say(f"guard.{variant.guard}")
    for effect in variant.effects:
        if words.catalogue.has(f"ticket_desk.effect.{effect}"):
            yield words.say(f"effect.{effect}", when=_appointed(words, ticket))
    if variant.to is not None and _is_new_step(variant, words, ticket):
        yield words.say("effect_step", step=words.step(variant.to))
    waits_for = variant.waits_for or (words.procedure.step(variant.to).waits_for if variant.to else None)
    if waits_for is not None and variant.close is None:
        yield words.say("effect_waits", role=words.role(waits_for))
    if variant.close is not None:
        yield words.say("effect_close", outcome=words.outcome(variant.close))


def _appointed(words: Words, ticket: Mapping[str, Any]) -> str:
    """When its appointment begins, where it has one still to come."""
    ahead = (each["starts_at"] for each in ticket.get("appointments", ()) if each["ended_at"] is None)
    return words.moment(starts) if (starts := next(ahead, None)) is not None else ""


def _texts(words: Words, variant: Variant, ticket: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a move, in the citizen's language, in the order they are sent."""
    if not ticket["heard_by"]:
        return
    is_new = _is_new_step(variant, words, ticket)
    told = words.procedure.step(variant.to).told if variant.to is not None and is_new else None
    names = [told] if told is not None else []
    timer = words.procedure.timers.get(variant.timer or "")
    if timer is not None and timer.asks is not None:
        names.append(f"ask_{timer.asks}")
    if variant.close is not None and not (is_new and variant.to == words.procedure.last.code):
        names.append(variant.close_text or name_of_close(variant.close))
    known = {**_NOT_YET, **fee_facts(words.rules, words.procedure.code)}
    for name in names:
        yield words.rules.texts.render(name, ticket["facts"]["language"], code=ticket["tracking_code"], **known)
