"""How sure it must be that two reports are one matter; the settings' `[joining]`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class JoiningBounds:
    """From `upper` on a report joins the ticket at once, from `lower` on the citizen is asked, below it is a new one.

    Only open tickets no older than `window` are looked at.
    """

    upper: float = 0.8
    lower: float = 0.35
    window: timedelta = timedelta(days=60)
