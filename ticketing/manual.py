"""The manual of the procedures, written from their data: `python -m ticketing.manual FILE` (`make procedures`).

Each procedure's diagram, its steps, who may do which action at which step, and its terms with the law they come from.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from persiantools.jdatetime import JalaliDate

from normalizer.complaint import CATEGORIES
from ticketing.dated_terms import load_deadlines
from ticketing.deadlines import Deadline, Deadlines, Term
from ticketing.diagram import diagram
from ticketing.procedure import Action, Procedure, may
from ticketing.procedure_files import load_procedures
from ticketing.roles import ROLES
from ticketing.states import State
from ticketing.title import Title

_HEAD: Final = """# Procedures

Written from `ticketing/procedures/*.toml` by `make procedures`; a test holds it against them. In the tables of actions
a cell names the steps at which the role may do the action, while the ticket is open or where it says so closed,
whatever else it depends on (whom the ticket waits for, which clock runs); "own" is said of tickets it filed itself.
"""


def manual(procedures: Iterable[Procedure], deadlines: Deadlines) -> str:
    """The whole page, in English with the Persian titles people see."""
    parts = [_HEAD]
    for procedure in procedures:
        parts += [_headed(procedure), _roles(procedure), _steps(procedure), _actions(procedure)]
        parts.append(_terms(procedure, deadlines))
    return "\n".join(parts)


def _headed(procedure: Procedure) -> str:
    filing = procedure.filing
    facts = [
        f"needs {', '.join(procedure.needs)}",
        f"filed by {', '.join(filing.channels) or 'every channel'}",
        "anonymously too" if filing.anonymous else "never anonymously",
        f"ends {', '.join(_called(title) for title in procedure.outcomes.values())}",
        f"asks how satisfied the citizen is after {_asked_after(procedure)}",
    ]
    drawn = f"```mermaid\n{diagram(procedure)}```"
    return f"## {_called(procedure.title)}: `{procedure.code}`\n\n{'; '.join(facts)}.\n\n{drawn}\n"


def _asked_after(procedure: Procedure) -> str:
    after = procedure.survey.after if procedure.survey is not None else ()
    spared = [f"`{code}`" for code in procedure.outcomes if code not in after]
    return f"every close but {', '.join(spared)}" if after and spared else "every close" if after else "none"


def _roles(procedure: Procedure) -> str:
    rows = [
        (f"`{code}`", _called(ROLES[code].title), own.sees + (", not who complains" if own.blind else ""))
        for code, own in procedure.roles.items()
    ]
    return _table(("role", "called", "sees"), rows)


def _steps(procedure: Procedure) -> str:
    rows = [
        (str(step.number), f"`{step.code}`", _called(step.title), step.waits_for or "", step.timer or step.term or "")
        for step in procedure.steps
    ]
    return _table(("step", "code", "title", "waits for", "clock"), rows)


def _actions(procedure: Procedure) -> str:
    roles = [*procedure.roles, "citizen"]
    states = list(procedure.states())
    rows = []
    for action in procedure.actions.values():
        where = _where(procedure, action, states)
        cells = [_cell(action, role, where) for role in roles]
        rows.append((f"{_called(action.title)} `{action.code}`", *cells))
    return _table(("action", *(f"`{role}`" for role in roles)), rows)


def _where(procedure: Procedure, action: Action, states: Sequence[State]) -> str:
    """The steps at which the action is open to somebody."""
    open_at = {(state.step, state.status) for state in states if procedure.open_to(action, state)}
    opened = sorted(step for step, status in open_at if status == "open")
    closed = sorted(step for step, status in open_at if status == "closed")
    said = [_ranges(opened)] if opened else []
    if closed:
        said.append(f"closed at {_ranges(closed)}")
    return "; ".join(said)


def _ranges(steps: Sequence[int]) -> str:
    """«1–3, 5»: steps in order, those that follow each other as one."""
    runs = [[step for _, step in run] for _, run in groupby(enumerate(steps), key=lambda each: each[1] - each[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _cell(action: Action, role: str, where: str) -> str:
    if may(action, role):
        return where
    return f"own: {where}" if may(action, role, filed=True) else ""


def _terms(procedure: Procedure, deadlines: Deadlines) -> str:
    rows = []
    for name in procedure.terms:
        called = _called(procedure.clocks.get(name))
        for category in ("", *CATEGORIES):
            for each in deadlines.dated.get(Term(procedure.code, name, category), ()):
                term = f"{called} `{name}`".lstrip() + (f", {category}" if category else "")
                rows.append((term, str(each.length), _since(each), _warned(each), _law(deadlines, each)))
    return _table(("term", "length", "since", "warned before", "law"), rows)


def _since(deadline: Deadline) -> str:
    if deadline.since is None:
        return ""
    return JalaliDate.to_jalali(deadline.since).isoformat()  # type: ignore[no-untyped-call, no-any-return]


def _warned(deadline: Deadline) -> str:
    return str(deadline.warn) if deadline.warn is not None else ""


def _law(deadlines: Deadlines, deadline: Deadline) -> str:
    return _called(deadlines.laws.get(deadline.law or ""))


def _called(title: Title | None) -> str:
    return f"{title['en']} ({title['fa']})" if title is not None else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(_lines(head, rows)) + "\n"


def _lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def shipped_manual() -> str:
    """The page of the packaged procedures."""
    procedures = load_procedures().values()
    return manual(procedures, load_deadlines(procedures, CATEGORIES))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(shipped_manual(), encoding="utf-8")
