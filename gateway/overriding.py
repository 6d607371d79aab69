"""Brings the running rules up to what administrators have changed: at the start, at once here, and soon elsewhere.

An override that is no longer right, after an upgrade or a change of config.toml, is left out and said in the log: the
settings' own stand in its place.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from gateway.config import Settings
from gateway.rules import texts_of
from sms.texts import TextError, Texts
from ticketing.database import Database
from ticketing.overriding import ROUTING, TEXTS, Override, fetch_overrides, fetch_versions
from ticketing.routing import Routing
from ticketing.rules import Rules
from ticketing.wrong_key import WrongKey

log = structlog.get_logger()


async def apply_overrides(settings: Settings, rules: Rules, database: Database) -> None:
    """Exchange texts and routing for what the settings and the overrides say now. Raises `Unavailable`."""
    found = await fetch_overrides(database)
    rules.exchange(_texts(settings, found), _routing(settings, rules, found))


class OverridesWatch:
    """One pass looks whether another process changed something, and takes it over."""

    def __init__(self, settings: Settings, rules: Rules, database: Database) -> None:
        self._settings, self._rules, self._database = settings, rules, database
        self._versions: dict[str, int] = {}

    async def pass_once(self) -> bool:
        """Take over what is new. False: it waits its time."""
        versions = await fetch_versions(self._database)
        if versions != self._versions:
            await apply_overrides(self._settings, self._rules, self._database)
            self._versions = versions
        return False


def _texts(settings: Settings, found: Mapping[str, Override]) -> Texts:
    if TEXTS in found:
        try:
            return texts_of(settings, found[TEXTS].value)
        except TextError as error:
            log.error("overridden texts are not right any more, the settings' are used", key=error.key)
    return texts_of(settings)


def _routing(settings: Settings, rules: Rules, found: Mapping[str, Override]) -> Routing:
    procedures = rules.procedures.values()
    if ROUTING in found:
        try:
            return Routing.from_settings(found[ROUTING].value["rules"], procedures)
        except WrongKey as error:
            log.error("overridden routing is not right any more, the settings' is used", wrong=str(error))
    return Routing.from_settings(settings.routing.rules, procedures)
