"""How long things are kept; `retention` throws away what is past it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each thing is kept, from the moment it was written down."""

    sign_ins: timedelta
