"""Where a ticket stands, what comes next and by when: one sentence each, in the citizen's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gateway.catalogue import Catalogue
from gateway.web.render import digits_of, prose_date, tehran_day
from ticketing.asking import fee_facts
from ticketing.citizen_actions import OBJECT
from ticketing.rules import Rules
from ticketing.title import titled


def stands(rules: Rules, catalogue: Catalogue, seen: Mapping[str, Any], language: str) -> str:
    """Where the ticket stands."""
    if seen["status"] != "open":
        return catalogue.say(language, "ticket.closed", outcome=title_of(rules, seen, seen["outcome"], language))
    if seen["asks"]:
        return catalogue.say(language, "ticket.asked")
    return catalogue.say(language, "ticket.open", step=title_of(rules, seen, seen["step"], language))


def comes_next(catalogue: Catalogue, seen: Mapping[str, Any], today: date, language: str) -> str:
    """What happens next, who does it and by when, or until when its close can be objected to; "" where nothing does.

    A day that has passed is said to have.
    """
    say = catalogue.say
    if seen["status"] != "open":
        until = next((offer["until"] for offer in seen["actions"] if offer["action"] == OBJECT), None)
        return say(language, "ticket.may_object", until=prose_date(tehran_day(until), language)) if until else ""
    following = _following(seen)
    if following is None:
        return ""
    known = f"ticket.next.{following}"
    whole = say(language, known if catalogue.has(known) else "ticket.next.anybody")
    if not seen["due_on"]:
        return whole[:1].upper() + whole[1:]
    due = tehran_day(seen["due_on"])
    return say(language, "ticket.overdue" if due < today else "ticket.by", next=whole, due=prose_date(due, language))


def _following(seen: Mapping[str, Any]) -> str | None:
    waiting = seen["waiting_for"]
    if waiting == "citizen":
        return "missing" if seen["missing"] else "answer"
    return "review" if waiting == "evaluator" and seen["objected_at"] else waiting


def choices_of(rules: Rules, seen: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """What may be answered to what the ticket asks, by value, in the page's language."""
    answers = rules.procedures[seen["procedure"]].questions.get(seen["asks"] or "", ())
    buttons = {f"{seen['asks']}:{each.says[0]}": each.button for each in answers}
    said = ((each["choice"], ":".join(each["choice"].split(":")[:2]), each["title"]) for each in seen["choices"])
    return [(value, rules.texts.render(buttons[key], language) if key in buttons else own) for value, key, own in said]


def costs(rules: Rules, procedure: str, language: str) -> dict[str, str]:
    """The `amount` that filing costs and the `account` it is paid to, as pages say them; nothing where it is free."""
    said = fee_facts(rules, procedure)
    return {name: f"\u2066{digits_of(value, language)}\u2069" for name, value in said.items()}


def title_of(rules: Rules, seen: Mapping[str, Any], code: str, language: str) -> str:
    """The title of a step or an outcome of the ticket's procedure, by its code."""
    procedure = rules.procedures[seen["procedure"]]
    return titled(procedure.step(code).title if procedure.has_step(code) else procedure.outcomes[code], language)
