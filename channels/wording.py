"""Makes foreign text safe to keep: what no database, header or log line could hold is taken out, nothing else.

Words stay as they were written (bidi marks and look-alikes are for the normalizer and for staff's eyes)."""

from __future__ import annotations

import re
import unicodedata

_SURROGATES = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile(r"\s+")


def storable(text: str) -> str:
    """`text` without NUL and lone surrogates, which JSON and mail can carry but UTF-8 columns cannot."""
    return _SURROGATES.sub("\ufffd", text.replace("\x00", ""))


def one_line(text: str, limit: int) -> str:
    """`text` as a single line of at most `limit` characters: no CR, LF or other control character is left.

    For subjects, names and anything else that may end up in a header, a file name or a log line.
    """
    flat = _BREAKS.sub(" ", storable(text[: 4 * limit]))
    return "".join(mark for mark in flat if unicodedata.category(mark) != "Cc").strip()[:limit].rstrip()
