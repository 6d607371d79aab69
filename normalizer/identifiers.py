"""Every number and address in a message that stands for someone or something, each taken for one thing only.

The same ten digits may be a phone without its 0 and a valid national id; here it is decided which. Order: tracking
code, labelled ids, phone, a guild id spoken of before, bare national id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from normalizer.fact import Fact, Whose, fact
from normalizer.identity import (
    read_announced_guild_id,
    read_guild_id,
    read_legal_id,
    read_national_id,
    read_postal_code,
)
from normalizer.licence import find_licences
from normalizer.mail_address import find_addresses
from normalizer.numbers import Run, take_runs
from normalizer.phone import Phone, read_phone
from normalizer.plate import find_plates
from normalizer.tracking_code import read_code

# None of the numbers, a plate's among them, is written without two digits beside each other.
_DIGITS: Final = re.compile("[0-9][0-9]")
_WHOSE: Final[dict[str, Whose]] = {"own": "own", "shop": "shop", "person": "other"}


class Identifiers(NamedTuple):
    """What a text mentions, in order, each once. `own_phone` and `shop_phone` are those called so.

    `facts` says of each where it stands; a value said twice stands there as often.
    """

    phones: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()
    national_ids: tuple[str, ...] = ()
    guild_ids: tuple[str, ...] = ()
    tracking_codes: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    own_phone: Phone | None = None
    shop_phone: str | None = None
    facts: tuple[Fact, ...] = ()


class _Phones:
    """Gathers whose phones were met."""

    __slots__ = ("mobiles", "own", "shop")

    def __init__(self) -> None:
        self.mobiles: dict[str, None] = {}
        self.own: Phone | None = None
        self.shop: str | None = None

    def take(self, run: Run) -> Fact | None:
        """Takes a run of digits for the first thing it can be; None if it is nothing."""
        if code := read_code(run):
            return fact("tracking_code", code, run.span, "checked")
        called = read_guild_id(run) or read_legal_id(run) or read_postal_code(run)
        if called:
            return called
        if phone := read_phone(run):
            return self._add(phone, run)
        return read_announced_guild_id(run) or read_national_id(run)

    def _add(self, phone: Phone, run: Run) -> Fact:
        label = run.label
        if label == "shop":
            self.shop = self.shop or phone.e164
        elif phone.kind == "mobile":
            self.mobiles[phone.e164] = None
        if label == "own":
            self.own = self.own or phone
        rule = "prefixed" if run.plus or run.digits.startswith(("0", "98")) else "bare"
        return fact("phone", phone.e164, run.span, rule, whose=_WHOSE.get(label))


def find_identifiers(key: str) -> Identifiers:
    """Finds them in a folded text."""
    phones = _Phones()
    facts = [*take_runs(key, phones.take), *find_plates(key)] if _DIGITS.search(key) else []
    facts += find_addresses(key)
    if ".ir" in key or "://" in key:
        facts += find_licences(key)
    if not facts:
        return _NOTHING
    return Identifiers(
        phones=_values(facts, "phone"),
        mobiles=tuple(phones.mobiles),
        national_ids=_values(facts, "national_id"),
        guild_ids=_values(facts, "guild_id"),
        tracking_codes=_values(facts, "tracking_code"),
        emails=_values(facts, "email"),
        own_phone=phones.own,
        shop_phone=phones.shop,
        facts=tuple(facts),
    )


_NOTHING: Final = Identifiers()


def _values(facts: Iterable[Fact], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.value for found in facts if found.kind == kind))
