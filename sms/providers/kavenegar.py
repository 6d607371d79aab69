"""Kavenegar: sends batches under our own ids, asks by them, polls receipts and the inbox, reads its hooks.

A known local id is not sent again, the old record comes back instead: so the same id goes along on every
retry, and sending again is safe where asking stays fruitless. Codes are data in `kavenegar_codes`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from sms.clock import Clock
from sms.digits import is_ascii_number, to_ascii
from sms.outcome import Outcome, SendOutcome
from sms.providers.kavenegar_api import AsyncKavenegar, Entry, KavenegarError
from sms.providers.kavenegar_codes import NOT_KNOWN, STATUSES
from sms.providers.provider import Inbound, MalformedPayloadError, ProviderUnavailableError
from sms.receipts import ReceiptReport
from sms.sender import OutgoingNotice
from sms.state import State

_SETTLED = (Outcome.ACCEPTED, Outcome.REFUSED)
_CANNOT_ASK = (404, 405)
_NO_SENDER = (400, 406, 412, 419)
"""What a call without a line of ours may be answered with: our settings' fault, not the messages'."""
_INBOX_WINDOW = timedelta(days=2)
_MAX_INBOX_PAGES = 50
_ID_LENGTH = 64

log = structlog.get_logger()


class Kavenegar:
    """The provider. One instance an account; `sender` is the line texts go out on, `line` the one they come in on."""

    code = "kavenegar"
    batch_size = 200
    resend_when_unknown = True

    def __init__(self, api: AsyncKavenegar, sender: str, clock: Clock, line: str = "") -> None:
        self._api, self._sender, self._clock = api, sender, clock
        self._line = line or sender

    async def send(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """Send a batch in one call. One bad message has the whole call refused: it is found by halving."""
        params = {
            "receptor": json.dumps([_national(notice.recipient) for notice in notices]),
            "sender": json.dumps([notice.account or self._sender for notice in notices]),
            "message": json.dumps([notice.text for notice in notices], ensure_ascii=False),
            "localmessageids": json.dumps([notice.id for notice in notices]),
        }
        try:
            entries = await self._api.sms_sendarray(params)
        except KavenegarError as error:
            if not self._sender and error.code in _NO_SENDER:
                return [SendOutcome(Outcome.PAUSED, reason="no_sender")] * len(notices)
            if error.meaning.outcome is Outcome.REFUSED and len(notices) > 1:
                return await self._send_halves(notices)
            return [SendOutcome(error.meaning.outcome, reason=error.meaning.reason)] * len(notices)
        if len(entries) != len(notices):
            return [SendOutcome(Outcome.AMBIGUOUS, reason="wrong_count")] * len(notices)
        return [_sent(entry, notice) for entry, notice in zip(entries, notices, strict=True)]

    async def _send_halves(self, notices: Sequence[OutgoingNotice]) -> list[SendOutcome]:
        middle = len(notices) // 2
        first = list(await self.send(notices[:middle]))
        if any(outcome.outcome not in _SETTLED for outcome in first):  # it has other troubles now: leave it alone
            return first + [SendOutcome(Outcome.RETRY, reason="held_back")] * (len(notices) - middle)
        return first + list(await self.send(notices[middle:]))

    async def ask(self, notices: Sequence[OutgoingNotice]) -> Sequence[SendOutcome]:
        """What became of our ids. It answers for twelve hours; later, sending again under the same id is the way."""
        try:
            entries = await self._api.sms_statuslocalmessageid({"localid": _joined(notice.id for notice in notices)})
        except KavenegarError as error:
            account = error.meaning.outcome is Outcome.PAUSED and error.code not in _CANNOT_ASK
            outcome = Outcome.PAUSED if account else Outcome.AMBIGUOUS
            return [SendOutcome(outcome, reason=error.meaning.reason)] * len(notices)
        found = {_identifier(entry.get("localid")): entry for entry in entries}
        return [_found(found.get(str(notice.id))) for notice in notices]

    async def fetch_receipts(self, provider_ids: Sequence[str]) -> Sequence[ReceiptReport]:
        """What became of messages of the last two days, at most 500 at once. Raises `ProviderUnavailableError`."""
        reports = []
        for entry in await _answer(self._api.sms_status({"messageid": _joined(provider_ids)})):
            provider_id, status = _identifier(entry.get("messageid")), STATUSES.get(_number(entry.get("status")))
            if provider_id and status:
                reports.append(ReceiptReport(provider_id, status.state, status.reason))
        return reports

    async def fetch_inbox(self) -> Sequence[Inbound]:
        """The next hundred unread texts of the line, marked read by this very answer."""
        return _readable(await _answer(self._api.sms_receive({"linenumber": self._line, "isread": "0"})))

    async def fetch_read_inbox(self) -> Sequence[Inbound]:
        """What the line received in two days and counts as read, page by page."""
        now = self._clock.now()
        start, end = (str(int(moment.timestamp())) for moment in (now - _INBOX_WINDOW, now))
        window = {"linenumber": self._line, "isread": "1", "startdate": start, "enddate": end}
        texts: list[Inbound] = []
        for page in range(1, _MAX_INBOX_PAGES + 1):
            entries = await _answer(self._api.sms_inboxpaged({**window, "pagenumber": str(page)}))
            if not entries:
                break
            texts += _readable(entries)
        return texts

    async def close(self) -> None:
        """Let go of connections."""
        await self._api.close()


def create(settings: Mapping[str, Any], clock: Clock) -> Kavenegar:
    """From `[sms.kavenegar]`. Raises ValueError naming the key that is lacking."""
    if not settings["api_key"]:
        raise ValueError("sms.kavenegar.api_key is empty")
    api = AsyncKavenegar(settings["api_key"], settings["base_url"], float(settings["timeout_s"]))
    return Kavenegar(api, settings["sender"], clock, settings.get("line", ""))


def parse_inbound(payload: Mapping[str, Any]) -> Inbound:
    """A text from the inbound hook (`from`, `to`, `messageid`, `message`), or a row of the inbox, named otherwise."""
    sender = to_ascii(_text(payload, "from", "sender")).strip()
    if not sender:
        raise MalformedPayloadError("from", "is missing")
    line = to_ascii(_text(payload, "to", "receptor", required=False)).strip()
    return Inbound(sender, line, _message_id(payload), _text(payload, "message"))


def parse_receipt(payload: Mapping[str, Any]) -> ReceiptReport:
    """A receipt from the hook: `messageid`, `status`. A status that says nothing to us is "still on its way"."""
    provider_id = _message_id(payload)
    code = to_ascii(_text(payload, "status")).strip()
    if not is_ascii_number(code) or len(code) > 4:
        raise MalformedPayloadError("status", "is not a number")
    status = STATUSES.get(int(code))
    return ReceiptReport(provider_id, status.state, status.reason) if status else ReceiptReport(provider_id, "accepted")


def _message_id(payload: Mapping[str, Any]) -> str:
    message_id = to_ascii(_text(payload, "messageid")).strip()
    if not message_id or len(message_id) > _ID_LENGTH or not message_id.isprintable():
        raise MalformedPayloadError("messageid", "is missing or unreadable")
    return message_id


def _text(payload: Mapping[str, Any], *names: str, required: bool = True) -> str:
    value = next((payload[name] for name in names if payload.get(name) is not None), None)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value
    if value is None and not required:
        return ""
    raise MalformedPayloadError(names[0], "is missing" if value is None else "is not text")


async def _answer(call: Awaitable[list[Entry]]) -> list[Entry]:
    try:
        return await call
    except KavenegarError as error:
        raise ProviderUnavailableError(error.meaning.reason) from None


def _readable(entries: Sequence[Entry]) -> list[Inbound]:
    """Inbox rows as texts. A row that cannot be read is no text of anyone's, and must not hold up the others."""
    texts = []
    for entry in entries:
        try:
            texts.append(parse_inbound(entry))
        except MalformedPayloadError as error:
            log.warning("an inbox row cannot be read", field=error.field)
    return texts


