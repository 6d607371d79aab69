"""The words of a ticket's page: names of what procedures, notices and events hold as codes, figures as people write.

Steps, outcomes and actions are called what their procedure calls them; everything else is the catalogue's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from gateway.catalogue import Catalogue
from gateway.web.desk.titles import Titles
from gateway.web.render import clock_of, digits_of, grouped_of, in_fours, prose_date, tehran_day
from ticketing.facts import DETAIL
from ticketing.parties import PROXIES
from ticketing.procedure import Procedure
from ticketing.rules import Rules
from ticketing.title import Title, titled

_OWN: Final = "ticket_desk"


@dataclass(frozen=True)
class Words:
    """Says things about tickets of one procedure in one language; `told` are the details of the ticket spoken of."""

    language: str
    catalogue: Catalogue
    rules: Rules
    procedure: Procedure
    told: Mapping[str, Any] = field(default_factory=dict)

    def say(self, code: str, **values: object) -> str:
        """The sentence `ticket_desk.<code>`, its values' digits in the page's language.

        Of every one `citizen` and `matter` are values: what the procedure calls who filed the ticket, and it.
        """
        said = {name: self.number(value) for name, value in values.items()}
        return self.catalogue.say(self.language, f"{_OWN}.{code}", **self._called, **said)

    def named(self, kind: str, code: str) -> str:
        """What the catalogue calls `code` among its `kind`; the code itself where it has no word for it."""
        known = f"{kind}.{code.replace(' ', '_').replace(chr(39), '')}"
        return self.say(known) if self.catalogue.has(f"{_OWN}.{known}") else code

    def channel(self, code: str) -> str:
        """What a channel is called wherever tickets are; the code of one nobody has a title for."""
        return self.titles.of("channel", code)

    def number(self, value: object) -> str:
        """Digits as the language writes them."""
        return digits_of(value, self.language)

    def money(self, rial: int) -> str:
        """An amount, grouped by thousands, with its unit."""
        return self.say("rial", amount=grouped_of(rial, self.language))

    def day(self, iso: str) -> str:
        """A date or moment as a day in a sentence."""
        return prose_date(tehran_day(iso), self.language)

    def moment(self, iso: str) -> str:
        """A moment as day and time of the clock in Tehran."""
        return self.say("moment", day=self.day(iso), clock=self._clock(iso))

    def when(self, iso: str, now: datetime) -> str:
        """A moment as the time of the clock, with its day where that is not today."""
        if tehran_day(iso) != tehran_day(now.isoformat()):
            return self.moment(iso)
        return self._clock(iso)

    def code(self, code: str) -> str:
        """A tracking code in fours."""
        return self.number(" ".join(in_fours(code)))

    def step(self, which: str | int) -> str:
        """A step's title; one that the ticket entered in another procedure has that one's."""
        own = next(each for each in self._procedures if each.has_step(which))
        return titled(own.step(which).title, self.language)

    def outcome(self, code: str) -> str:
        """An outcome's title."""
        own = next(each for each in self._procedures if code in each.outcomes)
        return titled(own.outcomes[code], self.language)

    def action(self, code: str) -> str:
        """An action's title."""
        own = next(each for each in self._procedures if code in each.actions)
        return titled(own.actions[code].title, self.language)

    def role(self, code: str) -> str:
        """A role, the citizen's among them."""
        return self.catalogue.say(self.language, f"role.{code}")

    def actor(self, name: str) -> str:
        """Who did something: the citizen, a rule, the gateway itself, or a username."""
        return self.role(name) if name == "citizen" else self.named("actor", name)

    def category(self, code: str) -> str:
        """A category's title."""
        return self.titles.of("category", code)

    def organisation(self, code: str) -> str:
        """An organisation's name."""
        return self.titles.of("organisation", code)

    def body(self, code: str) -> str:
        """An office of the guild system, by the register; a union's or company's own code."""
        return self.titles.body(code)

    def details(self, given: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What the ticket's procedure asks beside the facts, under its titles, and who speaks for which side; what it
        does not ask is left out."""
        fields = self.procedure.filing.fields
        known = [(name, rule) for name, rule in fields.items() if given.get(name) is not None]
        told = [
            (titled(rule.title, self.language) if rule.title else name, self.value(rule.type, name, given[name]))
            for name, rule in known
        ]
        return [*told, *((self._proxy_of(side), name) for side, name in given.get(PROXIES, {}).items())]

    def _proxy_of(self, side: str) -> str:
        party = self.procedure.parties.get(side)
        return self.say("proxy_of", side=titled(party.title, self.language) if party else self.role("citizen"))

    def province(self, code: str) -> str:
        """A province's name."""
        return self.titles.of("province", code)

    def media(self, media: Iterable[str]) -> str:
        """By which media somebody hears from us."""
        return self.say("comma").join(self.named("medium", each) for each in media) or self.say("heard_by_none")

    def clock(self, code: str) -> str:
        """What a timer or term is called, by the procedure or the catalogue."""
        title = self.procedure.clocks.get(code)
        return titled(title, self.language) if title is not None else self.named("clock", code)

    def choice(self, name: str, value: str) -> str:
        """What one of a field's choices is called, by the procedure or the catalogue."""
        title = self._choices.get((name.removeprefix(DETAIL), value))
        return titled(title, self.language) if title is not None else self.named(f"choice.{name}", value)

    def field(self, action: str, name: str) -> str:
        """The label of a field of an action's body."""
        own = self.procedure.actions.get(action)
        rule = own.fields.get(name) if own is not None else None
        if rule is not None and rule.title is not None:
            return titled(rule.title, self.language)
        for known in (f"field.{action}.{name}", f"field.{name}"):
            if self.catalogue.has(f"{_OWN}.{known}"):
                return self.say(known)
        return name

    def value(self, type_: str, name: str, value: Any) -> str:
        """The value of a field, by its type."""
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if type_ == "choice":
            return self.choice(name, value)
        writer = self._writers.get(type_)
        return writer(value) if writer is not None else self.number(value) if type_ in _FIGURES else str(value)

    def _clock(self, iso: str) -> str:
        return clock_of(datetime.fromisoformat(iso), self.language)

    @property
    def _procedures(self) -> Iterator[Procedure]:
        """The ticket's own first, then those it may have been in before."""
        yield self.procedure
        yield from self.rules.procedures.values()

    @cached_property
    def _called(self) -> Mapping[str, str]:
        matter = self.procedure.matter
        called = {"citizen": matter.citizen, "matter": matter.title_of(self.told)}
        return {name: titled(title, self.language) for name, title in called.items()}

    @cached_property
    def _choices(self) -> Mapping[tuple[str, str], Title]:
        """The titles that the procedure gives to choices, by field and value."""
        bodies = [self.procedure.filing.fields, *(action.fields for action in self.procedure.actions.values())]
        fields = [field for body in bodies for field in body.items()]
        return {
            (name.removeprefix(DETAIL), value): title for name, rule in fields for value, title in rule.called.items()
        }

    @property
    def titles(self) -> Titles:
        """What codes are called in lists and counts."""
        return Titles(self.language, self.catalogue, self.rules)

    @property
    def _writers(self) -> Mapping[str, Any]:
        return {
            "rial": self.money,
            "date": self.day,
            "datetime": self.moment,
            "slot": self.moment,
            "organisation": self.organisation,
            "province": self.province,
            "category": self.category,
            "tracking_code": self.code,
            "body": self.body,
            "procedure": self.titles.procedure,
        }


_FIGURES: Final = ("lat", "lon", "accuracy_m", "phone", "national_id", "guild_id", "count", "receipt")
