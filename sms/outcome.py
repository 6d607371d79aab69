"""What became of handing one notice to the world: a closed set, so that only the dispatcher decides what follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The five things that can have happened."""

    ACCEPTED = "accepted"
    """The provider took it and named it."""
    RETRY = "retry"
    """It was certainly not taken; trying again later may work (busy, rate limit, 5xx before acceptance)."""
    PAUSED = "paused"
    """The account cannot send at all (credit, key, IP): the queue pauses and no attempt is counted."""
    REFUSED = "refused"
    """This notice will never be taken (bad number, bad text): a call-back task."""
    AMBIGUOUS = "ambiguous"
    """Nobody knows (time-out, garbage): ask by our own id before anything else."""


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """What happened to one notice; `reason` is a stable code, never a provider's sentence or a key.

    `receipt` is set where the provider said in the same breath how it ended: `delivered` or `failed`.
    """

    outcome: Outcome
    provider_id: str | None = None
    reason: str = ""
    retry_after_s: float | None = None
    receipt: str | None = None
