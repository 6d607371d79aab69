"""What a line of JSON must hold for a command that reads such lines; errors name the field, readers add the line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from gateway.commands.command import CommandError

_YEARS: Final = range(1970, 2200)
"""What a clock may show: outside of it a day before or after may not exist."""


def object_of(line: str) -> Mapping[str, Any]:
    """The object of a line. Raises `CommandError`."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise CommandError("not_json") from None
    if not isinstance(given, dict):
        raise CommandError("not_an_object")
    return given


def string_of(given: Mapping[str, Any], name: str) -> str:
    """A string that must be there. Raises `CommandError`."""
    if name not in given:
        raise CommandError(f"{name}: required")
    value = given[name]
    if not isinstance(value, str):
        raise CommandError(f"{name}: wrong_type")
    return value


def moment_of(given: Mapping[str, Any], name: str) -> datetime:
    """A moment, ISO 8601 with its zone. Raises `CommandError`."""
    try:
        moment = datetime.fromisoformat(string_of(given, name))
    except ValueError:
        raise CommandError(f"{name}: wrong_date") from None
    if moment.tzinfo is None:
        raise CommandError(f"{name}: needs_zone")
    if moment.year not in _YEARS:
        raise CommandError(f"{name}: wrong_date")
    return moment
