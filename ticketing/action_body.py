"""An action's body: checked against the procedure's data, every wrong field named, and described for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from normalizer.text import clean
from ticketing.errors import FieldError, Invalid
from ticketing.field_types import FIELD_TYPES, WrongValue, read_words

if TYPE_CHECKING:
    from ticketing.procedure import Action, Variant

MAX_NOTE: Final = 4_000


@dataclass(frozen=True, slots=True)
class ActionBody:
    """A checked body: the fields given, the move they choose, the note."""

    fields: Mapping[str, Any]
    variant: Variant
    note: str | None = None


def read_body(
    action: Action,
    given: Mapping[str, Any],
    at: datetime,
    fits: Callable[[str | None], bool] = lambda _guard: True,
    also: Sequence[FieldError] = (),
) -> ActionBody:
    """Check a body against its action, whose moves are those of which `fits` says that their guard holds.

    Null is the same as absent; `version` is the caller's to check. Raises `Invalid` naming every wrong field, those in
    `also` first.
    """
    said = {name: value for name, value in _flat(action, given).items() if value is not None}
    said.pop("version", None)
    errors = list(also)
    note = _read_note(said.pop("note", None), errors)
    fields = _read_fields(action, said, at, errors)
    variant = _choose(action, fields, said, fits, errors)
    required = [name for name, rule in action.fields.items() if not rule.optional]
    required += variant.requires if variant else ()
    errors += [FieldError(name, "required") for name in required if name not in said]
    if errors or variant is None:
        raise Invalid(errors)
    return ActionBody(fields, variant, note)


def _read_fields(action: Action, said: Mapping[str, Any], at: datetime, errors: list[FieldError]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in said.items():
        rule = action.fields.get(name)
        if rule is None:
            errors.append(FieldError(name[:64], "unknown_field"))
            continue
        try:
            fields[name] = FIELD_TYPES[rule.type].read(value, rule, at)
        except WrongValue as error:
            errors.append(FieldError(name, error.code))
    return fields


def wrong_version(version: Any) -> str | None:
    """What is wrong with the version a caller says they saw (a code), or None."""
    if version is None:
        return "required"
    return None if isinstance(version, int) and not isinstance(version, bool) else "wrong_type"


def _read_note(note: Any, errors: list[FieldError]) -> str | None:
    try:
        return clean(read_words(note, MAX_NOTE)).strip() or None if note is not None else None
    except WrongValue as error:
        errors.append(FieldError("note", error.code))
        return None


def _choose(
    action: Action,
    fields: Mapping[str, Any],
    said: Mapping[str, Any],
    fits: Callable[[str | None], bool],
    errors: list[FieldError],
) -> Variant | None:
    given = [name for name in action.choosers if name in said]
    if action.choosers and not given:
        errors += [FieldError(name, "required") for name in action.choosers if action.fields[name].optional]
        return None
    if len(given) > 1:
        errors += [FieldError(name, "only_one_of_these") for name in given]
        return None
    fitting = (variant for variant in action.then if variant.chosen_by(fields))
    return next((each for each in fitting if fits(each.provided)), None)


def _flat(action: Action, given: Mapping[str, Any]) -> dict[str, Any]:
    """Nested objects as dotted names, for the groups the action has (`business`, `place`)."""
    groups = {name.split(".")[0] for name in action.fields if "." in name}
    flat: dict[str, Any] = {}
    for name, value in given.items():
        if name in groups and isinstance(value, Mapping):
            flat |= {f"{name}.{part}": inner for part, inner in value.items()}
        else:
            flat[name] = value
    return flat


def body_schema(action: Action) -> dict[str, Any]:
    """The JSON schema of an action's body, for the API's description."""
    schema = _object({"version": {"type": "integer", "minimum": 1}}, ["version"])
    schema["properties"]["note"] = {"type": "string", "maxLength": MAX_NOTE}
    for name, rule in action.fields.items():
        group, _, inner = name.rpartition(".")
        holder = schema["properties"].setdefault(group, _object({}, [])) if group else schema
        described = FIELD_TYPES[rule.type].schema(rule)
        holder["properties"][inner] = described | ({"title": rule.title["en"]} if rule.title else {})
        if not rule.optional:
            holder["required"].append(inner)
    if len(action.then) > 1 and any(action.fields[name].optional for name in action.choosers):
        schema["oneOf"] = [_variant_schema(variant) for variant in action.then]
    return schema


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _variant_schema(variant: Variant) -> dict[str, Any]:
    chosen = {name: {"enum": list(values)} for name, values in variant.when.items()}
    return {"properties": chosen, "required": [*chosen, *variant.requires]}
