"""What must hold for a procedure before any ticket follows it, said as (key, problem) pairs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sms.texts import TEXTS
from ticketing.field_types import FIELD_TYPES
from ticketing.roles import OTHERS
from ticketing.states import reachable
from ticketing.vocabulary import AGAINST, EFFECTS, GUARDS, NEEDS

if TYPE_CHECKING:
    from ticketing.procedure import Action, Answer, FieldRule, Move, Procedure, Timer, Variant

Problem = tuple[str, str]
CITIZEN: Final = "citizen"


def problems(procedure: Procedure) -> Iterator[Problem]:
    """Every problem, in the file's order. Reachability is only judged where nothing else is wrong."""
    found = list(_local_problems(procedure))
    yield from found
    if not found:
        reached = {state.step for state in reachable(procedure)}
        for place, step in enumerate(procedure.steps):
            if step.number not in reached:
                yield f"steps.{place}", f"no action leads to the step {step.code}"


def _local_problems(procedure: Procedure) -> Iterator[Problem]:
    yield from _unknown("originals", procedure.originals, procedure.roles, "role")
    yield from _unknown("details_to", procedure.details_to, procedure.roles, "role")
    for code, party in procedure.parties.items():
        yield from _unknown(f"parties.{code}", party.details, procedure.filing.fields, "detail")
    yield from _name_problems(procedure)
    yield from _unknown("gatherers", procedure.gatherers, procedure.roles, "role")
    yield from _fact_problems(procedure)
    yield from _unknown("clocks", procedure.clocks, {*procedure.timers, *procedure.terms}, "timer or term")
    for name, rule in procedure.filing.fields.items():
        yield from _field_problems(f"filing.fields.{name}", rule)
    for code, answers in procedure.questions.items():
        yield from _answer_problems(procedure, f"questions.{code}", answers)
    yield from _step_problems(procedure)
    for code, timer in procedure.timers.items():
        yield from _timer_problems(procedure, f"timers.{code}", timer)
    asked = procedure.same_matter
    if asked is not None:
        yield from _unknown("same_matter.timer", [asked.timer], procedure.timers, "timer")
        yield from _unknown("same_matter.until", [asked.until], {step.code for step in procedure.steps}, "step")
    if procedure.survey is not None:
        yield from _unknown("survey.after", procedure.survey.after, procedure.outcomes, "outcome")
    for code, action in procedure.actions.items():
        yield from _action_problems(procedure, f"actions.{code}", action)


def _fact_problems(procedure: Procedure) -> Iterator[Problem]:
    yield from _unknown("needs", procedure.needs, (*NEEDS, *procedure.facts), "fact")
    for code, fact in procedure.facts.items():
        yield from _unknown(f"facts.{code}.told_by", fact.told_by, procedure.filing.fields, "detail")
        yield from _unknown(f"facts.{code}", [f"ask_{code}"], TEXTS, "text")
    if "addressee" in procedure.needs:
        yield from _unknown("needs", [AGAINST], procedure.filing.fields, "detail")
    yield from _unknown("answered", procedure.answered, procedure.outcomes, "outcome")
    if procedure.answered and "addressee" not in procedure.needs:
        yield "answered", "only a procedure that needs an addressee is reviewed by it"


def _name_problems(procedure: Procedure) -> Iterator[Problem]:
    kind = procedure.matter.by
    yield from _unknown("matter.by", [kind] if kind is not None else [], procedure.filing.fields, "detail")
    if procedure.calendar is None and any("calendar" in role.desks for role in procedure.roles.values()):
        yield "calendar", "a role keeps one, and nothing says what it is called"


def _unknown(key: str, named: Iterable[str], known: Collection[str], what: str) -> Iterator[Problem]:
    for name in named:
        if name not in known:
            yield key, f"unknown {what} {name}"


