"""A setting or data file that cannot be used: which key, and what is wrong with it."""

from __future__ import annotations

from pydantic import ValidationError


class WrongKey(ValueError):
    """Raised at start. `key` is dotted as in the file (`actions.evaluate.then.0.to`)."""

    def __init__(self, key: str, problem: str, file: str = "") -> None:
        self.key, self.problem, self.file = key, problem, file
        super().__init__(f"{file}: {key}: {problem}" if file else f"{key}: {problem}")


def first_wrong(error: ValidationError, under: str = "", file: str = "") -> WrongKey:
    """The first key a pydantic model found wrong, as a `WrongKey`."""
    found = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in (under, *found["loc"]) if part != "")
    return WrongKey(key or "file", found["msg"], file)
