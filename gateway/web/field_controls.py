"""Which control of a form asks for a field of the procedures' data, by its type, and how what was typed there is read.

What is wrong stays as it was typed, for the use case to refuse by its field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Final

from gateway.web.pages.forms import whole_number
from gateway.web.render import TEHRAN
from normalizer.day import parse_day
from normalizer.text import digits
from ticketing.procedure import FieldRule

DATE_PARTS: Final = ("day", "month", "year")
OTHER: Final = "other"
"""The part of a field where another value than those offered may be typed."""
CLOCK: Final = "clock"
"""The part of a moment that is the time of the day."""
INPUT_MODES: Final[Mapping[str, str]] = {
    "rial": "numeric",
    "count": "numeric",
    "phone": "tel",
    "national_id": "numeric",
    "guild_id": "numeric",
    "tracking_code": "numeric",
    "lat": "decimal",
    "lon": "decimal",
    "accuracy_m": "decimal",
}
WRITTEN_LTR: Final = (*INPUT_MODES, "email", "code", "username", "receipt")
LONGEST_LINE: Final = 500
_KINDS: Final[Mapping[str, str]] = {
    "bool": "radios",
    "choice": "radios",
    "username": "radios",
    "report": "radios",
    "date": "date",
    "datetime": "moment",
    "category": "select",
    "province": "select",
    "organisation": "select",
    "slot": "select",
    "tracking_code": "radios_or_line",
}
_ONE_LINE: Final = 300
_ASKED_APART: Final = ("date", "datetime", "tracking_code")


def kind_of(rule: FieldRule) -> str:
    """The kind of control: radios, select, date, moment, area, line, or radios_or_line."""
    return _KINDS.get(rule.type) or ("area" if (rule.most or 0) > _ONE_LINE else "line")


def put_together(fields: Mapping[str, FieldRule], typed: Mapping[str, str]) -> dict[str, str]:
    """The fields that are typed in parts, each as one text: days, moments, codes."""
    return {name: _whole(rule.type, name, typed) for name, rule in fields.items() if rule.type in _ASKED_APART}


def readers_of(fields: Mapping[str, FieldRule]) -> dict[str, Callable[[str], object]]:
    """How the text of each field becomes JSON; a reader raises ValueError for what is none."""
    return {name: _READERS.get(rule.type, str) for name, rule in fields.items()}


def _whole(type_: str, name: str, typed: Mapping[str, str]) -> str:
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
    "count": whole_number,
    "lat": _number,
    "lon": _number,
    "accuracy_m": _number,
    "bool": _yes_no,
}