def _step_problems(procedure: Procedure) -> Iterator[Problem]:
    codes: set[str] = set()
    for place, step in enumerate(procedure.steps):
        key = f"steps.{place}"
        if step.number != place + 1:
            yield f"{key}.number", f"steps are numbered 1 … {len(procedure.steps)} in order, this one is {place + 1}"
        if step.code in codes:
            yield f"{key}.code", f"{step.code} is another step's"
        codes.add(step.code)
        yield from _waiting_problems(procedure, key, step.waits_for, step.timer, step.term)
        for effect in step.effects:
            if effect not in EFFECTS or EFFECTS[effect]:
                yield f"{key}.effects", f"{effect} is none, or needs fields"
        if step.by_rule is not None:
            yield from _rule_problems(procedure, f"{key}.by_rule", step.by_rule, step.code)


def _rule_problems(procedure: Procedure, key: str, by_rule: tuple[str, str], step: str) -> Iterator[Problem]:
    action = procedure.actions.get(by_rule[0])
    if action is None or by_rule[1] not in action.choosers:
        yield key, "must name an action and the field that chooses what it does"
    elif action.steps and step not in action.steps:
        yield key, f"{by_rule[0]} cannot be done at this step"
    elif any(by_rule[1] in variant.when and variant.requires for variant in action.then):
        yield key, f"{by_rule[0]} needs more than a rule can give"


def _waiting_problems(
    procedure: Procedure, key: str, waits_for: str | None, timer: str | None, term: str | None
) -> Iterator[Problem]:
    if waits_for is not None and waits_for not in (*procedure.roles, CITIZEN):
        yield f"{key}.waits_for", f"unknown role {waits_for}"
    if timer is not None and timer not in procedure.timers:
        yield f"{key}.timer", f"unknown timer {timer}"
    if term is not None and term not in procedure.terms:
        yield f"{key}.term", f"unknown term {term}"
    if timer is not None and term is not None:
        yield f"{key}.term", "a timer brings its own term"


def _timer_problems(procedure: Procedure, key: str, timer: Timer) -> Iterator[Problem]:
    if timer.term not in procedure.terms:
        yield f"{key}.term", f"unknown term {timer.term}"
    if timer.asks is not None and timer.asks not in (*procedure.questions, *procedure.facts):
        yield f"{key}.asks", f"unknown question {timer.asks}"
    if bool(timer.then) == (timer.act is not None):
        yield key, "has either `then` or `act`"
    elif timer.then:
        for place, move in enumerate(timer.then):
            yield from _move_problems(procedure, f"{key}.then.{place}" if len(timer.then) > 1 else f"{key}.then", move)
        yield from _order_problems(f"{key}.then", timer.then)
    elif timer.act not in procedure.actions:
        yield f"{key}.act", f"unknown action {timer.act}"
    elif not any(variant.chosen_by(timer.given) for variant in procedure.actions[timer.act].then):
        yield f"{key}.given", f"chooses nothing {timer.act} can do"


def _answer_problems(procedure: Procedure, key: str, answers: Sequence[Answer]) -> Iterator[Problem]:
    said = [word for answer in answers for word in answer.says]
    if len(set(said)) < len(said):
        yield key, "two answers are said alike"
    for place, answer in enumerate(answers):
        action = procedure.actions.get(answer.act)
        if action is None or CITIZEN not in action.roles:
            yield f"{key}.{place}.act", f"{answer.act} is no action of the citizen's"
        elif not any(variant.chosen_by(answer.given) for variant in action.then):
            yield f"{key}.{place}.given", f"chooses nothing {answer.act} can do"


