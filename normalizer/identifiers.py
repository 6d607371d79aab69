"""Every number and address in a message that stands for someone or something, each taken for one thing only.

The same ten digits may be a phone without its 0 and a valid national id; here it is decided which. Order: tracking
code, labelled ids, phone, bare national id.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from normalizer.identity import find_licences, read_guild_id, read_national_id
from normalizer.numbers import Run, take_runs
from normalizer.phone import Phone, read_phone
from normalizer.tracking_code import read_code

_EMAIL: Final = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.[a-z]{2,24}")
_MOST_EMAILS: Final = 50


class Identifiers(NamedTuple):
    """What a text mentions, in order, each once. `own_phone` and `shop_phone` are those called so."""

    phones: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()
    national_ids: tuple[str, ...] = ()
    guild_ids: tuple[str, ...] = ()
    tracking_codes: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    own_phone: Phone | None = None
    shop_phone: str | None = None


class _Found:
    """Gathers what is met, each value once, in order."""

    __slots__ = ("own_phone", "shop_phone", "values")

    def __init__(self) -> None:
        self.values: dict[str, dict[str, None]] = {}
        self.own_phone: Phone | None = None
        self.shop_phone: str | None = None

    def add(self, kind: str, value: str) -> bool:
        self.values.setdefault(kind, {})[value] = None
        return True

    def add_phone(self, phone: Phone, label: str) -> bool:
        if label == "shop":
            self.shop_phone = self.shop_phone or phone.e164
        elif phone.kind == "mobile":
            self.add("mobile", phone.e164)
        if label == "own":
            self.own_phone = self.own_phone or phone
        return self.add("phone", phone.e164)

    def all(self, kind: str) -> tuple[str, ...]:
        return tuple(self.values.get(kind, ()))

    def take(self, run: Run) -> bool | None:
        """Takes a run of digits for the first thing it can be; None if it is nothing."""
        if code := read_code(run):
            return self.add("tracking_code", code)
        if guild_id := read_guild_id(run):
            return self.add("guild_id", guild_id)
        if phone := read_phone(run):
            return self.add_phone(phone, run.label)
        national_id = read_national_id(run)
        return self.add("national_id", national_id) if national_id else None


def find_identifiers(key: str) -> Identifiers:
    """Finds them in a folded text."""
    found = _Found()
    for _ in take_runs(key, found.take):
        pass
    emails = _emails(key) if "@" in key else ()
    if ".ir" in key or "://" in key:
        for licence in find_licences(key):
            found.add("guild_id", licence)
    if not found.values:
        return Identifiers(emails=emails) if emails else _NOTHING
    return Identifiers(
        phones=found.all("phone"),
        mobiles=found.all("mobile"),
        national_ids=found.all("national_id"),
        guild_ids=found.all("guild_id"),
        tracking_codes=found.all("tracking_code"),
        emails=emails,
        own_phone=found.own_phone,
        shop_phone=found.shop_phone,
    )


_NOTHING: Final = Identifiers()


def _emails(key: str) -> tuple[str, ...]:
    """Looks only around each @, so that a long text without one dot costs nothing."""
    found = []
    place = key.find("@")
    for _ in range(_MOST_EMAILS):
        if place < 0:
            break
        match = _EMAIL.search(key, max(0, place - 65), place + 255)
        if match and match.start() < place < match.end():
            found.append(match[0])
        place = key.find("@", place + 1)
    return tuple(dict.fromkeys(found))
