"""What an action's body may hold: the types of fields, each read to a value or to a code of what is wrong.

Shapes come from the procedure's data. Whether a username is an inspector's, or a code a visible ticket's,
is for the action's effect to say; here only what can be told from the words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from normalizer.complaint import CATEGORIES
from normalizer.day import parse_day, tehran_day
from normalizer.identity import parse_guild_id, parse_national_id
from normalizer.phone import Phone, parse_phone
from normalizer.text import clean
from normalizer.tracking_code import parse_code
from ticketing.errors import FieldError, Invalid
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES

if TYPE_CHECKING:
    from ticketing.procedure import Action, FieldRule, Variant

MAX_RIAL: Final = 10**15
MAX_NOTE: Final = 4_000
_MAX_ACCURACY_M: Final = 100_000
_CLOCK_SKEW: Final = timedelta(minutes=5)
_LONG_ENOUGH: Final = 500
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,63}")


class WrongValue(ValueError):
    """A value its field cannot hold; `code` is stable."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


Reader = Callable[[Any, "FieldRule", datetime], Any]


@dataclass(frozen=True, slots=True)
class FieldType:
    """How a kind of field is read, and how it is described to programs (JSON schema)."""

    read: Reader
    schema: Callable[[FieldRule], dict[str, Any]]


def _text_of(value: Any, most: int = _LONG_ENOUGH) -> str:
    if not isinstance(value, str):
        raise WrongValue("wrong_type")
    if "\x00" in value:
        raise WrongValue("control_character")
    if len(value) > most:
        raise WrongValue("too_long")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise WrongValue("wrong_value") from None
    return value


def _read_text(value: Any, rule: FieldRule, _at: datetime) -> str:
    words = clean(_text_of(value, rule.most or _LONG_ENOUGH)).strip()
    if not words:
        raise WrongValue("required")
    return words


def _read_choice(value: Any, rule: FieldRule, _at: datetime) -> str:
    return _one_of(value, rule.choices)


def _one_of(value: Any, known: Any) -> str:
    given = _text_of(value)
    if given not in known:
        raise WrongValue("not_allowed")
    return given


def _read_bool(value: Any, _rule: FieldRule, _at: datetime) -> bool:
    if not isinstance(value, bool):
        raise WrongValue("wrong_type")
    return value


def _read_rial(value: Any, _rule: FieldRule, _at: datetime) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongValue("wrong_type")
    if not 0 <= value <= MAX_RIAL:
        raise WrongValue("out_of_range")
    return value


def _number_reader(least: float, most: float) -> Reader:
    def read(value: Any, _rule: FieldRule, _at: datetime) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongValue("wrong_type")
        if not (math.isfinite(value) and least <= value <= most):
            raise WrongValue("out_of_range")
        return float(value)

    return read


