"""What a use case may refuse with: codes and data, never sentences. The web layer turns them into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class Refused(Exception):
    """The common root: a refusal the caller can understand and, mostly, mend. `code` is stable."""

    code = "refused"

    def __init__(self, code: str | None = None) -> None:
        self.code = code or type(self).code
        super().__init__(self.code)


class NotFound(Refused):
    """Nothing there that this caller may know of. Absent and forbidden-to-know look the same."""

    code = "not_found"


class Unauthenticated(Refused):
    """Wrong name, password or one-time code, or no session."""

    code = "unauthenticated"


class Forbidden(Refused):
    """Visible, but not for this role to do."""

    code = "role_not_allowed"


class Unsettled(Forbidden):
    """Signed in, but a secret of their own must be set up first: a temporary password stands, or a code is demanded."""

    code = "secret_to_set_up"


class Conflict(Refused):
    """The ticket is not where the caller thinks: wrong step, or a stale version (then `ticket` is today's)."""

    code = "not_at_this_step"

    def __init__(
        self, code: str | None = None, allowed_actions: Sequence[str] = (), ticket: dict[str, Any] | None = None
    ) -> None:
        super().__init__(code)
        self.allowed_actions = list(allowed_actions)
        self.ticket = ticket


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field and what is wrong with it; `field` is dotted as in the request (`business.guild_id`)."""

    field: str
    code: str


class Invalid(Refused):
    """The body's fields are wrong; every one that is, is named."""

    code = "invalid_fields"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__()
        self.errors = list(errors)


class KeyReused(Refused):
    """The Idempotency-Key was used at this endpoint with another body."""

    code = "idempotency_key_reused"


class TooMany(Refused):
    """A budget is spent; try again after `retry_after_s`."""

    code = "too_many_requests"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s
