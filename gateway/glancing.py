"""A look at a report set aside, for people: its words decoded, never the raw form it came in where that is a mail.

What a channel still understands is shown as it understands it; of the rest, of channels whose raw form is plain text,
the text. Mails are read in a process of their own, like those that are taken in; their files come with them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from channels import mail_glance
from channels.channel import Arrival, Parsed
from channels.mail_reader import MailReader
from channels.registry import CHANNELS
from gateway.loops.reading import Read, reader_of_json
from normalizer.report import Attachment, Report, Sender
from sms.outbox import masked
from ticketing.quarantine import SetAside
from ticketing.writer import Unavailable

_MOST_TEXT: Final = 10_000
_MOST_RAW: Final = 20_000
_ELSEWHERE: Final = "file_elsewhere"
"""Still with the messenger it was sent by."""
_KEPT: Final = "\n\t\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Glance:
    """What is to be seen; `sender` is masked, and `words` is False where none could be read.

    `files` may come along into a ticket; `refused` may not, as (name, bytes or 0, why). Of a mail of which only the
    beginning was read (`is_part`), there may be more.
    """

    text: str = ""
    subject: str = ""
    sender: str = ""
    files: tuple[Attachment, ...] = ()
    refused: tuple[tuple[str, int, str], ...] = ()
    is_cut: bool = False
    is_part: bool = False
    words: bool = True

    @property
    def told(self) -> str:
        """Subject and text, as one would copy them into a ticket."""
        return "\n".join(each for each in (self.subject, self.text) if each)[:_MOST_TEXT]


class Glancing:
    """Looks at reports; `stop` when done."""

    def __init__(self) -> None:
        self._mails = MailReader(mail_glance.parse)
        self._readers: Mapping[str, Read] = {
            **{code: reader_of_json(channel.parse) for code, channel in CHANNELS.items()},
            mail_glance.CODE: self._mails.parse,
        }

    async def look(self, report: SetAside, max_file_bytes: int) -> Glance:
        """What can be seen of it. Raises `Unavailable` where no process can be started to read a mail."""
        parsed = await self._read(report, max_file_bytes)
        if isinstance(parsed, Report):
            return _glance(parsed)
        if report.channel == mail_glance.CODE:
            return Glance(words=False)
        raw = report.raw[:_MOST_RAW].decode("utf-8", "replace")
        return Glance(_harmless(raw), is_cut=len(report.raw) > _MOST_RAW)

    async def stop(self) -> None:
        """End the reading process."""
        await self._mails.stop()

    async def _read(self, report: SetAside, max_file_bytes: int) -> Parsed | None:
        context: Mapping[str, Any] = {"external_id": "", "max_attachment_bytes": max_file_bytes}
        arrival = Arrival(report.account, report.raw, report.raw, report.received_at, context)
        try:
            return await self._readers[report.channel](arrival)
        except OSError as error:
            raise Unavailable("no process can be started to read a mail") from error
        except Exception:  # it is here because something tripped over it, and may trip again
            return None


def _glance(parsed: Report) -> Glance:
    refused = [(str(name), int(size), str(code)) for name, size, code in parsed.extra.get("refused", ())]
    elsewhere = [(each.name, 0, _ELSEWHERE) for each in parsed.attachments if each.content is None]
    return Glance(
        _harmless(parsed.text),
        _harmless(parsed.subject),
        _sender(parsed.sender),
        tuple(each for each in parsed.attachments if each.content is not None),
        (*refused, *elsewhere),
        bool(parsed.extra.get("cut")),
        bool(parsed.extra.get("beginning")),
    )


def _sender(sender: Sender) -> str:
    if sender.email:
        return masked("email", sender.email)
    return masked("sms", sender.phone) if sender.phone else ""


def _harmless(text: str) -> str:
    """As text that can do nothing: marks that reorder or hide, and letters that are none, are boxes."""
    return "".join(
        letter if letter in _KEPT or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co") else "\ufffd"
        for letter in text.replace("\r\n", "\n")
    )