def _sent(entry: Entry, notice: OutgoingNotice) -> SendOutcome:
    """One entry of a good answer, if it is about this notice at all."""
    receptor = to_ascii(str(entry.get("receptor") or ""))
    if receptor and receptor[-10:] != notice.recipient[-10:]:
        return SendOutcome(Outcome.AMBIGUOUS, reason="other_receptor")
    return _outcome_of(entry)


def _found(entry: Entry | None) -> SendOutcome:
    if entry is None or _number(entry.get("status")) == NOT_KNOWN:
        return SendOutcome(Outcome.RETRY, reason="not_sent")
    return _outcome_of(entry)


def _outcome_of(entry: Entry) -> SendOutcome:
    """A message that has an id was taken, even where its status is one we do not know."""
    provider_id, code = _identifier(entry.get("messageid")), _number(entry.get("status"))
    if not provider_id or code == NOT_KNOWN:
        return SendOutcome(Outcome.AMBIGUOUS, reason="garbage")
    status = STATUSES.get(code)
    if status is None or status.state is State.ACCEPTED:
        return SendOutcome(Outcome.ACCEPTED, provider_id)
    return SendOutcome(Outcome.ACCEPTED, provider_id, status.reason, receipt=status.state)


def _identifier(value: object) -> str:
    """An id of theirs or ours as digits, or an empty string where it is none."""
    number = to_ascii(str(value)).strip() if isinstance(value, int | str) else ""
    return number if is_ascii_number(number) and number != "0" and len(number) <= _ID_LENGTH else ""


def _number(value: object) -> int:
    number = _identifier(value)
    return int(number) if number else 0


def _joined(ids: Iterable[object]) -> str:
    return ",".join(str(one) for one in ids)


def _national(number: str) -> str:
    """+989… as the provider writes it, 09…"""
    return "0" + number.removeprefix("+98")
