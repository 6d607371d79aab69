"""What intake says of one report: where it ended up, for the channel to answer with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Accepted:
    """`result` is opened, joined, answered, asked, status, withdrawn, thanked, elsewhere, ignored or quarantined.

    `created` is true where this report opened the ticket. `score` says how like it is to the ticket it was joined
    to, or to `candidate`, another open ticket of its sender (by its id) that may be the same matter; `asked_same` is
    true where the citizen has been asked whether it is. What it `confides` is sealed with its ticket, and its words are
    kept nowhere in the open. A replay carries the first answer with `replayed` set.
    """

    result: str
    ticket_id: int | None = None
    tracking_code: str | None = None
    step: str | None = None
    step_number: int | None = None
    missing: tuple[str, ...] = ()
    created: bool = False
    replayed: bool = False
    reasons: tuple[str, ...] = field(default=())
    score: float | None = None
    candidate: int | None = None
    asked_same: bool = False
    confides: bool = False

    def remembered(self) -> dict[str, Any]:
        """What is kept with the report for a replay: everything but the code, which only the ticket holds."""
        kept: dict[str, Any] = {
            "result": self.result,
            "step": self.step,
            "step_number": self.step_number,
            "created": self.created,
        }
        likely = {"score": self.score, "candidate": self.candidate, "asked_same": self.asked_same or None}
        kept |= {name: value for name, value in likely.items() if value is not None}
        return {**kept, "missing": list(self.missing), "reasons": list(self.reasons)}

    @staticmethod
    def recalled(kept: dict[str, Any], ticket_id: int | None, code: str | None) -> Accepted:
        """The first answer again, from what was kept."""
        lists = {"missing": tuple(kept["missing"]), "reasons": tuple(kept["reasons"])}
        first = Accepted(**{**kept, **lists}, ticket_id=ticket_id, tracking_code=code)
        return replace(first, replayed=True)
