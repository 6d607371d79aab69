"""Procedures read from their files and checked: the packaged ones, or a folder's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from ticketing import procedure_checks
from ticketing.procedure import Procedure
from ticketing.roles import PROCEDURE_FILES
from ticketing.wrong_key import WrongKey, first_wrong

_NOT_PROCEDURES: Final = ("bodies.toml", "categories.toml", "deadlines.toml")


def load_procedure(path: Path | Traversable) -> Procedure:
    """Read and check one procedure. Raises `WrongKey` naming the file and the first wrong key."""
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
        procedure = Procedure.model_validate(_with_codes(stored))
    except ValidationError as error:
        raise first_wrong(error, file=path.name) from error
    except (OSError, ValueError) as error:
        raise WrongKey("file", str(error), path.name) from error
    for key, problem in procedure_checks.problems(procedure):
        raise WrongKey(key, problem, path.name)
    return procedure


@cache
def load_procedures(folder: Path | Traversable | None = None) -> Mapping[str, Procedure]:
    """Every procedure of a folder (the packaged ones by default), by code, read once. Raises `WrongKey`."""
    sources = sorted((folder or PROCEDURE_FILES).iterdir(), key=lambda source: source.name)
    found: dict[str, Procedure] = {}
    for source in sources:
        if not source.name.endswith(".toml") or source.name in _NOT_PROCEDURES:
            continue
        procedure = load_procedure(source)
        if procedure.code in found:
            raise WrongKey("code", f"{procedure.code} is another file's procedure", source.name)
        found[procedure.code] = procedure
    return found


def _with_codes(stored: dict[str, Any]) -> dict[str, Any]:
    actions = stored.get("actions")
    if isinstance(actions, dict):
        for code, action in actions.items():
            if isinstance(action, dict):
                action["code"] = code
    return stored
