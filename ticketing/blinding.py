"""What a role that must not learn who complains is shown of a ticket: all but the person, wherever they were named.

Their name, numbers, addresses and licence are left out of what anybody wrote. What a picture shows and whose a voice is
no program can leave out: what the citizen sent is withheld whole, and so is every recording. A colleague who may know
the citizen shows what is to be seen by attaching it to the ticket themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from normalizer.identifiers import find_identifiers
from normalizer.text import ZWNJ, clean, fold, key_of
from ticketing.procedure import Procedure
from ticketing.ticket import Identity

HIDDEN: Final = "***"
Span = tuple[int, int]
_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST_NAME: Final = 3
_SHORTEST_LOCAL: Final = 7
_TELLING_NOBODY: Final = frozenset({"tracking_code"})
_OTHERS: Final = re.compile(
    r"(?<!\w)@\w{3,}"  # how one is called in a messenger
    r"|[^\s@]{1,64}@[^\s@]{1,255}\.[^\s@]{1,63}"
    r"|(?<![0-9])[0-9]{4}(?:[ -]?[0-9]{4}){3}(?![0-9])"  # a bank card
    r"|(?<!\w)ir ?[0-9]{2}(?: ?[0-9]{4}){5} ?[0-9]{2}(?![0-9])"
)
_LOCAL: Final = re.compile(r"(?:تلفن|تماس|خانه|منزل|ثابت)[^0-9]{0,12}([0-9](?: ?[0-9]){7})(?![0-9])")
"""A telephone at home, written without the city's number."""
_INTRODUCED: Final = re.compile(
    r"(?<!\w)(?:(?:نام(?: و نام خانوادگی| خانوادگی| شاکی| من)?|اسم(?: من)?|شاکی) ?: ?(\w+(?: \w+){0,2})"
    r"|(?:اینجانبه?|بنده) (\w+(?: \w+){1,3}?) (?=(?:فرزند|به شماره|با کد|کد ملی|ساکن|متولد|صادره|شاکی|هستم)(?!\w)))"
)
"""Who says their name where we were not told it otherwise."""
_LEADING: Final = frozenset("+0123456789-")
_WHO: Final = frozenset({"name", "phone", "email", "national_id", "guild_id", "call_id"})
"""What says who, under whatever it was noted."""
_CODES: Final = frozenset({"ticket", "into", "parent_case"})
"""Numbers of ours."""
_NOBODYS_SECRET: Final = ("staff", "dispatch")
_RECORDED: Final = ("audio/", "video/")


def is_withheld(origin: str, media_type: str) -> bool:
    """True for a file that who must not learn who complains does not see: the citizen's, and any recording."""
    return origin == "citizen" or media_type.startswith(_RECORDED)


def accuses_trader(procedure: Procedure) -> bool:
    """True where complaints are about the trader they name; elsewhere it may be the complainant's own."""
    return "business" in procedure.needs


def blinded(text: str, identity: Identity) -> str:
    """The text, cleaned, without numbers and addresses of people, and without the words of the citizen's own name."""
    shown = clean(text)
    key = key_of(shown)
    pieces, begun = [], 0
    for start, end in _joined([*_numbers(key, identity), *_names(key, shown, identity)]):
        pieces += [shown[begun:start], HIDDEN]
        begun = end
    return "".join((*pieces, shown[begun:]))


def blinded_name(name: str | None, identity: Identity, *, accused: bool) -> str | None:
    """A trader's name, where it is the one `accused`."""
    return blinded(name, identity) if name and accused else None


