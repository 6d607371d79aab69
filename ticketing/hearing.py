"""One report being taken in: what was said, what it means, and whose voice it came by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from normalizer.complaint import Complaint
from normalizer.report import Report
from sms.digits import is_ascii_number
from ticketing.attachments import StoredFile
from ticketing.rules import Rules
from ticketing.tables import reports, threads
from ticketing.ticket import Ticket, by_code
from ticketing.transaction import LookUp
from ticketing.vault import address_index

_FOUR: Final = 4


@dataclass(frozen=True, slots=True)
class Voice:
    """Where the sender can be answered on the channel they wrote on."""

    medium: str
    account: str
    address: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """A report with its complaint, its stored files and its voice; `report_id` is its row.

    `about` is the ticket the sender has already proved to be theirs (code and phone digits on the web).
    """

    rules: Rules
    report: Report
    complaint: Complaint
    files: Sequence[StoredFile]
    at: datetime
    report_id: int
    about: int | None = None

    @property
    def voice(self) -> Voice | None:
        """The channel's own way back to the sender, or None where it has none."""
        medium, account = self.report.medium, self.report.account
        address = {"sms": self.complaint.phone, "bot": self.complaint.chat, "email": self.complaint.email}
        where = address.get(medium or "")
        return Voice(medium or "", account, where) if where else None

    @property
    def voice_index(self) -> bytes | None:
        """The blind index of the voice's address."""
        voice = self.voice
        return address_index(self.rules.vault, voice.medium, voice.account, voice.address) if voice else None

    def is_from(self, ticket: Ticket) -> bool:
        """True where the sender is known to be the ticket's citizen; what they may prove is in `digits_beside`."""
        mine, theirs = self.complaint, ticket.identity
        known = ((mine.phone, theirs.phone), (mine.landline, theirs.landline), (mine.email, theirs.email))
        if any(left and left == right for left, right in known):
            return True
        if mine.chat and mine.chat == theirs.chat and ticket.account == self.report.account:
            return True
        return ticket.anonymous and theirs.last4 is None

    def digits_beside(self, code: str) -> set[str]:
        """What stands beside a code in the text, itself whole or in fours, and may be a phone's last four digits."""
        words = self.complaint.key.split()
        fours = Counter(word for word in words if len(word) == _FOUR and is_ascii_number(word))
        if code not in words:
            fours -= Counter(code[start : start + _FOUR] for start in range(0, len(code), _FOUR))
        return set(fours)


def replay_look_up(report: Report) -> LookUp:
    """The report itself, should it have come before."""
    return LookUp(reports, ("channel", "account", "external_id"), (report.channel, report.account, report.external_id))


def code_look_ups(rules: Rules, complaint: Complaint) -> list[LookUp]:
    """The tickets whose codes stand in the text."""
    return [by_code(rules.vault, code) for code in complaint.tracking_codes[:3]]


def thread_look_ups(rules: Rules, report: Report) -> list[LookUp]:
    """The threads of ours this replies to, nearest first."""
    medium = report.medium or ""
    return [
        LookUp(threads, ("medium", "handle_index"), (medium, rules.vault.index("thread", handle)))
        for handle in report.replies_to[:20]
    ]
