"""The dated file of deadlines: how long every term is, since when and by what law, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from ticketing.days_off import Day
from ticketing.deadlines import Deadline, Deadlines, Term
from ticketing.lengths import Lasting
from ticketing.roles import PROCEDURE_FILES
from ticketing.title import Title
from ticketing.working_time import WorkingTime
from ticketing.wrong_key import WrongKey, first_wrong

if TYPE_CHECKING:
    from ticketing.procedure import Procedure

FILE: Final = "deadlines.toml"


def load_deadlines(
    procedures: Iterable[Procedure],
    categories: Collection[str],
    calendar: WorkingTime | None = None,
    path: Path | None = None,
) -> Deadlines:
    """The deadlines of these procedures' terms: of the packaged file, or the one at `path`. Raises `WrongKey`."""
    source = path or PROCEDURE_FILES.joinpath(FILE)
    try:
        stored = _File.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise first_wrong(error, file=source.name) from error
    except (OSError, ValueError) as error:
        raise WrongKey("file", str(error), source.name) from error
    terms = {procedure.code: procedure.terms for procedure in procedures}
    for key, problem in _problems(stored, terms, categories):
        raise WrongKey(key, problem, source.name)
    dated: dict[Term, tuple[Deadline, ...]] = {}
    for entry in sorted(stored.deadlines, key=lambda each: each.since):
        deadline = Deadline(entry.length, entry.since, entry.warn, entry.law)
        dated[entry.of] = (*dated.get(entry.of, ()), deadline)
    return Deadlines(dated, calendar=calendar or WorkingTime(), laws=stored.laws)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    procedure: str
    term: str
    category: str = ""
    since: Day
    length: Lasting
    warn: Lasting | None = None
    law: str

    @property
    def of(self) -> Term:
        return Term(self.procedure, self.term, self.category)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    laws: dict[str, Title]
    deadlines: list[_Entry]


def _problems(
    stored: _File, terms: Mapping[str, Collection[str]], categories: Collection[str]
) -> Iterator[tuple[str, str]]:
    seen: set[tuple[Term, date]] = set()
    for place, entry in enumerate(stored.deadlines):
        key = f"deadlines.{place}"
        known: tuple[tuple[str, str, Collection[str]], ...] = (
            ("procedure", entry.procedure, terms),
            ("term", entry.term, terms.get(entry.procedure, ())),
            ("category", entry.category, ("", *categories)),
            ("law", entry.law, stored.laws),
        )
        for name, value, values in known:
            if value not in values:
                yield f"{key}.{name}", f"unknown {name} {value}"
        if (entry.of, entry.since) in seen:
            yield f"{key}.since", "is said twice of this term"
        seen.add((entry.of, entry.since))
    given = {entry.of for entry in stored.deadlines}
    for procedure, names in terms.items():
        for name in names:
            if Term(procedure, name) not in given:
                yield "deadlines", f"{procedure} has a term {name}, and it has no length"
