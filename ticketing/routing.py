"""Which way a complete ticket goes: rules from the settings, first match wins, else what its category suggests.

A rule only suggests, unless it is `automatic`: then it evaluates the ticket as it is registered. Whether a
route exists is the procedure's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from normalizer.complaint import CATEGORIES
from ticketing.categories import Category
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES
from ticketing.procedure import Procedure
from ticketing.ticket import Ticket
from ticketing.wrong_key import WrongKey, first_wrong

Codes = Annotated[tuple[str, ...], BeforeValidator(lambda given: tuple(given) if isinstance(given, list) else (given,))]


class Rule(BaseModel):
    """One rule: every condition given must hold. `min_amount_rial` is compared with the damages claimed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    procedure: str | None = None
    category: Codes | None = None
    province: Codes | None = None
    organisation: Codes | None = None
    channel: Codes | None = None
    min_amount_rial: int | None = Field(default=None, ge=0)
    has_guild_id: bool | None = None
    route: str
    body: Annotated[str, StringConstraints(to_lower=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")] | None = None
    automatic: bool = False

    def matches(self, ticket: Ticket) -> bool:
        """True where the rule is about such a ticket."""
        named = (
            (self.category, ticket.category),
            (self.province, ticket.province),
            (self.organisation, ticket.organisation),
            (self.channel, ticket.channel),
            (self.procedure and (self.procedure,), ticket.procedure),
        )
        if any(codes is not None and value not in codes for codes, value in named):
            return False
        if self.min_amount_rial is not None and (ticket.damages_rial or 0) < self.min_amount_rial:
            return False
        return self.has_guild_id is None or self.has_guild_id == bool(ticket.business_guild_id)


@dataclass(frozen=True, slots=True)
class Choice:
    """A route, why (`rule 2`, `category`), and whether it is taken without asking anyone."""

    route: str
    because: str
    body: str | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Routing:
    """All the rules, in order."""

    rules: tuple[Rule, ...] = ()

    @classmethod
    def from_settings(cls, rules: Sequence[Mapping[str, Any]], procedures: Iterable[Procedure]) -> Routing:
        """The rules of `[[routing.rules]]`. Raises `WrongKey` naming the first wrong key."""
        known = {procedure.code: routes_of(procedure) for procedure in procedures}
        checked: list[Rule] = []
        for place, written in enumerate(rules):
            key = f"routing.rules.{place}"
            try:
                rule = Rule.model_validate(dict(written))
            except ValidationError as error:
                raise first_wrong(error, under=key) from error
            _check(rule, key, known)
            checked.append(rule)
        return cls(tuple(checked))

    def choose(self, ticket: Ticket, category: Category | None) -> Choice | None:
        """The route for a ticket, or None where nothing speaks for any."""
        for place, rule in enumerate(self.rules, start=1):
            if rule.matches(ticket):
                return Choice(rule.route, f"rule {place}", rule.body, rule.automatic)
        if category is not None and category.route is not None:
            return Choice(category.route, "category")
        return None


def routes_of(procedure: Procedure) -> tuple[str, ...]:
    """The routes of a procedure: the choices of the field its rules may fill."""
    for step in procedure.steps:
        if step.by_rule is not None:
            action, field = step.by_rule
            return procedure.actions[action].fields[field].choices
    return ()


def _check(rule: Rule, key: str, known: Mapping[str, tuple[str, ...]]) -> None:
    named = (
        ("procedure", (rule.procedure,) if rule.procedure else (), tuple(known)),
        ("category", rule.category or (), CATEGORIES),
        ("province", rule.province or (), PROVINCE_CODES),
        ("organisation", rule.organisation or (), tuple(ORGANISATIONS)),
        ("route", (rule.route,), _routes_for(rule, known)),
    )
    for name, values, allowed in named:
        for value in values:
            if value not in allowed:
                raise WrongKey(f"{key}.{name}", f"unknown {value!r}; there are {', '.join(allowed)}")


def _routes_for(rule: Rule, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if rule.procedure is not None and rule.procedure in known:
        return known[rule.procedure]
    return tuple(dict.fromkeys(route for routes in known.values() for route in routes))
