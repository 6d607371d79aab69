"""Mail addresses in a folded text: written as they are, with blanks around the @, or spelled «ali at gmail dot com».

Owns what an address looks like and whose it is called; never whether anybody reads what is sent there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from normalizer.fact import Fact, fact

_ADDRESS: Final = re.compile(
    r"[a-z0-9][a-z0-9._%+-]{0,63}(?: @ |@)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.[a-z]{2,24}"
)
_SPELLED_HINTS: Final = ("dot", "دات")
_SPELLED: Final = re.compile(
    r"(?<![a-z0-9._%+-])([a-z0-9][a-z0-9._%+-]{0,63}) ?(?:\[at\]|\(at\)| at| ات) ?([a-z0-9-]{2,40}|جیمیل|جی میل|یاهو)"
    r" ?(?:\[dot\]|\(dot\)| dot| دات) ?([a-z]{2,10}|کام|ای ار)(?![a-z])"
)
_LATIN: Final = {"جیمیل": "gmail", "جی میل": "gmail", "یاهو": "yahoo", "کام": "com", "ای ار": "ir"}
_MOST: Final = 50
_CUE: Final = 40
_OWN: Final = re.compile(
    r"(?:ایمیلم|رایانامه ?ام|emailam|imeilam|my e?-?mail|(?:ایمیل|رایانامه|email|imeil) (?:من|بنده|خودم|اینجانب|man))"
    r"(?: (?:هم|is|address|ادرسش))?\W*\Z"
)
"""What a mail address is called that is the sender's own; a shop's is called otherwise."""


def find_addresses(key: str) -> Iterator[Fact]:
    """Gives the addresses in the order of the text; looks only around each @, so that a long text costs nothing."""
    place, since = key.find("@"), 0
    for _ in range(_MOST):
        if place < 0:
            break
        match = _ADDRESS.search(key, max(since, place - 65), place + 255)
        if match and match.start() < place < match.end():
            since = match.end()
            yield _address(key, match, match[0].replace(" ", ""), "written")
        place = key.find("@", place + 1)
    if any(hint in key for hint in _SPELLED_HINTS):
        for _, match in zip(range(_MOST), _SPELLED.finditer(key), strict=False):
            host, end = (_LATIN.get(part, part) for part in match.group(2, 3))
            yield _address(key, match, f"{match[1]}@{host}.{end}", "spelled")


def _address(key: str, match: re.Match[str], value: str, rule: str) -> Fact:
    is_own = _OWN.search(key, max(0, match.start() - _CUE), match.start()) is not None
    return fact("email", value, match.span(), rule, whose="own" if is_own else None)
