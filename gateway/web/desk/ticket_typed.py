"""What was typed into an action's form, as the body the use case takes: dates of three fields, choices of one group.

Reads by the types of the procedure's data, no action by name; what is wrong stays as it was typed, for the use case to
refuse by its field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, Final

from gateway.web.pages.forms import nested, whole_number
from gateway.web.render import TEHRAN
from normalizer.day import parse_day
from normalizer.text import digits
from ticketing.procedure import Action

CHOICE: Final = "choice"
"""The one group of an action several of whose fields choose what happens: its values are `field:value`."""
DATE_PARTS: Final = ("day", "month", "year")
OTHER: Final = "other"
"""The part of a field where another value than those offered may be typed."""
CLOCK: Final = "clock"
"""The part of a moment that is the time of the day."""
_ASKED_APART: Final = ("date", "datetime", "tracking_code")


def body_of(action: Action, typed: Mapping[str, str]) -> dict[str, Any]:
    """The body for `act`: the action's fields, note and version; whatever else was sent is left out."""
    said = {**typed, **_chosen(action, typed)}
    for name, rule in action.fields.items():
        if rule.type in _ASKED_APART:
            said[name] = _put_together(rule.type, name, typed)
    readers = {name: _READERS.get(rule.type, str) for name, rule in action.fields.items()}
    return nested(said, {**readers, "note": str, "version": whole_number})


def has_choice_group(action: Action) -> bool:
    """True where several fields choose what happens, so that one group of the form offers them all."""
    return len(action.choosers) > 1


def _chosen(action: Action, typed: Mapping[str, str]) -> dict[str, str]:
    if not has_choice_group(action):
        return {}
    name, _, value = typed.get(CHOICE, "").partition(":")
    return {each: value if each == name else "" for each in action.choosers}


def _put_together(type_: str, name: str, typed: Mapping[str, str]) -> str:
    if type_ == "tracking_code":
        return typed.get(f"{name}.{OTHER}", "").strip() or typed.get(name, "")
    parts = [digits(typed.get(f"{name}.{part}", "")).strip() for part in DATE_PARTS]
    if not any(parts):
        return typed.get(name, "")
    day, month, year = parts
    written = f"{year}-{month.zfill(2)}-{day.zfill(2)}"[:40]
    return _moment(written, typed.get(f"{name}.{CLOCK}", "")) if type_ == "datetime" else written


def _moment(written: str, clock: str) -> str:
    """A moment of a clock in Tehran as ISO; what is no day or no time stays as it was typed, and is refused."""
    day, (hour, _, minute) = parse_day(written), digits(clock).strip().partition(":")
    try:
        at = time(int(hour or 0), int(minute or 0))
    except ValueError:
        return f"{written} {clock}"
    return datetime.combine(day, at, TEHRAN).isoformat() if day is not None else written


def _number(text: str) -> float:
    """A decimal number in any script. Raises ValueError."""
    return float(digits(text).replace("٫", ".").replace("،", "."))


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError("neither yes nor no")
    return text == "yes"


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "rial": whole_number,
    "lat": _number,
    "lon": _number,
    "accuracy_m": _number,
    "bool": _yes_no,
}
