"""What the dispatcher needs of whoever carries notices of one medium: a provider of texts, a mail relay, the bots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sms.outcome import SendOutcome


@dataclass(frozen=True, slots=True)
class OutgoingNotice:
    """One notice, opened, as a sender gets it. `id` is ours, and the same on every retry.

    `calendar` is an iCalendar file to go with it, where the medium carries files; others leave it out.
    """

    id: int
    account: str
    recipient: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, Any] | None = None
    calendar: str | None = None


class Sender(Protocol):
    """Carries notices of one medium. It is never called with a transaction open.

    Notices of one call are independent of one another (at most one a ticket and recipient), in the order
    they should go. Both methods answer with one outcome a notice, in the same order; one that raises or
    answers another count makes the whole call ambiguous.
    """

    @property
    def code(self) -> str:
        """Stored beside the provider's id, which means nothing without it."""
        ...

    @property
    def batch_size(self) -> int:
        """How many notices it takes in one call."""
        ...

    @property
    def resend_when_unknown(self) -> bool:
        """Where asking stays fruitless: send again (True: a doubled notice is impossible or harmless) or give up."""
        ...

    async def send(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Hand them over."""
        ...

    async def ask(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """What became of an ambiguous send, by our own ids, sending nothing.

        ACCEPTED: it was taken after all. RETRY: it certainly was not. REFUSED: it was, and refused.
        AMBIGUOUS: could not find out, which is the only answer of a sender that cannot ask.
        """
        ...
