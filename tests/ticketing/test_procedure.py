"""A procedure's file: what is refused, by which key, and what is derived from a good one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.broken import broken
from ticketing.action_body import body_schema
from ticketing.diagram import diagram
from ticketing.effects import EFFECTS
from ticketing.facts import complete
from ticketing.manual import shipped_manual
from ticketing.perform import ALL_EFFECTS
from ticketing.procedure import Procedure
from ticketing.procedure_files import load_procedure, load_procedures
from ticketing.states import State
from ticketing.vocabulary import EFFECTS as EFFECT_NAMES
from ticketing.wrong_key import WrongKey

SOURCE = (Path("ticketing") / "procedures" / "consumer.toml").read_text(encoding="utf-8")
CONSUMER = load_procedures()["consumer"]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('waits_for = "evaluator"\nterm = "evaluate"', 'waits_for = "boss"\nterm = "evaluate"', "steps.1.waits_for"),
        ("number = 3", "number = 9", "steps.2.number"),
        ('code = "inspected"', 'code = "dispatched"', "steps.4.code"),
        ('timer = "self_regulation"', 'timer = "patience"', "steps.2.timer"),
        ('term = "inspect"', 'term = "someday"', "steps.3.term"),
        ("inspect = {}", 'inspect = "3d"', "terms.inspect"),
        ('needs = ["category"', 'needs = ["addressee", "category"', "needs"),
        ('then = { close = "unreachable" }', 'then = { close = "lost" }', "timers.missing_close.then.close"),
        ('act = "answer"', 'act = "guess"', "timers.satisfied.act"),
        (
            'act = "answer"\ngiven = { satisfied = false }\n\n#',
            'act = "answer"\ngiven = { satisfied = "no" }\n\n#',
            "timers.satisfied.given",
        ),
        ("given = { satisfied = true }", 'given = { satisfied = "no" }', "questions.satisfied.0.given"),
        ('says = ["2", "no"]', 'says = ["2", "yes"]', "questions.satisfied"),
        ('button = "yes"\nact = "answer"', 'button = "yes"\nact = "settle"', "questions.satisfied.0.act"),
        ('effects = ["remind"]', 'effects = ["nag"]', "timers.missing_reminder.then.effects"),
        ('by_rule = ["evaluate", "route"]', 'by_rule = ["evaluate", "body"]', "steps.1.by_rule"),
        ('by_rule = ["evaluate", "route"]', 'by_rule = ["settle", "result"]', "steps.1.by_rule"),
        ('by_rule = ["evaluate", "route"]', 'by_rule = ["evaluate", "reject"]', "steps.1.by_rule"),
        ("[roles.dispatcher]", "[roles.chief]", "timers.self_regulation.then.waits_for"),
        ('sees = "referred"', 'sees = "all"', "roles.penalties_clerk.sees"),
        ('roles = ["dispatcher"]', "roles = []", "actions.dispatch.roles"),
        ('roles = ["dispatcher"]', 'roles = ["chief"]', "actions.dispatch.roles"),
        ('filer_only = ["operator"]', 'filer_only = ["inspector"]', "actions.reveal.filer_only"),
        ('from = ["referred"]', 'from = ["reffered"]', "actions.verdict.from"),
        ('waiting_for = ["dispatcher"]', 'waiting_for = ["nobody"]', "actions.dispatch.waiting_for"),
        ('within = "object"', 'within = "whenever"', "actions.object.within"),
        ('status = "closed"\noutcomes = ["settled", "no_violation", "unrelated"]\n', "", "actions.object.within"),
        ('outcomes = ["merged"]', 'outcomes = ["glued"]', "actions.unjoin.outcomes"),
        (
            'inspector = { type = "username" }',
            'inspector = { type = "wizard" }',
            "actions.dispatch.fields.inspector.type",
        ),
        ('satisfied = { type = "bool" }', 'satisfied = { type = "choice" }', "actions.answer.fields.satisfied.choices"),
        ('{ effects = ["assign_inspector"], to = "dispatched"', '{ to = "sent"', "actions.dispatch.then.0.to"),
        ('to = "verdict", close = "verdict"', 'to = "verdict", close = "done"', "actions.verdict.then.0.close"),
        (
            '{ close = "no_violation" }',
            '{ provided = "mood", close = "no_violation" }',
            "actions.no_violation.then.0.provided",
        ),
        ('{ close = "no_violation" }', '{ provided = "nothing_missing" }', "actions.no_violation.then"),
        ('then = { close = "unreachable" }', 'then = [{ close = "unreachable" }, {}]', "timers.missing_close.then"),
        ('then = [{ close = "withdrawn" }]', 'under = ["sleep"]\nthen = [{}]', "actions.withdraw.under"),
        ('term = "decide"', 'term = "decide"\neffects = ["transfer"]', "steps.4.effects"),
        ('guard = "nothing_missing"', 'guard = "mood"', "actions.complete.then.0.guard"),
        ('requires = ["answer"]', 'requires = ["reply"]', "actions.evaluate.then.3"),
        ('fields = { organisation = { type = "organisation" } }', "", "actions.transfer.then.0.effects"),
        ('result = ["refused", "no_answer"]', 'result = ["refused"]', "actions.settle.then"),
        ('result = ["refused", "no_answer"]', 'result = ["refused", "no_answer", "settled"]', "actions.settle.then"),
        ('result = ["refused", "no_answer"]', 'result = ["refused", "no_answer", "lost"]', "actions.settle.then"),
        ("{ when = { satisfied = true }, settles", "{ settles", "actions.answer.then"),
        ('then = [{ close = "no_violation" }]', "then = []", "actions.no_violation.then"),
        (
            'title = { fa = "ارجاع به خودتنظیمی", en = "With self-regulation" }',
            'title = { fa = "x" }',
            "steps.2.title.en",
        ),
        ('code = "consumer"', 'code = "consumer"\ncolour = "red"', "colour"),
        ('provided = "dissatisfied"', 'expected_where = { kind = ["x"] }', "actions.grieve.expected_where.kind"),
        ('to = "inspected" }', 'waits_for = "evaluator" }', "steps.4"),
    ],
)
def test_a_broken_procedure_is_refused_by_file_and_key(old: str, new: str, key: str, tmp_path: Path) -> None:
    with pytest.raises(WrongKey) as refusal:
        load_procedure(broken(SOURCE, old, new, tmp_path / "broken.toml"))
    assert refusal.value.key == key
    assert str(refusal.value).startswith(f"broken.toml: {key}: ")


@pytest.mark.parametrize("content", ["steps = [", "", 'code = "x"'])
def test_what_is_no_procedure_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(content, encoding="utf-8")
    with pytest.raises(WrongKey):
        load_procedures(tmp_path)


def test_two_files_of_one_procedure_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(SOURCE, encoding="utf-8")
    with pytest.raises(WrongKey, match=r"b\.toml: code"):
        load_procedures(tmp_path)


def test_every_effect_of_the_vocabulary_is_there_and_no_other() -> None:
    assert set(ALL_EFFECTS) == set(EFFECT_NAMES)
    assert ALL_EFFECTS["complete"] is complete
    assert "complete" not in EFFECTS


def test_reveal_is_for_the_operator_who_filed() -> None:
    here = State(2, "evaluator")
    assert "reveal" not in CONSUMER.allowed("operator", here)
    assert "reveal" in CONSUMER.allowed("operator", here, filed=True)


def test_a_verdict_is_never_reopened() -> None:
    assert not CONSUMER.open_to(CONSUMER.actions["reopen"], State(7, None, "closed", "verdict"))


@pytest.mark.parametrize("action", CONSUMER.actions)
def test_every_body_is_described(action: str) -> None:
    schema = body_schema(CONSUMER.actions[action])
    assert "version" in schema["required"]
    assert schema["properties"]["note"]["type"] == "string"
    assert schema["additionalProperties"] is False


def test_a_description_nests_groups_and_knows_alternatives() -> None:
    complete_schema: dict[str, Any] = body_schema(CONSUMER.actions["complete"])
    assert complete_schema["properties"]["place"]["properties"]["lat"] == {
        "type": "number",
        "minimum": -90,
        "maximum": 90,
    }
    alternatives = body_schema(CONSUMER.actions["evaluate"])["oneOf"]
    assert alternatives[-1] == {"properties": {"reject": {"enum": ["unrelated"]}}, "required": ["reject", "answer"]}


def test_the_diagram_shows_every_step_and_outcome() -> None:
    drawn = diagram(CONSUMER)
    assert all(f"{step.code}: {step.number}. " in drawn for step in CONSUMER.steps)
    assert all(f"--> [*]: {outcome}" in drawn for outcome in CONSUMER.outcomes)
    assert "self_regulation --> self_regulation: silence(self_regulation), waits for dispatcher" in drawn
    assert "اعزام بازرس" in diagram(CONSUMER, "fa")


@pytest.mark.parametrize("procedure", load_procedures().values(), ids=load_procedures())
def test_no_arrow_of_a_diagram_leads_down(procedure: Procedure) -> None:
    numbers = {step.code: step.number for step in procedure.steps}
    arrows = re.findall(r"^    (\w+) --> (\w+): ", diagram(procedure), flags=re.MULTILINE)
    assert arrows
    assert [arrow for arrow in arrows if numbers[arrow[1]] < numbers[arrow[0]]] == []


def test_no_engine_intake_or_desk_names_a_procedure() -> None:
    """What a procedure is called stands in its data, in texts, tests and manuals, and in cases that are made up."""
    named = re.compile(rf"""(?<!log\.info\()["']({"|".join(load_procedures())})["']""")
    code = [
        path
        for package in ("channels", "gateway", "normalizer", "sms", "ticketing")
        for path in Path(package).rglob("*")
        if path.suffix in (".py", ".html", ".js") and not {"migrations", "demo"} & set(path.parts)
    ]
    assert len(code) > 200
    assert [str(path) for path in code if named.search(path.read_text(encoding="utf-8"))] == []


def test_the_manual_is_what_the_data_says() -> None:
    written = Path("docs/procedures.md").read_text(encoding="utf-8")
    assert written == shipped_manual(), "run: make procedures"
    assert all(f"`{code}`\n" in written for code in load_procedures())
