"""What use cases are governed by, built from settings and data files and checked: the first wrong key is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from gateway.config import ConfigError, Settings
from gateway.forms import form_addresses
from gateway.replay.rereading import reread
from sms.clock import Clock
from sms.providers.provider import Provider
from sms.providers.registry import PROVIDERS
from sms.texts import TextError, Texts
from ticketing.body_register import body_register
from ticketing.categories import load_categories
from ticketing.dated_terms import load_deadlines
from ticketing.procedure import Procedure
from ticketing.procedure_files import load_procedures
from ticketing.procedure_texts import told_by
from ticketing.routing import Routing
from ticketing.rules import Rules
from ticketing.vault import Vault
from ticketing.wrong_key import WrongKey

_T = TypeVar("_T")
Words = Mapping[str, Mapping[str, str]]
"""Texts by name, each by language."""


def build_rules(settings: Settings, vault: Vault) -> Rules:
    """The rules of these settings. Raises `ConfigError` naming the first wrong key, or file and key."""
    try:
        procedures, categories, surges = load_procedures(), load_categories(), settings.surges.bounds()
        surges.check(procedures)
        body_register()  # read at the first look otherwise, when a wrong file can stop nothing any more
        _check_sisters(settings, procedures)
        deadlines = load_deadlines(procedures.values(), categories, settings.calendar.working_time())
        return Rules(
            vault=vault,
            texts=texts_of(settings),
            procedures=procedures,
            categories=categories,
            routing=Routing.from_settings(settings.routing.rules, procedures.values()),
            deadlines=deadlines.overrule(settings.deadlines),
            joining=settings.joining.bounds(),
            surges=surges,
            survey=settings.survey.times(),
            climbs=settings.escalation.climbs,
            sitting_members=_of_procedures("sittings", settings.sittings, procedures),
            fees=_of_procedures("fees", settings.fees, procedures, "fee"),
            offers=settings.appointments.offers,
            sisters=frozenset(code for code, each in settings.sister.systems().items() if each.url),
            forms=form_addresses(settings, procedures),
            reread=reread,
        )
    except (TextError, WrongKey) as error:
        raise ConfigError(str(error)) from None


def _check_sisters(settings: Settings, procedures: Mapping[str, Procedure]) -> None:
    for code, each in settings.sister.systems().items():
        if each.procedure and each.procedure not in procedures:
            raise WrongKey(f"sister.{code}.procedure", f"there are {', '.join(procedures)}")


def texts_of(settings: Settings, overrides: Mapping[str, Words] | None = None) -> Texts:
    """The settings' texts, with those of `overrides` (`steps`, `texts`) in their place. Raises `TextError`."""
    over = overrides or {}
    steps, texts = (_overridden(_plain(settings, part), over.get(part, {})) for part in ("steps", "texts"))
    return Texts(steps, texts, told_by(load_procedures().values()))


def words_of(settings: Settings, section: str, name: str) -> Mapping[str, str]:
    """What the settings say for one text, by language. Raises KeyError for a text there is not."""
    return _plain(settings, section)[name]


def _of_procedures(
    section: str, given: Mapping[str, _T], procedures: Mapping[str, Procedure], part: str = ""
) -> Mapping[str, _T]:
    """What a section says by procedures that have such a part. Raises `WrongKey`."""
    for code in given:
        if code not in procedures or getattr(procedures[code], part or section) is None:
            raise WrongKey(f"{section}.{code}", f"is no procedure with {section}")
    return given


def _overridden(words: Words, over: Words) -> Words:
    """Names that are none any more, after an upgrade, are left out."""
    return {name: {**said, **over.get(name, {})} for name, said in words.items()}


def build_provider(settings: Settings, clock: Clock) -> Provider:
    """The SMS provider of these settings. Raises `ConfigError`."""
    entry = PROVIDERS.get(settings.sms.provider)
    if entry is None:
        raise ConfigError(f"sms.provider: there is no such provider; there are {', '.join(sorted(PROVIDERS))}")
    try:
        table = {**settings.sms.of(settings.sms.provider), "line": settings.channels.sms.line}
        return entry.create(table, clock)
    except ValueError as error:
        raise ConfigError(str(error)) from None


def _plain(settings: Settings, part: str) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = settings.model_dump(include={part})[part]
    return texts
