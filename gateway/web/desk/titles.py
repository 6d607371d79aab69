"""What codes are called where tickets are listed and counted: one title for each, whichever page says it.

A code nobody has a title for stands for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from gateway.catalogue import Catalogue
from normalizer.text import digits
from ticketing.body_register import body_register
from ticketing.organisations import ORGANISATIONS
from ticketing.rules import Rules
from ticketing.title import Title, titled


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles in one language."""

    language: str
    catalogue: Catalogue
    rules: Rules

    def of(self, name: str, code: str) -> str:
        """The title of a value of the filter `name`."""
        return self._finders[name](code)

    def step(self, procedure: str, number: int) -> str:
        """The title of a step of a procedure."""
        return self.titled(self.rules.procedures[procedure].step(number).title)

    def steps(self, procedures: Collection[str]) -> dict[str, str]:
        """The steps' titles by their codes, in the procedures' order."""
        found = [each for code, each in self.rules.procedures.items() if code in procedures]
        return {step.code: self.titled(step.title) for procedure in found for step in procedure.steps}

    def procedure(self, code: str) -> str:
        """The title of a procedure."""
        found = self.rules.procedures.get(code)
        return self.titled(found.title) if found is not None else code

    def body(self, code: str) -> str:
        """The name of an office of the guild system."""
        body = body_register().body(code)
        return self.titled(body.title) if body is not None else code

    @property
    def _finders(self) -> Mapping[str, Callable[[str], str]]:
        return {
            "step": self._step,
            "procedure": self.procedure,
            "category": self._category,
            "channel": lambda code: self._said(f"channel.{code}", code),
            "province": self._organisation,
            "organisation": self._organisation,
            "status": lambda code: self._said(f"queue.status.{code}", code),
            "waiting_for": lambda code: self._said(f"role.{code}", code),
            "route": lambda code: self._said(f"ticket_desk.choice.route.{code}", code),
            "outcome": self._outcome,
            "weekday": lambda code: self._said(f"dashboard.weekday.{digits(code).strip()}", code),
        }

    def _step(self, code: str) -> str:
        """A step by its code or its number."""
        written = digits(code)
        for procedure in self.rules.procedures.values():
            for step in procedure.steps:
                if written in (step.code, str(step.number)):
                    return self.titled(step.title)
        return code

    def _category(self, code: str) -> str:
        category = self.rules.categories.get(code)
        return self.titled(category.title) if category is not None else code

    def _organisation(self, code: str) -> str:
        return self.titled(ORGANISATIONS[code]) if code in ORGANISATIONS else code

    def _outcome(self, code: str) -> str:
        for procedure in self.rules.procedures.values():
            if code in procedure.outcomes:
                return self.titled(procedure.outcomes[code])
        return code

    def _said(self, key: str, code: str) -> str:
        return self.catalogue.say(self.language, key) if self.catalogue.has(key) else code

    def titled(self, title: Title) -> str:
        """A title of the data's own."""
        return titled(title, self.language)
