"""Decides which files may come in: allow-list by content, never by the name or type the sender claims.

It cleans names and refuses kinds; it does not re-encode, open archives, or write anything to disk."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import filetype

from channels.wording import one_line
from normalizer.report import Attachment

MAX_FILES = 10
MAX_FILE_BYTES = 20 * 1024 * 1024
_NAME_CHARS = 120
_GIVEN_CHARS = 2000
_SNIFF_BYTES = 8192
_ZWNJ = "\u200c"  # the one invisible mark that Persian spelling needs
_SEPARATORS = re.compile(r'[/\\:*?"<>|]+')

# What a citizen photographs, scans, records or films. Archives, office files (macros), HTML and SVG (scripts)
# are not here on purpose.
ALLOWED = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/tiff": "tif",
    "image/bmp": "bmp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/x-wav": "wav",
    "audio/amr": "amr",
    "audio/aac": "aac",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    "video/quicktime": "mov",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken; `code` is file_empty, file_too_big, file_type_refused or too_many_files."""

    name: str
    code: str


def safe_name(name: str, fallback: str = "file") -> str:
    """The last part of `name`, fit for a header, a path and a screen: no folders, breaks or bidi controls."""
    leaf = _SEPARATORS.sub("/", one_line(name, _GIVEN_CHARS)).rsplit("/", 1)[-1]
    visible = "".join(mark for mark in leaf if unicodedata.category(mark)[0] != "C" or mark == _ZWNJ)
    stem = visible.strip(" .")
    return _shortened(stem) if stem else fallback


def sniff(content: bytes) -> str | None:
    """The media type `content` shows by its first bytes, if that type is allowed; else None."""
    kind = filetype.guess(content[:_SNIFF_BYTES])
    return kind.mime if kind is not None and kind.mime in ALLOWED else None


def admit(name: str, content: bytes, max_bytes: int = MAX_FILE_BYTES) -> Attachment | Refusal:
    """The file as an Attachment under its own true type and a clean name, or why not."""
    cleaned = safe_name(name)
    if not content:
        return Refusal(cleaned, "file_empty")
    if len(content) > max_bytes:
        return Refusal(cleaned, "file_too_big")
    media_type = sniff(content)
    if media_type is None:
        return Refusal(cleaned, "file_type_refused")
    return Attachment(name=_with_extension(cleaned, media_type), media_type=media_type, content=content)


def judge(
    files: list[tuple[str, bytes]], max_bytes: int = MAX_FILE_BYTES, max_files: int = MAX_FILES
) -> list[Attachment | Refusal]:
    """What becomes of every (name, content), in order; past `max_files` none is taken."""
    outcomes = [admit(name, content, max_bytes) for name, content in files[:max_files]]
    return [*outcomes, *(Refusal(safe_name(name), "too_many_files") for name, _ in files[max_files:])]


def admit_all(
    files: list[tuple[str, bytes]], max_bytes: int = MAX_FILE_BYTES, max_files: int = MAX_FILES
) -> tuple[tuple[Attachment, ...], tuple[Refusal, ...]]:
    """Those that are taken, and those that are refused, as `judge` has it; each in order."""
    outcomes = judge(files, max_bytes, max_files)
    taken = tuple(outcome for outcome in outcomes if isinstance(outcome, Attachment))
    return taken, tuple(outcome for outcome in outcomes if isinstance(outcome, Refusal))


def _with_extension(name: str, media_type: str) -> str:
    """`name` ending in the extension of its true type, so that `x.html` holding a PNG is served as what it is."""
    extension = ALLOWED[media_type]
    aliases = {"jpg": (".jpg", ".jpeg"), "tif": (".tif", ".tiff")}.get(extension, ("." + extension,))
    return name if name.lower().endswith(aliases) else f"{name}.{extension}"


def _shortened(name: str) -> str:
    """At most `_NAME_CHARS` characters, the extension kept."""
    if len(name) <= _NAME_CHARS:
        return name
    stem, dot, extension = name.rpartition(".")
    tail = dot + extension if stem and len(extension) <= 8 else ""
    return name[: _NAME_CHARS - len(tail)] + tail
