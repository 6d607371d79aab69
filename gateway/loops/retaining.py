"""Keeps to the terms of [retention]: once in a while, what is past its term is thrown away."""

from __future__ import annotations

from datetime import timedelta

from gateway.loops.leadership import Leadership
from gateway.views.kept import KeptViews
from sms.clock import Clock
from ticketing.database import Database
from ticketing.retention import Terms, throw_away

_TASK = "retention"


class Retain:
    """One pass throws away whatever is past its term."""

    def __init__(
        self,
        database: Database,
        terms: Terms,
        views: KeptViews,
        views_term: timedelta,
        leadership: Leadership,
        clock: Clock,
    ) -> None:
        self._database, self._terms, self._views, self._views_term = database, terms, views, views_term
        self._leadership, self._clock = leadership, clock

    async def pass_once(self) -> bool:
        """Keep to the terms. False: it waits its time."""
        if await self._leadership.holds(_TASK):
            await throw_away(self._database, self._terms, self._clock.now())
            await self._views.drop(self._clock.now() - self._views_term)
        return False
