"""Everything the dashboard shows, measured: each figure on its own, so that one that fails leaves the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Executable

from sms.store import Read
from ticketing import figures, figures_waiting
from ticketing.figures import DIMENSIONS, Median, Scope, Tally
from ticketing.measuring import Span
from ticketing.measuring_period import Period
from ticketing.performance import Review, reviewed
from ticketing.performance_counts import review
from ticketing.satisfaction import surveyed
from ticketing.vault import VaultError
from ticketing.writer import Unavailable

log = structlog.get_logger()
T = TypeVar("T")
_AT_ONCE: Final = 2
"""Statements that run at the same time: half of the readers stay free for everybody else."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The results by name; one that could not be measured is None."""

    scope: Scope
    period: Period
    before: Span
    results: Mapping[str, Any]

    def tally(self, name: str) -> Tally | None:
        """A tally, where it could be taken."""
        found: Tally | None = self.results[name]
        return found

    def days(self, name: str) -> Mapping[Any, Median] | None:
        """Medians by value of a dimension ("days_channel"), or of everything ("days") under None."""
        found: Mapping[Any, Median] | None = self.results[name]
        return found

    def series(self, name: str) -> Mapping[Any, Mapping[int, int]] | None:
        """Counts by value and day."""
        found: Mapping[Any, Mapping[int, int]] | None = self.results[name]
        return found


async def measure(scope: Scope, period: Period) -> Measured:
    """Measure all there is for `period` and for what it is held against. A failure is logged and leaves a gap."""
    span, before = period.span, period.before(scope.at)
    some = replace(scope, read=_through(asyncio.Semaphore(_AT_ONCE), scope.read))
    work = {**_headline(some, span), **_headline(some, before, "_before"), **_details(some, period)}
    done = await asyncio.gather(*(_attempt(name, each) for name, each in work.items()))
    return Measured(scope, period, before, dict(zip(work, done, strict=True)))


def _headline(scope: Scope, span: Span, suffix: str = "") -> dict[str, Awaitable[Any]]:
    return {
        f"received{suffix}": figures.received(scope, span),
        f"closed{suffix}": figures.closed(scope, span),
        f"punctual{suffix}": figures.punctual(scope, span),
        f"days{suffix}": figures.days_to_close(scope, span),
        f"rated{suffix}": figures.rated(scope, span),
        f"reopened{suffix}": figures.reopened(scope, span),
    }


def _details(scope: Scope, period: Period) -> dict[str, Awaitable[Any]]:
    span = period.span
    work: dict[str, Awaitable[Any]] = {
        "waiting": figures.waiting(scope, span.since),
        "waiting_before": figures.were_open(scope, span.since),
        "closed_by_day": figures.by_day(scope, span, "closed_at"),
        "hours": figures.received_by_hour(scope, span),
        "steps": figures_waiting.by_step(scope),
        "most_overdue": figures_waiting.most_overdue(scope),
        "reviews": _reviews(scope, period),
        "surveyed": surveyed(scope, span),
    }
    for name in DIMENSIONS:
        work[f"days_{name}"] = figures.days_to_close(scope, span, name)
        work[f"by_day_{name}"] = figures.by_day(scope, span, "opened_at", name)
    return work


async def _reviews(scope: Scope, period: Period) -> list[Review]:
    """How complaints about bodies were answered, of each procedure that has them."""
    return [await review(scope.read, scope.rules, code, period, scope.at) for code in reviewed(scope.rules)]


def _through(door: asyncio.Semaphore, read: Read) -> Read:
    async def one(statement: Executable) -> Sequence[Mapping[str, Any]]:
        async with door:
            return await read(statement)

    return one


async def _attempt(name: str, work: Awaitable[T]) -> T | None:
    try:
        return await work
    except (Unavailable, VaultError) as error:
        cause = type(error.__cause__ or error).__name__
        log.error("a figure could not be measured", figure=name, error=cause)
        return None
