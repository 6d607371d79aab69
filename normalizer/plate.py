"""Number plates of vehicles: «۱۲ ب ۳۴۵ ایران ۶۷» however it is written, and those of motorcycles.

A plate without «ایران» counts only where the text calls it one: two digits, a letter and three digits also make a sum
(«۲۰ ت ۵۰۰»). A house's «پلاک ۱۲» is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from normalizer.data import load_table
from normalizer.fact import Fact, fact

_LETTERS: Final[dict[str, str]] = load_table("plates.toml")["letters"]
_LETTER: Final = "(?P<letter>" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + ")"
_GAP: Final = r"[ ,/|_.-]{0,3}"
_IRAN: Final = r"(?:ایران|iran|ir)[ :,/|_.-]{0,3}"
_TWO, _THREE, _SERIES = r"(?P<two>[0-9]{2})", r"(?P<three>[0-9]{3})", r"(?P<series>[0-9]{2})"
_CAR: Final = tuple(
    (rule, re.compile(rf"(?<![0-9a-z]){form}(?![0-9])"))
    for rule, form in (
        ("iran", f"{_TWO}{_GAP}{_LETTER}{_GAP}{_THREE}{_GAP}{_IRAN}{_SERIES}"),
        ("iran", f"{_IRAN}{_SERIES}{_GAP}{_TWO}{_GAP}{_LETTER}{_GAP}{_THREE}"),
        ("iran", f"{_IRAN}{_SERIES}{_GAP}{_THREE}{_GAP}{_LETTER}{_GAP}{_TWO}"),
        ("iran", f"{_THREE}{_GAP}{_LETTER}{_GAP}{_TWO}{_GAP}{_IRAN}{_SERIES}"),
        ("called", f"{_TWO}{_GAP}{_LETTER}{_GAP}{_THREE}{_GAP}{_SERIES}"),
    )
)
_MOTORCYCLE: Final = re.compile(r"(?P<three>[0-9]{3})[ /_-]{1,3}(?P<five>[0-9]{5})(?![0-9])")
_CALLED: Final = re.compile("پلاک|pelak|plate|شماره (?:خودرو|ماشین|وانت|نیسان|موتور|تاکسی)")
_MOTOR: Final = re.compile("موتور|motor")
_HINTS: Final = ("ایران", "پلاک", "iran", "pelak", "plate", "شماره خودرو", "شماره ماشین", "شماره وانت", "شماره موتور")
_HINT: Final = re.compile("|".join(_HINTS))
_LOOK_BACK: Final = 40
_AROUND: Final = 30
_MOST: Final = 50


def find_plates(key: str) -> Iterator[Fact]:
    """Gives the plates in a folded text, as «12ب345-67» or, for motorcycles, «123-45678»."""
    if not any(hint in key for hint in _HINTS):
        return
    end = 0
    for hint, _ in zip(_HINT.finditer(key), range(_MOST), strict=False):
        found = _plate_near(key, max(end, hint.start() - _AROUND), hint.end() + _LOOK_BACK)
        if found:
            end = found.end
            yield found


def _plate_near(key: str, start: int, end: int) -> Fact | None:
    for rule, form in _CAR:
        match = form.search(key, start, end)
        if match and (rule == "iran" or _called(key, match.start())):
            return fact("plate", _plate(match), match.span(), rule)
    match = _MOTORCYCLE.search(key, start, end)
    if match and _called(key, match.start()) and _MOTOR.search(key, max(0, match.start() - _LOOK_BACK), match.start()):
        return fact("plate", f"{match['three']}-{match['five']}", match.span(), "motorcycle")
    return None


def _called(key: str, start: int) -> bool:
    return _CALLED.search(key, max(0, start - _LOOK_BACK), start) is not None


def _plate(match: re.Match[str]) -> str:
    return f"{match['two']}{_LETTERS[match['letter']]}{match['three']}-{match['series']}"