def _action_problems(procedure: Procedure, key: str, action: Action) -> Iterator[Problem]:
    steps = {step.code for step in procedure.steps}
    named: tuple[tuple[str, tuple[str, ...], set[str]], ...] = (
        ("roles", action.roles, {*procedure.roles, *OTHERS}),
        ("filer_only", action.filer_only, set(action.roles)),
        ("from", action.steps, steps),
        ("waiting_for", action.waiting_for, {*procedure.roles, CITIZEN}),
        ("under", action.under, set(procedure.timers)),
        ("outcomes", action.outcomes, set(procedure.outcomes)),
    )
    for name, values, known in named:
        for value in values:
            if value not in known:
                yield f"{key}.{name}", f"unknown {value}"
    yield from _unknown(f"{key}.provided", [action.provided] if action.provided else [], GUARDS, "guard")
    if action.judges is not None:
        yield from _unknown(f"{key}.judges.action", [action.judges.action], procedure.actions, "action")
    for name, values in action.expected_where.items():
        asked = procedure.filing.fields.get(name)
        yield from _unknown(f"{key}.expected_where.{name}", values, asked.choices if asked else (), "choice")
    if action.within is not None:
        yield from _within_problems(procedure, f"{key}.within", action)
    if action.needs_files and not action.files:
        yield f"{key}.needs_files", "takes no files"
    for name, rule in action.fields.items():
        yield from _field_problems(f"{key}.fields.{name}", rule)
    for place, variant in enumerate(action.then):
        yield from _move_problems(procedure, f"{key}.then.{place}", variant)
        yield from _variant_problems(action, f"{key}.then.{place}", variant)
    yield from _coverage_problems(key, action)


def _field_problems(key: str, rule: FieldRule) -> Iterator[Problem]:
    if rule.type not in FIELD_TYPES:
        yield f"{key}.type", f"unknown field type {rule.type}"
    if (rule.type == "choice") != bool(rule.choices):
        yield f"{key}.choices", "a choice has choices, nothing else has"
    for name in rule.called:
        if name not in rule.choices:
            yield f"{key}.called.{name}", "is none of the choices"


def _within_problems(procedure: Procedure, key: str, action: Action) -> Iterator[Problem]:
    if action.within not in procedure.terms:
        yield key, f"unknown term {action.within}"
    if action.status != "closed":
        yield key, "counts from the close, so the status must be closed"


def _move_problems(procedure: Procedure, key: str, move: Move) -> Iterator[Problem]:
    if move.to is not None and move.to not in {step.code for step in procedure.steps}:
        yield f"{key}.to", f"unknown step {move.to}"
    if move.close is not None and move.close not in procedure.outcomes:
        yield f"{key}.close", f"outcome {move.close} is not declared"
    for name, guard in (("provided", move.provided), ("guard", move.guard)):
        if guard is not None and guard not in GUARDS:
            yield f"{key}.{name}", f"unknown guard {guard}"
    for effect in move.effects:
        if effect not in EFFECTS:
            yield f"{key}.effects", f"unknown effect {effect}"
    yield from _waiting_problems(procedure, key, move.waits_for, move.timer, move.term)


def _variant_problems(action: Action, key: str, variant: Variant) -> Iterator[Problem]:
    for name in (*variant.when, *variant.requires):
        if name not in action.fields:
            yield key, f"{name} is not a field of this action"
    for effect in variant.effects:
        for name in EFFECTS.get(effect, ()):
            if name not in action.fields:
                yield f"{key}.effects", f"{effect} needs the field {name}"


def _coverage_problems(key: str, action: Action) -> Iterator[Problem]:
    always = [variant for variant in action.then if not variant.when]
    if always and len(always) < len(action.then):
        yield f"{key}.then", "moves without `when` stand alone"
    yield from _order_problems(f"{key}.then", always)
    for name in action.choosers:
        rule = action.fields.get(name)
        if rule is None:
            continue
        sure = [variant for variant in action.then if variant.provided is None]
        chosen = [value for variant in sure for value in variant.when.get(name, ())]
        wanted: tuple[str | bool, ...] = (True, False) if rule.type == "bool" else rule.choices
        for value in wanted:
            if chosen.count(value) != 1:
                yield (
                    f"{key}.then",
                    f"{name} = {_toml(value)} must choose exactly one move, it chooses {chosen.count(value)}",
                )
        for value in chosen:
            if value not in wanted:
                yield f"{key}.then", f"{name} can never be {_toml(value)}"


def _order_problems(key: str, moves: Sequence[Move]) -> Iterator[Problem]:
    """Of moves tried one after the other, the last one is made wherever no other is."""
    if moves and [move.provided is None for move in moves] != [False] * (len(moves) - 1) + [True]:
        yield key, "the last of several moves, and no other, is made without `provided`"


def _toml(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'
