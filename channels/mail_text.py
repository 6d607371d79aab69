"""Words out of mail: header values and bodies in whatever charset they claim, HTML to text.

Everything here takes hostile input and is bounded in what it reads; none of it raises on bad bytes."""

from __future__ import annotations

import codecs
import html
import re
from binascii import Error as Base64Error
from email.errors import HeaderParseError
from email.header import decode_header

import nh3

from channels.wording import storable
from normalizer.own_words import tidy

MAX_HEADER_CHARS = 2_000  # of one value; decoding encoded words takes quadratic time
MAX_BODY_BYTES = 1024 * 1024  # of one text part
MAX_TAGS = 10_000  # cleaning nested HTML takes quadratic time: 0.4 s for these, 250 s for 200,000
_PERSIAN_LEGACY = "cp1256"
_CARELESS = frozenset({"ascii", "iso8859-1", "cp1252"})
# Python decodes these too; some take quadratic time, and no mail is written in them.
_NO_CHARSETS = frozenset(
    {"punycode", "idna", "utf-7", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
    | {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib"}
)
_BLOCK_END = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote|hr)\b[^<>]{0,200}>", re.IGNORECASE)


def decode_value(value: str) -> str:
    """A header's value as text: encoded words, raw UTF-8 or raw legacy bytes, whichever it is."""
    raw = value[:MAX_HEADER_CHARS]
    try:
        chunks = decode_header(raw)
    except (HeaderParseError, Base64Error, ValueError):
        return storable(_decode_bytes(_as_bytes(raw), None))
    words = [chunk if isinstance(chunk, bytes) else _as_bytes(chunk) for chunk, _ in chunks]
    charsets = [charset for _, charset in chunks]
    return storable("".join(_decode_bytes(word, charset) for word, charset in zip(words, charsets, strict=True)))


def decode_body(content: bytes, charset: str | None) -> str:
    """A body part as text: by its charset where that works, else UTF-8, else the Persian legacy code page."""
    text = _decode_bytes(content[:MAX_BODY_BYTES], charset)
    return storable(text.replace("\r\n", "\n").replace("\r", "\n"))


def html_to_text(markup: str) -> str:
    """What a reader would see of `markup`: no tags, scripts or styles, blocks on lines of their own."""
    if markup.count("<") > MAX_TAGS:
        markup = "<".join(markup.split("<", MAX_TAGS)[:MAX_TAGS])
    lines = nh3.clean(_BLOCK_END.sub(lambda tag: tag[0] + "\n", markup), tags=set())
    return tidy(html.unescape(lines).replace("\xa0", " "))


def _as_bytes(text: str) -> bytes:
    """The bytes a header came as: the parser keeps what is not ASCII as surrogates."""
    return text.encode("utf-8", "surrogateescape")


def _decode_bytes(content: bytes, charset: str | None) -> str:
    """By the declared charset if the bytes bear it out, else UTF-8 with a few bad bytes, else the legacy code page.

    UTF-8 goes first where the declaration says nothing: Latin-1 fits any bytes, and is what programs put by default.
    """
    declared = _codec(charset)
    for candidate in ("utf-8", declared) if declared in _CARELESS else (declared, "utf-8"):
        try:
            return content.decode(candidate)
        except ValueError:
            continue
    text = content.decode("utf-8", "replace")
    return text if 5 * text.count("\ufffd") <= len(text) else content.decode(_PERSIAN_LEGACY, "replace")


def _codec(charset: str | None) -> str:
    """Python's name for a charset; UTF-8 for one that is absent, unknown, or no charset of mail (idna, utf-7 …)."""
    try:
        name = codecs.lookup(charset).name if charset else "utf-8"
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if name in _NO_CHARSETS or name.endswith("codec") else name
