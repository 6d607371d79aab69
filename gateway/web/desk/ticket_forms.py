"""The forms of a ticket's actions, built from the procedure's data: one control a field, by its type.

Nothing here knows an action by name. What a form's fields mean, and what is wrong with them, is the use case's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from gateway.catalogue import sort_key
from gateway.web.desk.ticket_outlook import Outlook, outlooks
from gateway.web.desk.ticket_typed import CHOICE, has_choice_group
from gateway.web.desk.ticket_words import Words
from gateway.web.field_controls import INPUT_MODES, LONGEST_LINE, WRITTEN_LTR, kind_of
from gateway.web.pages.forms import FilledForm
from ticketing.action_body import MAX_NOTE
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES
from ticketing.procedure import Action, FieldRule
from ticketing.vocabulary import EFFECTS

_MANY: Final = 6
"""From this many optional fields on, those nobody asked for are folded away."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values offered; `chooses` is what it decides (`field:value`), `note` what speaks for it."""

    value: str
    title: str
    note: str = ""
    chooses: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A field of a form. `only_for` names the choices it belongs to, none where it belongs to all.

    `empty` is said where there is nothing to choose from.
    """

    name: str
    kind: str
    label: str
    hint: str = ""
    optional: bool = False
    options: tuple[Option, ...] = ()
    most: int = LONGEST_LINE
    ltr: bool = False
    inputmode: str = ""
    only_for: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class ActionForm:
    """An action as a form: its controls, those folded away, what it would do, and what was typed so far."""

    code: str
    title: str
    controls: tuple[Control, ...]
    folded: tuple[Control, ...]
    outlooks: tuple[Outlook, ...]
    takes_files: bool
    form: FilledForm
    form_id: str
    is_expected: bool = False
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """What is offered for fields whose values are not in the data: inspectors to send, tickets to join."""

    by_type: Mapping[str, Sequence[Option]] = field(default_factory=dict)


def form_of(words: Words, action: Action, ticket: Mapping[str, Any], offered: Offered, form_id: str) -> ActionForm:
    """The form of one action, with what is suggested filled in."""
    controls = [_control(words, action, name, rule, offered) for name, rule in action.fields.items()]
    if has_choice_group(action):
        controls = [_choice_group(words, action), *(each for each in controls if each.name not in action.choosers)]
    shown, folded = _folded(controls, ticket["missing"])
    typed = _suggested(words, action, ticket)
    form = FilledForm(typed)
    if (hint := _suggestion_words(words, ticket)) and typed:
        shown = [replace(each, hint=hint) if each.name in (CHOICE, *action.choosers) else each for each in shown]
    ahead = tuple(outlooks(words, action, ticket))
    return ActionForm(
        action.code, words.action(action.code), tuple(shown), tuple(folded), ahead, action.files, form, form_id
    )


def note_control(words: Words, action: Action) -> Control:
    """The remark every action takes beside its own fields."""
    return Control("note", "area", words.field(action.code, "note"), optional=True, most=MAX_NOTE)


def _control(words: Words, action: Action, name: str, rule: FieldRule, offered: Offered) -> Control:
    kind = kind_of(rule)
    if kind == "radios" and rule.optional and name not in action.choosers:
        kind = "select"  # what was chosen by mistake can be taken back
    known, nothing = "hint.told" if rule.told else f"hint.{rule.type}", f"none.{rule.type}"
    return Control(
        name,
        kind,
        words.field(action.code, name),
        words.say(known) if words.catalogue.has(f"ticket_desk.{known}") else "",
        rule.optional,
        tuple(_options(words, name, rule, offered)),
        rule.most or LONGEST_LINE,
        rule.type in WRITTEN_LTR,
        INPUT_MODES.get(rule.type, ""),
        _only_for(action, name),
        words.say(nothing if words.catalogue.has(f"ticket_desk.{nothing}") else "none_offered"),
    )


def _options(words: Words, name: str, rule: FieldRule, offered: Offered) -> Iterable[Option]:
    if rule.type == "choice":
        return [Option(each, words.value("choice", name, each), chooses=f"{name}:{each}") for each in rule.choices]
    if rule.type == "bool":
        return [Option(each, words.say(each), chooses=f"{name}:{each}") for each in ("yes", "no")]
    if rule.type == "category":
        return [Option(each, words.category(each)) for each in words.rules.categories]
    if rule.type == "province":
        return _sorted(Option(each, words.province(each)) for each in PROVINCE_CODES)
    if rule.type == "organisation":
        return _sorted(Option(each, words.organisation(each)) for each in ORGANISATIONS)
    return offered.by_type.get(rule.type, ())


def _sorted(options: Iterable[Option]) -> list[Option]:
    return sorted(options, key=lambda each: sort_key(each.title))


def _choice_group(words: Words, action: Action) -> Control:
    """The fields that choose what happens, exactly one of which is given, as one group."""
    options = [
        Option(f"{name}:{value}", words.value("choice", name, value), chooses=f"{name}:{value}")
        for name in action.choosers
        for value in action.fields[name].choices
    ]
    return Control(CHOICE, "radios", words.field(action.code, CHOICE), options=tuple(options))


def _only_for(action: Action, name: str) -> tuple[str, ...]:
    """The choices a field belongs to: those whose move requires it or has an effect that reads it."""
    if name in action.choosers or not action.choosers:
        return ()
    users = [each for each in action.then if name in each.requires or _reads(each.effects, name)]
    return tuple(f"{chooser}:{value}" for each in users for chooser, values in each.when.items() for value in values)


def _reads(effects: Iterable[str], name: str) -> bool:
    return any(name in EFFECTS[effect] for effect in effects)


def _folded(controls: Sequence[Control], missing: Sequence[str]) -> tuple[list[Control], list[Control]]:
    """What is asked for at once, and what may wait: in a long form, optional facts the ticket does not lack."""
    if sum(each.optional for each in controls) < _MANY:
        return list(controls), []
    wanted = [each for each in controls if not each.optional or each.name.split(".")[0] in missing]
    shown = wanted or list(controls[:2])
    return shown, [each for each in controls if each not in shown]


def _suggested(words: Words, action: Action, ticket: Mapping[str, Any]) -> dict[str, str]:
    """The route suggested, where this is the action a rule of routing may perform."""
    suggestion = ticket["suggestion"]
    filled = [step.by_rule[1] for step in words.procedure.steps if step.by_rule and step.by_rule[0] == action.code]
    if not suggestion or not filled:
        return {}
    route = suggestion["route"]
    typed = {CHOICE: f"{filled[0]}:{route}"} if has_choice_group(action) else {filled[0]: route}
    return typed | ({"body": suggestion["body"]} if suggestion["body"] else {})


def _suggestion_words(words: Words, ticket: Mapping[str, Any]) -> str:
    suggestion = ticket["suggestion"]
    if not suggestion:
        return ""
    kind, _, place = suggestion["because"].partition(" ")
    route = words.named("choice.route", suggestion["route"])
    if kind == "category" and ticket["category"]:
        return words.say("because_category", route=route, category=words.category(ticket["category"]))
    return words.say("because_rule", route=route, place=place)
