"""What is asked of the drawing process and what it answers, as frames of `channels.confined`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

DRAWN: Final = frozenset(
    ("image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/bmp", "application/pdf")
)
"""The media types that can be drawn: no other is even handed over."""
MOST_CODES: Final = 20
LONGEST_CODE: Final = 1000


class NoView(Exception):
    """Nothing can be shown of a file; `code` is unsupported, too_large, too_slow, broken, locked, no_page, missing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def may_pass(self) -> bool:
        """True where it is no fault of the file's: on another day it may have a view."""
        return self.code in ("too_slow", "missing")


@dataclass(frozen=True, slots=True)
class Caps:
    """What one file may cost: points of a picture, pages that are shown, the processor's time, memory."""

    megapixels: int
    pages: int
    seconds: int
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What to draw: one `page` (from 1), and beside it a thumbnail and the barcodes on it where `looks`."""

    media_type: str
    page: int
    looks: bool
    max_pixels: int

    def head(self) -> dict[str, Any]:
        """As it crosses the pipe."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn: of how many pages, the page and (if asked for) its thumbnail as JPEG, and what its codes say."""

    pages: int
    page: bytes
    thumb: bytes = b""
    codes: tuple[str, ...] = ()

    def head(self) -> dict[str, Any]:
        """As it crosses the pipe; the page and the thumbnail follow in the blob."""
        return {"pages": self.pages, "page": len(self.page), "codes": self.codes}


def drawn_of(head: Mapping[str, Any], blob: bytes) -> Drawn:
    """What the drawing process says it drew. Raises `NoView`; ValueError, TypeError or KeyError for nonsense."""
    if "refused" in head:
        raise NoView(str(head["refused"])[:16])
    split, pages = int(head["page"]), int(head["pages"])
    if not (0 < split <= len(blob) and 0 < pages < 2**31):
        raise ValueError("no picture")
    codes = tuple(str(code)[:LONGEST_CODE] for code in head["codes"][:MOST_CODES])
    return Drawn(pages, blob[:split], blob[split:], codes)