def blinded_picture(picture: Mapping[str, Any], identity: Identity, *, accused: bool) -> dict[str, Any]:
    """A ticket as `view` pictures it, for a role that must not learn who complains.

    `accused` is as `accuses_trader` says of its procedure.
    """
    files = picture["attachments"]
    kept_back = {each["name"] for each in files if is_withheld(each["origin"], each["media_type"])}
    return {
        **picture,
        "parent_case": None,
        "business_name": blinded_name(picture["business_name"], identity, accused=accused),
        "facts": _facts(picture["facts"], identity, accused=accused),
        "timeline": [{**each, "data": _data(each["data"], kept_back, identity)} for each in picture["timeline"]],
        "notices": [_notice(each, identity) for each in picture["notices"]],
        "replies": [_notice(each, identity) for each in picture["replies"]],
        "reports": [
            {**each, "text": blinded(each["text"] or "", identity), "call_id": None} for each in picture["reports"]
        ],
        "attachments": [_file(each, identity) for each in files],
    }


def _joined(spans: Iterable[Span]) -> list[Span]:
    """In order, what overlaps as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _numbers(key: str, identity: Identity) -> Iterator[Span]:
    for each in find_identifiers(key).facts:
        if each.kind in _TELLING_NOBODY:
            continue
        start = each.start
        while each.kind == "phone" and start > 0 and key[start - 1] in _LEADING:
            start -= 1
        yield start, each.end
    yield from (found.span() for found in _OTHERS.finditer(key))
    yield from (found.span(1) for found in _LOCAL.finditer(key))
    for number in filter(None, (identity.phone, identity.landline)):
        local = re.escape(number[-_SHORTEST_LOCAL:])
        yield from (found.span() for found in re.finditer(rf"[0-9]{{0,8}}{local}(?![0-9])", key))


def _names(key: str, shown: str, identity: Identity) -> Iterator[Span]:
    name = identity.name or ""
    own = {word for word in _WORD.findall(fold(f"{name} {name.replace(ZWNJ, '')}")) if len(word) >= _SHORTEST_NAME}
    words = list(_WORD.finditer(key)) if own else []
    for word, after in zip_longest(words, words[1:]):
        if word[0] in own:
            yield word.span()
        elif after is not None and word[0] + after[0] in own:  # «علی رضا»
            yield word.start(), after.end()
    for found in _INTRODUCED.finditer(key):
        start, end = found.span(1 if found[1] else 2)
        yield start, start + len(shown[start:end].split("\n", maxsplit=1)[0])


def _said(value: Any, identity: Identity) -> Any:
    """The same with all words in it blinded, however deep they lie."""
    if isinstance(value, str):
        return blinded(value, identity)
    if isinstance(value, Mapping):
        return {name: HIDDEN if name in _WHO and each else _said(each, identity) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_said(each, identity) for each in value]
    return value


def _facts(facts: Mapping[str, Any], identity: Identity, *, accused: bool) -> dict[str, Any]:
    business = dict.fromkeys(facts["business"])
    if accused:
        business |= {name: _said(facts["business"][name], identity) for name in ("name", "address", "kind")}
    return {
        **facts,
        "text": blinded(facts["text"], identity),
        "details": _said(facts["details"], identity),
        "business": business,
        "place": {**facts["place"], "lat": None, "lon": None},
        "identity": dict.fromkeys(facts["identity"]),
    }


def _data(data: Mapping[str, Any], kept_back: set[str], identity: Identity) -> dict[str, Any]:
    """An event's: a file that is withheld has no name there either."""
    told: dict[str, Any] = {**_said(data, identity), **{name: data[name] for name in _CODES & data.keys()}}
    if data.get("attachment") in kept_back:
        told["attachment"] = HIDDEN
    return told


def _notice(notice: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    to = notice["to"] if notice["kind"] in _NOBODYS_SECRET else HIDDEN
    return {**notice, "to": to, "text": blinded(notice["text"], identity)}


def _file(file: Mapping[str, Any], identity: Identity) -> dict[str, Any]:
    if is_withheld(file["origin"], file["media_type"]):
        return {**file, "name": HIDDEN, "size": None, "sha256": None, "pages": None, "withheld": True}
    return {**file, "name": blinded(file["name"], identity)}
