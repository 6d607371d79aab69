"""What figures are published, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Publishing:
    """From which count on figures are published, and how long after a season's end."""

    smallest: int
    after: timedelta