def _read_datetime(value: Any, _rule: FieldRule, at: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(_text_of(value))
    except ValueError as error:
        raise WrongValue(getattr(error, "code", "wrong_value")) from error
    if moment.tzinfo is None:
        raise WrongValue("no_time_zone")
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise WrongValue("out_of_range") from None
    if moment > at + _CLOCK_SKEW:
        raise WrongValue("in_the_future")
    return moment


def _read_date(value: Any, _rule: FieldRule, at: datetime) -> date:
    day = parse_day(_text_of(value))
    if day is None:
        raise WrongValue("invalid_date")
    if day > tehran_day(at):
        raise WrongValue("in_the_future")
    return day


def _read_phone(value: Any, _rule: FieldRule, _at: datetime) -> Phone:
    phone = parse_phone(_text_of(value))
    if not isinstance(phone, Phone):
        raise WrongValue(phone.code)
    return phone


def _parsed(parse: Callable[[str], str | None], code: str) -> Reader:
    def read(value: Any, _rule: FieldRule, _at: datetime) -> str:
        found = parse(_text_of(value))
        if found is None:
            raise WrongValue(code)
        return found

    return read


def _matched(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    def parse(text: str) -> str | None:
        return text.strip().lower() if pattern.fullmatch(text.strip().lower()) else None

    return parse


def _known(values: Any) -> Reader:
    return lambda value, _rule, _at: _one_of(value, values)


def _string(**more: Any) -> Callable[[FieldRule], dict[str, Any]]:
    return lambda _rule: {"type": "string", **more}


def _number(least: float, most: float, kind: str = "number") -> Callable[[FieldRule], dict[str, Any]]:
    return lambda _rule: {"type": kind, "minimum": least, "maximum": most}


FIELD_TYPES: Final[Mapping[str, FieldType]] = {
    "text": FieldType(
        _read_text, lambda rule: {"type": "string", "minLength": 1, "maxLength": rule.most or _LONG_ENOUGH}
    ),
    "choice": FieldType(_read_choice, lambda rule: {"type": "string", "enum": list(rule.choices)}),
    "bool": FieldType(_read_bool, lambda _rule: {"type": "boolean"}),
    "rial": FieldType(_read_rial, _number(0, MAX_RIAL, "integer")),
    "lat": FieldType(_number_reader(-90, 90), _number(-90, 90)),
    "lon": FieldType(_number_reader(-180, 180), _number(-180, 180)),
    "accuracy_m": FieldType(_number_reader(0, _MAX_ACCURACY_M), _number(0, _MAX_ACCURACY_M)),
    "datetime": FieldType(_read_datetime, _string(format="date-time")),
    "date": FieldType(_read_date, _string(examples=["1405-08-20", "2026-11-11"])),
    "phone": FieldType(_read_phone, _string(examples=["09121234567"])),
    "national_id": FieldType(_parsed(parse_national_id, "invalid_national_id"), _string()),
    "guild_id": FieldType(_parsed(parse_guild_id, "invalid_guild_id"), _string()),
    "email": FieldType(_parsed(_matched(_EMAIL), "invalid_email"), _string()),
    "category": FieldType(_known(CATEGORIES), _string(enum=list(CATEGORIES))),
    "province": FieldType(_known(PROVINCE_CODES), _string(enum=list(PROVINCE_CODES))),
    "organisation": FieldType(_known(ORGANISATIONS), _string(enum=list(ORGANISATIONS))),
    "code": FieldType(_parsed(_matched(_CODE), "wrong_value"), _string(pattern=f"^{_CODE.pattern}$")),
    "username": FieldType(_parsed(_matched(_CODE), "wrong_value"), _string()),
    "tracking_code": FieldType(_parsed(parse_code, "invalid_tracking_code"), _string()),
}


@dataclass(frozen=True, slots=True)
class Body:
    """A checked body: the fields given, the move they choose, the note."""

    fields: Mapping[str, Any]
    variant: Variant
    note: str | None = None


def read_body(action: Action, given: Mapping[str, Any], at: datetime, also: Sequence[FieldError] = ()) -> Body:
    """Check a body against its action. Null is the same as absent; `version` is the caller's to check.

    Raises `Invalid` naming every wrong field, those in `also` first.
    """
    said = {name: value for name, value in _flat(action, given).items() if value is not None}
    said.pop("version", None)
    errors = list(also)
    note = _read_note(said.pop("note", None), errors)
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
    variant = _choose(action, fields, said, errors)
    required = [name for name, rule in action.fields.items() if not rule.optional]
    required += variant.requires if variant else ()
    errors += [FieldError(name, "required") for name in required if name not in said]
    if errors or variant is None:
        raise Invalid(errors)
    return Body(fields, variant, note)


def wrong_version(version: Any) -> str | None:
    """What is wrong with the version a caller says they saw (a code), or None."""
    if version is None:
        return "required"
    return None if isinstance(version, int) and not isinstance(version, bool) else "wrong_type"


def _read_note(note: Any, errors: list[FieldError]) -> str | None:
    try:
        return clean(_text_of(note, MAX_NOTE)).strip() or None if note is not None else None
    except WrongValue as error:
        errors.append(FieldError("note", error.code))
        return None


def _choose(
    action: Action, fields: Mapping[str, Any], said: Mapping[str, Any], errors: list[FieldError]
) -> Variant | None:
    given = [name for name in action.choosers if name in said]
    if action.choosers and not given:
        errors += [FieldError(name, "required") for name in action.choosers if action.fields[name].optional]
        return None
    if len(given) > 1:
        errors += [FieldError(name, "only_one_of_these") for name in given]
        return None
    return next((variant for variant in action.then if variant.chosen_by(fields)), None)


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
