"""One mail's bytes taken apart under caps: headers, words and files. What it means is `channels.email`'s matter.

Standard mail parsing can be made to take seconds or to fall over in a dozen ways; so the cheap counts come first, the
lenient policy is used (no address is parsed before it is wanted), and every limit has a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from channels.mail_text import MAX_TAGS, decode_body, decode_value, html_to_text

MAX_PARTS = 100
MAX_DEPTH = 10
MAX_HEADER_BYTES = 64 * 1024
MAX_ADDRESSES = 1_000
MAX_LINES = 1_000_000
# Signs of too many parts that need no parser; words may hold a few of them too.
_MAX_BOUNDARY_LINES = 10_000
_MAX_MULTIPARTS = 200
_HEADER_END = re.compile(rb"\r?\n\r?\n")


class MailRefused(Exception):
    """A mail beyond what we read; `field` and `code` name the limit."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.code = code


@dataclass(slots=True)
class Mail:
    """A mail taken apart: header values by lower-case name as they came, its words, and its (name, content) files."""

    headers: dict[str, list[str]]
    content_type: str
    text: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)

    def raw(self, name: str) -> str:
        """The first value of a header as it came, "" where absent."""
        return self.headers.get(name, [""])[0]

    def value(self, name: str) -> str:
        """The first value of a header, decoded."""
        return decode_value(self.raw(name))


def read_mail(raw: bytes) -> Mail:
    """Takes `raw` apart. Raises MailRefused for what is past a cap, and whatever the standard parser trips over."""
    _check_size(raw)
    message = message_from_bytes(raw)
    headers: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        headers.setdefault(str(name).lower(), []).append(str(value))
    addresses = sum(value.count("@") for name in ("to", "cc", "bcc", "from") for value in headers.get(name, ()))
    if addresses > MAX_ADDRESSES:
        raise MailRefused("to", "too_many_addresses")
    mail = Mail(headers, message.get_content_type())
    mail.text = _Walk(mail.files).words(message, depth=1)
    return mail


def header_bytes(raw: bytes) -> int:
    """How long the header block is, in bytes."""
    end = _HEADER_END.search(raw)
    return end.start() if end else len(raw)


def _check_size(raw: bytes) -> None:
    """What can be counted without parsing, so that a bomb costs a scan and no more."""
    if header_bytes(raw[: MAX_HEADER_BYTES + 4]) > MAX_HEADER_BYTES:
        raise MailRefused("headers", "too_long")
    if raw.count(b"\n") > MAX_LINES:
        raise MailRefused("body", "too_many_lines")
    if raw.count(b"\n--") > _MAX_BOUNDARY_LINES or raw.lower().count(b"multipart/") > _MAX_MULTIPARTS:
        raise MailRefused("body", "too_many_parts")


class _Walk:
    """Goes through the parts once, collecting files and returning words."""

    def __init__(self, files: list[tuple[str, bytes]]) -> None:
        self._files = files
        self._parts = 0

    def words(self, part: Message, depth: int) -> str:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise MailRefused("body", "too_many_parts")
        if depth > MAX_DEPTH:
            raise MailRefused("body", "too_deep")
        if part.is_multipart():
            return self._of_children(part, depth)
        name = _file_name(part)
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            return ""
        kind = part.get_content_type()
        if kind.startswith("multipart/"):
            kind = "text/plain"  # its boundary is missing or never comes: what is there was written to be read
        if name or part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            self._files.append((name or kind.replace("/", "."), content))
            return ""
        text = decode_body(content, part.get_content_charset())
        return _of_html(text) if kind == "text/html" else text

    def _of_children(self, part: Message, depth: int) -> str:
        """Of alternatives the plainest that says something; otherwise all, a forwarded mail only for want of words."""
        kind = part.get_content_type()
        texts = [(child, self.words(child, depth + 1)) for child in _children(part)]
        if kind == "multipart/alternative":
            texts.sort(key=lambda each: each[0].get_content_type() != "text/plain")
            return next((text for _, text in texts if text.strip()), "")
        own = [text for child, text in texts if child.get_content_type() != "message/rfc822"]
        forwarded = [text for child, text in texts if child.get_content_type() == "message/rfc822"]
        return _joined(own) or _joined(forwarded)


def _children(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, Sequence):
        yield from (child for child in payload if isinstance(child, Message))


def _joined(texts: list[str]) -> str:
    return "\n\n".join(text.strip() for text in texts if text.strip())


def _of_html(markup: str) -> str:
    text = html_to_text(markup)
    if not text and markup.count("<") > MAX_TAGS:
        raise MailRefused("body", "too_many_tags")  # words may lie beyond what was read: not to be taken for empty
    return text


def _file_name(part: Message) -> str:
    return decode_value(part.get_filename() or "")
