"""A procedure as a value: steps, actions and clocks of silence, read from TOML and checked when the program starts.

Everything that depends on a procedure is derived from this value: who may do what where, what a body
must hold, the diagram, the tests' matrix. It decides nothing about one ticket's owner or organisation
(`policy` does) and changes nothing (`stepping` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ticketing.procedure_parts import Calendar, Data, Fee, Judged, Matter, OwnFact, Party, SameMatter, Sittings, Survey
from ticketing.roles import Role
from ticketing.states import State, reachable
from ticketing.title import Title

Values = Annotated[
    tuple[str | bool, ...], BeforeValidator(lambda given: given if isinstance(given, list) else (given,))
]


class Step(Data):
    """One step. On entering it the ticket waits for `waits_for`, under `timer` (a clock of silence) or `term`.

    While facts are missing and the citizen cannot be asked, it waits for `unasked` instead, without a clock.
    `by_rule` names the action and the field that a rule of routing may perform at once. `effects` run on entering it
    for the first time, before the citizen is told the `text` (named as the step, if it is not given). A `quiet` one has
    none: what leads to it tells the citizen, or asks.
    """

    number: int
    code: str
    title: Title
    waits_for: str | None = None
    unasked: str | None = None
    timer: str | None = None
    term: str | None = None
    by_rule: tuple[str, str] | None = None
    effects: tuple[str, ...] = ()
    text: str | None = None
    quiet: bool = False

    @property
    def told(self) -> str | None:
        """The name of the text a citizen gets on entering it; None for a quiet one."""
        return None if self.quiet else self.text or self.code


class FieldRule(Data):
    """One field of a body: its type (see `field_types.FIELD_TYPES`) and limits, and what its choices are called."""

    type: str
    title: Title | None = None
    hint: Title | None = None
    optional: bool = False
    told: bool = False
    most: int | None = Field(default=None, gt=0)
    choices: tuple[str, ...] = ()
    called: dict[str, Title] = Field(default_factory=dict)


class Move(Data):
    """What happens to the ticket, in this order.

    Of several moves the first one is made whose guard `provided` holds, or that names none. `effects` run first; where
    the `guard` does not hold it ends there. Then a closed ticket that `reopens` is open
    again at the step it was closed in, the step `to` is entered, the ticket waits for `waits_for` under `timer` or
    `term`, open questions in `settles` are done with, the inspector gets `inspector_text`, and the ticket is closed
    with the outcome `close`, of which the citizen is told by `close_text`, or by the outcome's own.
    """

    provided: str | None = None
    effects: tuple[str, ...] = ()
    guard: str | None = None
    reopens: bool = False
    to: str | None = None
    waits_for: str | None = None
    timer: str | None = None
    term: str | None = None
    settles: tuple[str, ...] = ()
    inspector_text: str | None = None
    close: str | None = None
    close_text: str | None = None


Moves = Annotated[tuple[Move, ...], BeforeValidator(lambda given: given if isinstance(given, list) else (given,))]


class Variant(Move):
    """A move an action makes when the body's field has one of these values; without `when`, always."""

    when: dict[str, Values] = Field(default_factory=dict, max_length=1)
    requires: tuple[str, ...] = ()

    def chosen_by(self, body: Mapping[str, Any]) -> bool:
        """True where `body` holds one of the values this variant is for."""
        return all(name in body and body[name] in values for name, values in self.when.items())


class Action(Data):
    """What a role may do: `from` these steps (all, if none named), while the ticket waits for one of `waiting_for`.

    It may be limited to when one of the clocks `under` runs, and, by `provided`, to when a guard on the ticket holds. A
    role in `filer_only` may do it only on tickets it filed itself. `within` names the term, counted from the close,
    after which the citizen may no more; staff who speak for them may take a late one. What is done `one_by_one` is
    between one citizen and us, and never done to all tickets of a parent case at once. One that
    `needs_files` is refused without. What it `judges` is shown to whoever does it. Where details are as
    `expected_where` says, it is the one to do next.
    """

    code: str = ""
    title: Title
    roles: tuple[str, ...] = Field(min_length=1)
    filer_only: tuple[str, ...] = ()
    steps: tuple[str, ...] = Field(default=(), alias="from")
    waiting_for: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    status: Literal["open", "closed", "any"] = "open"
    outcomes: tuple[str, ...] = ()
    within: str | None = None
    files: bool = False
    needs_files: bool = False
    one_by_one: bool = False
    provided: str | None = None
    judges: Judged | None = None
    expected_where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    fields: dict[str, FieldRule] = Field(default_factory=dict)
    then: tuple[Variant, ...] = Field(min_length=1)

    @property
    def choosers(self) -> list[str]:
        """The fields whose values choose the variant; exactly one of them is given."""
        return list(dict.fromkeys(name for variant in self.then for name in variant.when))

    @property
    def takes_facts(self) -> bool:
        """True where the fields are facts of the complaint, identity among them, which no event may hold."""
        return any("complete" in variant.effects for variant in self.then)


class Timer(Data):
    """A clock of silence: what happens when `term` passes without an answer.

    `asks` is the question put when it starts. `then` moves the ticket (by the first move that may be made), or `act`
    performs an action with `given`.
    """

    term: str
    asks: str | None = None
    then: Moves = ()
    act: str | None = None
    given: dict[str, Any] = Field(default_factory=dict)


