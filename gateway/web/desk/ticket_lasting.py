"""How long a clock runs, in words: lengths as the dated file writes them, and what is left of one that stopped."""

from __future__ import annotations

import re
from typing import Final

from gateway.web.desk.ticket_words import Words

_PARTS: Final = re.compile(r"(-?[0-9]+)([a-z]+)")
_HOUR_S, _MINUTE_S, _FEW_HOURS_S = 3600, 60, 7200


def lasting_of(words: Words, written: str) -> str:
    """«۵ روز کاری», "5 working days", of a `Length` or `Remaining` as text; a term that was over is said to be."""
    found = _PARTS.fullmatch(written)
    if found is None:
        return written
    number, unit = int(found[1]), found[2]
    if number < 0:
        return words.say("lasting.over")
    if unit in ("s", "ws"):
        whole = (number // _HOUR_S, "h") if number >= _FEW_HOURS_S else (number // _MINUTE_S, "m")
        number, unit = whole[0], unit.replace("s", whole[1])
    return words.say(f"lasting.one.{unit}") if number == 1 else words.say(f"lasting.{unit}", number=number)
