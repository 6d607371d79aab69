"""Carries the outbox's cases and results to sister systems: JSON to the settings' address, always under our own id.

A sister that keeps to the id takes each once, however often it is sent; so whatever was not clearly answered is sent
again. The answer to a case is `{"case_number": …}`; to the result of a case of theirs, that it was taken. No redirect
is followed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import aiohttp

from gateway.office_settings import SisterSystem
from sms.outbox import SISTER
from sms.outcome import Outcome, SendOutcome
from sms.sender import OutgoingNotice

_TIMEOUT_S: Final = 15.0
_LONGEST_ANSWER: Final = 64 * 1024
_LONGEST_NUMBER: Final = 64
_TAKEN: Final = (200, 201, 202, 204)
_NEVER: Final = (400, 409, 413, 415, 422)
"""Said of this very case: sent again it would be refused again. Anything else may be mended on either side."""


class SisterSender:
    """One for all sister systems; a notice's recipient is the system's code in the settings."""

    code: Final = SISTER
    batch_size: Final = 8
    resend_when_unknown: Final = True

    def __init__(self, systems: Mapping[str, SisterSystem]) -> None:
        self._systems = systems
        self._session: aiohttp.ClientSession | None = None

    async def send(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Send them, side by side."""
        return await asyncio.gather(*(self._send(notice) for notice in notices))

    async def ask(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Sending again under the same id is how to ask."""
        return [SendOutcome(Outcome.RETRY, reason="sent_again")] * len(notices)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()

    async def _send(self, notice: OutgoingNotice) -> SendOutcome:
        system = self._systems.get(notice.recipient)
        if system is None or not system.url:
            return SendOutcome(Outcome.RETRY, reason="switched_off")
        case = {"id": str(notice.id), **json.loads(notice.text)}
        headers = {"Idempotency-Key": str(notice.id)}
        if system.token.get_secret_value():
            headers["Authorization"] = f"Bearer {system.token.get_secret_value()}"
        try:
            sending = self._opened().post(system.url, json=case, headers=headers, allow_redirects=False)
            async with sending as response:
                status, answer = response.status, await response.content.read(_LONGEST_ANSWER)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return SendOutcome(Outcome.RETRY, reason="no_answer")
        return _outcome(status, answer, numbers="case_number" not in case)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S))
        return self._session


def _outcome(status: int, answer: bytes, *, numbers: bool) -> SendOutcome:
    """`numbers`: it is a case they have to give a number of their own."""
    if status in _NEVER:
        return SendOutcome(Outcome.REFUSED, reason=f"status_{status}")
    if not numbers and status in _TAKEN:
        return SendOutcome(Outcome.ACCEPTED)
    number = _number_in(answer) if status in _TAKEN else None
    if number is None:
        return SendOutcome(Outcome.RETRY, reason=f"status_{status}")
    return SendOutcome(Outcome.ACCEPTED, provider_id=number)


def _number_in(answer: bytes) -> str | None:
    try:
        said: Any = json.loads(answer)
    except ValueError:
        return None
    number = said.get("case_number") if isinstance(said, dict) else None
    written = number.strip() if isinstance(number, str) else ""
    return written if 0 < len(written) <= _LONGEST_NUMBER else None
