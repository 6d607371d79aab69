"""What the desks' open pages hear at once: that tickets changed, and one's own calls. It says that, and keeps nothing.

News of tickets carry no data, so that nobody hears of what they may not see: each page asks again for what is its own.
Who listens too slowly is let go, and so is the oldest of a member's connections where they grow too many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from ticketing.errors import TooMany

TICKETS: Final = "tickets"
CALL: Final = "call"
PAUSE_S: Final = 1.0
"""News of tickets come at most this often, however fast they change."""
_MOST_PER_MEMBER: Final = 6
_MOST_WAITING: Final = 64
_RETRY_AFTER_S: Final = 15


@dataclass(frozen=True, slots=True)
class News:
    """One thing to hear: its name and what is said with it, as JSON has it."""

    name: str
    said: Any = None


class Listener:
    """One open page. `next` gives its news one by one, and None once it is over."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[News | None] = asyncio.Queue(_MOST_WAITING)
        self._is_over = False

    async def next(self) -> News | None:
        """The next news, or None where this listener has been let go."""
        return None if self._is_over else await self._waiting.get()

    def tell(self, news: News | None) -> None:
        """Hand over news; who has not taken the earlier ones by far is let go."""
        try:
            self._waiting.put_nowait(news)
        except asyncio.QueueFull:
            self._is_over = True

    def end(self) -> None:
        """Let go of the page once it has heard what waits for it."""
        self.tell(None)


class Hub:
    """Everybody who listens now, by member of staff. Belongs to one event loop."""

    def __init__(self, pause_s: float = PAUSE_S) -> None:
        self._pause_s = pause_s
        self._listeners: dict[int, list[Listener]] = {}
        self._told_at = float("-inf")
        self._telling: asyncio.TimerHandle | None = None
        self._is_closed = False

    @property
    def count(self) -> int:
        """How many pages listen."""
        return len(self._everybody())

    @contextmanager
    def listening(self, staff_id: int) -> Iterator[Listener]:
        """A listener for a page of this member, for as long. Raises `TooMany` once nobody is let in any more.

        Past six of theirs the oldest is let go: mostly a page that was left, which shows only at the next heartbeat.
        """
        if self._is_closed:
            raise TooMany(_RETRY_AFTER_S)
        mine = self._listeners.setdefault(staff_id, [])
        for oldest in mine[: -_MOST_PER_MEMBER + 1]:
            oldest.end()
        listener = Listener()
        mine.append(listener)
        try:
            yield listener
        finally:
            mine.remove(listener)
            if not mine:
                self._listeners.pop(staff_id, None)

    def note_commit(self, tables: set[str]) -> None:
        """Tell everybody soon, where tickets were touched. Called by the writer after each group."""
        if TICKETS not in tables or not self._listeners or self._telling is not None:
            return
        loop = asyncio.get_running_loop()
        self._telling = loop.call_at(max(loop.time(), self._told_at + self._pause_s), self._tell_of_tickets)

    def tell(self, staff_id: int, news: News) -> None:
        """Tell one member, on every page of theirs."""
        for listener in self._listeners.get(staff_id, ()):
            listener.tell(news)

    def close(self) -> None:
        """Let everybody go, and nobody in any more."""
        self._is_closed = True
        if self._telling is not None:
            self._telling.cancel()
        for listener in self._everybody():
            listener.end()

    def _tell_of_tickets(self) -> None:
        self._telling = None
        self._told_at = asyncio.get_running_loop().time()
        for listener in self._everybody():
            listener.tell(News(TICKETS))

    def _everybody(self) -> list[Listener]:
        return [listener for mine in self._listeners.values() for listener in mine]
