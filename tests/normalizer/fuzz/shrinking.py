"""Makes a text that shows something as short as can be: cuts out ever smaller pieces while it still shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_MOST_TRIES: Final = 400


def shrunk(text: str, shows: Callable[[str], bool]) -> str:
    """Gives the least text found that `shows` what `text` does, within some hundred tries."""
    size, tries = max(1, len(text) // 2), 0
    while size and tries < _MOST_TRIES:
        place = 0
        while place < len(text) and tries < _MOST_TRIES:
            less = text[:place] + text[place + size :]
            tries += 1
            if less != text and shows(less):
                text = less
            else:
                place += size
        size //= 2
    return text
