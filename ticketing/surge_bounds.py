"""From when on a business's complaints are many, or were borne out often: the settings' `[surges]`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ticketing.procedure import Procedure
from ticketing.wrong_key import WrongKey


@dataclass(frozen=True, slots=True)
class SurgeBounds:
    """So many open `tickets` that came `within` make a surge; so many `upheld` ones, closed with one of `outcomes`
    `upheld_within`, a repeat offender. A bound of 0 proposes nobody.
    """

    tickets: int = 5
    within: timedelta = timedelta(hours=72)
    upheld: int = 3
    upheld_within: timedelta = timedelta(days=365)
    outcomes: tuple[str, ...] = ("verdict",)

    def check(self, procedures: Mapping[str, Procedure]) -> None:
        """Raises `WrongKey` where an outcome is no procedure's."""
        known = {outcome for procedure in procedures.values() for outcome in procedure.outcomes}
        for outcome in self.outcomes:
            if outcome not in known:
                raise WrongKey("surges.outcomes", f"there is no outcome {outcome}")
