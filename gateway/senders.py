"""How each medium's notices leave: the adapters between the outbox's senders and the channels' own voices."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from channels.bot_account import BotAccount
from channels.channel import Delivery
from channels.mail_out import MailSender
from channels.mail_reply import compose_reply
from sms.clock import Clock
from sms.outcome import Outcome, SendOutcome
from sms.sender import OutgoingNotice

_SUBJECT_CHARS = 70


class BotSender:
    """Says notices in chats, each by the account its chat belongs to.

    A chat cannot be asked what it received, so a send that nobody knows the end of is repeated: reading a line twice
    costs a citizen less than never reading it.
    """

    code = "bot"
    batch_size = 20
    resend_when_unknown = True

    def __init__(self, accounts: Mapping[str, BotAccount]) -> None:
        self._accounts = accounts

    async def send(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Say them, side by side."""
        return await asyncio.gather(*(self._send(notice) for notice in notices))

    async def ask(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Nobody can tell."""
        return [SendOutcome(Outcome.AMBIGUOUS, reason="cannot_ask")] * len(notices)

    async def _send(self, notice: OutgoingNotice) -> SendOutcome:
        account = self._accounts.get(notice.account)
        if account is None:  # switched off in the settings, perhaps for a while
            return SendOutcome(Outcome.PAUSED, reason="no_such_account")
        question, choices = _buttons(notice.choices)
        return outcome_of(await account.send(notice.recipient, notice.text, choices, question))


class EmailSender:
    """Sends mails by the relay. What nobody knows the end of is sent again under the same Message-ID."""

    code = "email"
    batch_size = 10
    resend_when_unknown = True

    def __init__(self, mail: MailSender, sender: str, clock: Clock) -> None:
        self._mail, self._sender, self._clock = mail, sender, clock

    async def send(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Send them, side by side."""
        return await asyncio.gather(*(self._send(notice) for notice in notices))

    async def ask(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Nobody can tell."""
        return [SendOutcome(Outcome.AMBIGUOUS, reason="cannot_ask")] * len(notices)

    async def _send(self, notice: OutgoingNotice) -> SendOutcome:
        headers = notice.headers or {}
        try:
            raw = compose_reply(
                to=notice.recipient,
                from_=self._sender,
                subject=headers.get("subject") or notice.text.partition("\n")[0][:_SUBJECT_CHARS],
                text=notice.text,
                message_id=headers.get("message_id") or f"<{notice.id}@gateway-124>",
                sent_at=self._clock.now(),
                in_reply_to=headers.get("in_reply_to") or "",
                references=headers.get("references") or (),
                calendar=notice.calendar or "",
            )
        except ValueError:
            return SendOutcome(Outcome.REFUSED, reason="bad_address")
        return outcome_of(await self._mail.send(raw, self._sender, notice.recipient))


class SwitchedOff:
    """Stands in for a medium that the settings leave off: its notices end at once, rather than wait to go out stale."""

    batch_size = 200
    resend_when_unknown = False

    def __init__(self, code: str) -> None:
        self.code = code

    async def send(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """None goes out."""
        return [SendOutcome(Outcome.REFUSED, reason="switched_off")] * len(notices)

    async def ask(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """None will."""
        return [SendOutcome(Outcome.REFUSED, reason="switched_off")] * len(notices)


def outcome_of(delivery: Delivery) -> SendOutcome:
    """A channel's word on a delivery in the outbox's terms."""
    return SendOutcome(Outcome(delivery.outcome), delivery.provider_id, delivery.reason, delivery.retry_after_s)


def _buttons(choices: Sequence[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """The question that a notice's choices (`satisfied:1`) all answer, and the choices without it."""
    question = choices[0][0].partition(":")[0] if choices and ":" in choices[0][0] else ""
    return question, [(value.removeprefix(f"{question}:") if question else value, label) for value, label in choices]
