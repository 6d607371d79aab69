"""All that procedures, the outbox and the use cases may put on a ticket's page has its words, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels.registry import CHANNELS
from gateway.catalogue import LANGUAGES, load_catalogue
from gateway.web.desk.ticket_words import Words
from normalizer.data import load_table
from sms.outbox import KINDS, MEDIA
from sms.state import State as NoticeState
from tests.support.reports import shipped_rules
from ticketing.joining import BY_HAND, BY_WORD
from ticketing.matter import Matter
from ticketing.procedure import Procedure

ROOT = Path(__file__).parents[4]
CATALOGUE = load_catalogue()
RULES = shipped_rules()
PROCEDURES = list(RULES.procedures.values())


def event_kinds(procedure: Procedure) -> set[str]:
    """The kinds of events the use cases write: every action, and what is recorded by name."""
    written = set(re.findall(r'\.record\(\s*"(\w+)"', sources()))
    given = set(re.findall(r'_give\(tx, rules, ticket, "(\w+)"', sources()))
    return {*written, *given, "silence"}


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "ticketing").glob("*.py"))


def roles(procedure: Procedure) -> set[str]:
    waiting = {step.waits_for for step in procedure.steps} | {step.unasked for step in procedure.steps}
    moves = [variant for action in procedure.actions.values() for variant in action.then]
    moves += [move for timer in procedure.timers.values() for move in timer.then]
    return {role for role in (*waiting, *(move.waits_for for move in moves)) if role}


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda each: each.code)
def test_actions_steps_and_outcomes_are_named_in_both_languages(procedure: Procedure) -> None:
    for language in LANGUAGES:
        words = Words(language, CATALOGUE, RULES, procedure)
        titles = [words.action(code) for code in procedure.actions]
        titles += [words.step(step.code) for step in procedure.steps]
        titles += [words.outcome(code) for code in procedure.outcomes]
        assert all(titles)
        assert all(words.role(role) for role in roles(procedure))


def test_channels_have_one_title_wherever_tickets_are() -> None:
    for language in LANGUAGES:
        titles = {code: CATALOGUE.say(language, f"channel.{code}") for code in CHANNELS}
        assert len(set(titles.values())) == len(CHANNELS)
    elsewhere = [code for code in CATALOGUE.messages["fa"] if re.search(r"\.channel\.\w+$", code)]
    assert elsewhere == []


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda each: each.code)
def test_every_event_field_choice_clock_and_effect_has_words(procedure: Procedure) -> None:
    needed = {f"event.{kind}" for kind in event_kinds(procedure)}
    needed |= {f"clock.{name}" for name in (*procedure.timers, *procedure.terms) if name not in procedure.clocks}
    words = Words("fa", CATALOGUE, RULES, procedure)
    for action in procedure.actions.values():
        for name, rule in action.fields.items():
            known = (f"field.{action.code}.{name}", f"field.{name}")
            assert rule.title or any(has(each) for each in known), f"{action.code}.{name}"
            needed |= {f"choice.{name}.{choice}" for choice in rule.choices if words.choice(name, choice) == choice}
        needed |= {f"guard.{variant.guard}" for variant in action.then if variant.guard}
    assert sorted(code for code in needed if not has(code)) == []


def test_texts_channels_and_reasons_have_words() -> None:
    needed = {f"notice_state.{state}" for state in NoticeState}
    needed |= {f"notice.{kind}" for kind in KINDS} | {f"medium.{medium}" for medium in MEDIA}
    needed |= {f"joined.{reason.replace(' ', '_').replace(chr(39), '')}" for reason in (*matters(), BY_HAND, BY_WORD)}
    needed |= {f"joined.{sign}" for sign, weight in load_table("likeness.toml")["weights"].items() if weight > 0}
    assert sorted(code for code in needed if not has(code)) == []


def test_every_sentence_the_page_asks_for_is_there() -> None:
    asked: set[str] = set()
    for template in (ROOT / "gateway" / "templates" / "desk").glob("ticket*.html"):
        asked |= set(re.findall(r"""w\.say\(["']([a-z_.]+)["'][,)]""", template.read_text(encoding="utf-8")))
    for module in (ROOT / "gateway" / "web" / "desk").glob("ticket*.py"):
        asked |= set(re.findall(r'words\.say\("([a-z_.]+)"[,)]', module.read_text(encoding="utf-8")))
    assert asked
    assert sorted(code for code in asked if not has(code)) == []


def has(code: str) -> bool:
    return CATALOGUE.has(f"ticket_desk.{code}")


def matters() -> Iterator[str]:
    """The reasons `find_matter` gives for a report's ticket."""
    tree = ast.parse((ROOT / "ticketing" / "matter.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        is_matter = isinstance(node, ast.Call) and getattr(node.func, "id", "") == Matter.__name__
        if is_matter and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
            yield str(node.args[1].value)