class TermRule(Data):
    """A term; how long it is stands in the dated file. One that `pauses` waits while the citizen is asked meanwhile.

    One `after_appointment` begins when the ticket's appointment does.
    """

    pauses: bool = False
    after_appointment: bool = False


class Answer(Data):
    """One answer to a question: what may be said for it, its `button` (a text's name), and the citizen's action it is.

    The first of `says` is the number it has in an SMS and in a button's value.
    """

    says: tuple[str, ...] = Field(min_length=1)
    button: str
    act: str
    given: dict[str, Any] = Field(default_factory=dict)


class Filing(Data):
    """How a report begins a ticket of this procedure: by which channels (all, if none named), with which details.

    The details are sealed in the ticket. It may be filed by somebody `anonymous`, or not. A ticket that must be `whole`
    is refused at filing while anything is missing but facts of its own, which are asked for. Where it has a page of its
    own, `link` is what leads there from the first page, and `lead` what it says first; who writes one of its `words`
    elsewhere is told of it.
    """

    link: Title | None = None
    lead: Title | None = None
    words: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    whole: bool = False
    anonymous: bool = True
    fields: dict[str, FieldRule] = Field(default_factory=dict)


class Procedure(Data):
    """A whole procedure. Steps are numbered 1 … n; how long its `terms` are, the dated file says.

    `matter` is what one of its tickets is called. A ticket that has all it `needs` is complete: facts that any
    procedure may need, and `facts` of its own. A `fee` is paid for filing; `parties` are those it is about;
    appointments are set from its `calendar`; who decides has `sittings`. The details are shown to all who see the
    ticket, or to the roles in `details_to` only. `clocks` are the names of timers and terms that are its own.
    `questions` are those that clocks ask, with their answers. Without `same_matter` nobody is asked whether two reports
    are one matter, without `survey` how satisfied they are. `originals` are the roles that may save an attached file as
    it was sent; others see it drawn anew. `gatherers` are those that may make parent cases. One with `answered`, the
    outcomes that answer a complaint about a body, is reviewed by the bodies complained of.
    """

    code: str
    title: Title
    matter: Matter = Matter()
    roles: dict[str, Role]
    needs: tuple[str, ...]
    facts: dict[str, OwnFact] = Field(default_factory=dict)
    fee: Fee | None = None
    parties: dict[str, Party] = Field(default_factory=dict)
    calendar: Calendar | None = None
    sittings: Sittings | None = None
    details_to: tuple[str, ...] = ()
    filing: Filing = Filing()
    clocks: dict[str, Title] = Field(default_factory=dict)
    gatherers: tuple[str, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    outcomes: dict[str, Title]
    answered: tuple[str, ...] = ()
    originals: tuple[str, ...] = ()
    terms: dict[str, TermRule] = Field(default_factory=dict)
    timers: dict[str, Timer] = Field(default_factory=dict)
    questions: dict[str, tuple[Answer, ...]] = Field(default_factory=dict)
    same_matter: SameMatter | None = None
    survey: Survey | None = None
    actions: dict[str, Action]

    @property
    def first(self) -> Step:
        """The step every ticket enters."""
        return self.steps[0]

    @property
    def last(self) -> Step:
        """The step that announces the end itself."""
        return self.steps[-1]

    def step(self, which: int | str) -> Step:
        """A step by number or code. Raises KeyError."""
        return self._steps[which]

    def has_step(self, which: int | str) -> bool:
        """True where it has this step, by number or code."""
        return which in self._steps

    def open_to(self, action: Action, state: State) -> bool:
        """True where `action` may be done on a ticket in `state`, whoever does it."""
        if action.status not in ("any", state.status):
            return False
        if action.steps and self.step(state.step).code not in action.steps:
            return False
        if action.waiting_for and state.waiting_for not in action.waiting_for:
            return False
        if action.under and state.timer not in action.under:
            return False
        return not action.outcomes or state.outcome in action.outcomes

    def allowed(self, role: str, state: State, *, filed: bool = False) -> list[str]:
        """The codes of the actions `role` may do in `state`; `filed` says that they filed the ticket."""
        return [
            action.code
            for action in self.actions.values()
            if may(action, role, filed=filed) and self.open_to(action, state)
        ]

    def states(self) -> Iterator[State]:
        """Every state a ticket can come to, first to last: the rows of the tests' matrix."""
        return reachable(self)

    def cells(self) -> Iterable[tuple[State, str, str, bool]]:
        """The full matrix: (state, action, role, allowed) for somebody who did not file the ticket.

        The roles are those that work in it: all others do not know of its tickets.
        """
        for state in self.states():
            for action in self.actions.values():
                for role in self.roles:
                    yield state, action.code, role, may(action, role) and self.open_to(action, state)

    @cached_property
    def _steps(self) -> Mapping[int | str, Step]:
        return {key: step for step in self.steps for key in (step.number, step.code)}


def may(action: Action, role: str, *, filed: bool = False) -> bool:
    """True where `role` may do `action` at all; `filed` says that they filed the ticket."""
    return role in action.roles and (filed or role not in action.filer_only)
