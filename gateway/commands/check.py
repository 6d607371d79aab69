"""`gateway check`: is everything that can be wrong before starting right? It changes nothing."""

from __future__ import annotations

import argparse
import secrets
from datetime import date, timedelta
from typing import Final

from gateway.catalogue import CatalogueError, load_catalogue
from gateway.clock import SystemClock
from gateway.commands.command import Command, CommandError, Say
from gateway.config import Settings
from gateway.push.keys import push_of
from gateway.rules import build_provider, build_rules
from gateway.understanding import use_classifiers
from normalizer.day import tehran_day
from ticketing.body_register import body_register
from ticketing.days_off import estimated
from ticketing.rules import Rules
from ticketing.vault import Vault, load_vault

_A_YEAR: Final = timedelta(days=365)


def _declare(parser: argparse.ArgumentParser) -> None:
    """It takes nothing of its own."""


def _run(settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    use_classifiers(settings.understanding.classifiers)
    rules = build_rules(settings, _vault(settings))
    clock = SystemClock()
    build_provider(settings, clock)
    push_of(settings, clock.now())
    try:
        load_catalogue()
    except CatalogueError as error:
        raise CommandError(str(error)) from None
    say(
        f"{arguments.config} is right: {len(settings.steps) + len(settings.texts)} texts, "
        f"{len(rules.routing.rules)} rules of routing, {len(rules.procedures)} procedures, "
        f"{len(rules.categories)} categories, {len(body_register())} bodies, "
        f"{len(rules.deadlines.dated)} deadlines."
    )
    _warn_of_estimates(rules, tehran_day(clock.now()), say)


def _warn_of_estimates(rules: Rules, today: date, say: Say) -> None:
    """A lunar holiday falls where the moon is seen: those nobody has announced yet are worth a look."""
    guessed = estimated(today, today + _A_YEAR, rules.deadlines.calendar.corrections)
    if guessed:
        say(
            f"{len(guessed)} holidays of the coming year are estimates, the first on {guessed[0]}: what is announced "
            "otherwise goes into the file of [calendar] corrections (docs/deadlines.md)."
        )


def _vault(settings: Settings) -> Vault:
    """The keys of the keys file where there is one; making it is left to the first start."""
    if settings.security.keys_file.exists():
        return load_vault(settings.security.keys_file)
    return Vault({1: secrets.token_bytes(32)}, secrets.token_bytes(32))


COMMAND = Command(_declare, _run)
