"""How far long work is, told on standard error: a bar on a terminal, a plain line at every tenth elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Final, TextIO

_WIDTH: Final = 30
_EVERY_S: Final = 0.2
_TENTHS: Final = 10


class Progress:
    """Tells of `total` things being done; of none, nothing is told."""

    def __init__(self, what: str, total: int, stream: TextIO | None = None) -> None:
        self._what, self._total, self._stream = what, total, stream or sys.stderr
        self._is_bar = self._stream.isatty()
        self._done = self._told = 0
        self._told_at = 0.0

    def advance(self, done: int) -> None:
        """So many more are done."""
        self._done += done
        if not self._total:
            return
        if self._is_bar:
            self._draw()
        elif (tenths := _TENTHS * self._done // self._total) > self._told:
            self._told = tenths
            self._say(f"{self._what}: {self._done:,} of {self._total:,}\n")

    def end(self) -> None:
        """No more comes: a bar leaves its line."""
        if self._is_bar and self._total:
            self._say(f"\r{' ' * (_WIDTH + len(self._what) + 40)}\r")

    def _draw(self) -> None:
        now = time.monotonic()
        if now - self._told_at < _EVERY_S and self._done < self._total:
            return
        self._told_at = now
        full = min(_WIDTH, _WIDTH * self._done // self._total)
        bar = "#" * full + "." * (_WIDTH - full)
        self._say(f"\r{self._what} [{bar}] {self._done:,} of {self._total:,}")

    def _say(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
