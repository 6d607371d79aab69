"""What a replay found, counted as it goes; of the differences only one page is held, however many there are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from gateway.replay.differing import Batch, Difference, Looked


@dataclass(frozen=True, slots=True)
class Page:
    """Which differences are to be shown: page `number` (from 1) of `limit` each, of one field or of all."""

    number: int = 1
    limit: int = 20
    field: str | None = None

    def holds(self, place: int) -> bool:
        """True where the difference at `place` (from 0) is on it."""
        return (self.number - 1) * self.limit <= place < self.number * self.limit


@dataclass(slots=True)
class Tally:
    """Counts of reports and of differences by field, and the page of them that was asked for."""

    page: Page
    compared: int = 0
    unread: int = 0
    unkept: int = 0
    differing: int = 0
    listed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[Looked, Difference]] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Count a batch; batches come in the order of their reports."""
        self.compared += batch.compared
        self.unread += batch.unread
        self.unkept += batch.unkept
        for looked in batch.told:
            self.differing += bool(looked.differences)
            for difference in looked.differences:
                self.fields[difference.field] += 1
                self._list(looked, difference)

    @property
    def pages(self) -> int:
        """How many pages there are of what is listed."""
        return -(-self.listed // self.page.limit)

    def _list(self, looked: Looked, difference: Difference) -> None:
        if self.page.field not in (None, difference.field):
            return
        if self.page.holds(self.listed):
            self.shown.append((looked, difference))
        self.listed += 1
