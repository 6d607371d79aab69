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


class _Taken(NamedTuple):
    kind: str
    value: str
    label: str
    phone: Phone | None


def find_identifiers(key: str) -> Identifiers:
    """Finds them in a folded text."""
    taken = list(take_runs(key, _take))
    emails = _emails(key) if "@" in key else ()
    licences = find_licences(key) if "." in key else ()
    if not taken and not emails and not licences:
        return Identifiers()
    phones = [number for number in taken if number.phone]
    mobiles = (number.value for number in phones if _is_mobile(number.phone) and number.label != "shop")
    return Identifiers(
        phones=_values(taken, "phone"),
        mobiles=tuple(dict.fromkeys(mobiles)),
        national_ids=_values(taken, "national_id"),
        guild_ids=tuple(dict.fromkeys((*_values(taken, "guild_id"), *licences))),
        tracking_codes=_values(taken, "tracking_code"),
        emails=emails,
        own_phone=next((number.phone for number in phones if number.label == "own"), None),
        shop_phone=next((number.value for number in phones if number.label == "shop"), None),
    )


def _is_mobile(phone: Phone | None) -> bool:
    return phone is not None and phone.kind == "mobile"


def _values(taken: list[_Taken], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number.value for number in taken if number.kind == kind))


def _take(run: Run) -> _Taken | None:
    code = read_code(run)
    if code:
        return _Taken("tracking_code", code, "", None)
    guild_id = read_guild_id(run)
    if guild_id:
        return _Taken("guild_id", guild_id, "", None)
    phone = read_phone(run)
    if phone:
        return _Taken("phone", phone.e164, run.label, phone)
    national_id = read_national_id(run)
    return _Taken("national_id", national_id, "", None) if national_id else None


def _emails(key: str) -> tuple[str, ...]:
    """Looks only around each @, so that a long text without one dot costs nothing."""
    found = []
    place = key.find("@")
    while place >= 0:
        match = _EMAIL.search(key, max(0, place - 65), place + 255)
        if match and match.start() < place < match.end():
            found.append(match[0])
        place = key.find("@", place + 1)
    return tuple(dict.fromkeys(found))
