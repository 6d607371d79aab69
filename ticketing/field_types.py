"""The types of fields an action's body may have: each reads a value, or says with a code what is wrong with it.

Only what can be told from the words is told here: whether a username is an inspector's, or a code a visible
ticket's, is for the action's effect to say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from normalizer.complaint import CATEGORIES
from normalizer.day import parse_day, tehran_day
from normalizer.identity import parse_guild_id, parse_national_id
from normalizer.phone import Phone, parse_phone
from normalizer.text import clean, digits
from normalizer.tracking_code import parse_code
from ticketing.ids import parse_id
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES

if TYPE_CHECKING:
    from ticketing.procedure import FieldRule

MAX_RIAL: Final = 10**15
_MOST_COUNTED: Final = 10_000
_MAX_ACCURACY_M: Final = 100_000
_CLOCK_SKEW: Final = timedelta(minutes=5)
_LONG_ENOUGH: Final = 500
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_RECEIPT: Final = re.compile(r"(?<![0-9/-])[0-9](?:[0-9/-]{2,28})[0-9](?![0-9/-])")
_MONEY: Final = re.compile(r"[0-9][0-9,٬.]*\s*(?:ریال|تومان|rial|toman)", re.IGNORECASE)
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


def read_words(value: Any, most: int = _LONG_ENOUGH) -> str:
    """A text that can be stored, as it is. Raises `WrongValue`."""
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
    words = clean(read_words(value, rule.most or _LONG_ENOUGH)).strip()
    if not words:
        raise WrongValue("required")
    return words


def _read_choice(value: Any, rule: FieldRule, _at: datetime) -> str:
    return _one_of(value, rule.choices)


def _one_of(value: Any, known: Any) -> str:
    given = read_words(value)
    if given not in known:
        raise WrongValue("not_allowed")
    return given


def _read_bool(value: Any, _rule: FieldRule, _at: datetime) -> bool:
    if not isinstance(value, bool):
        raise WrongValue("wrong_type")
    return value


def _whole_reader(most: int) -> Reader:
    def read(value: Any, _rule: FieldRule, _at: datetime) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise WrongValue("wrong_type")
        if not 0 <= value <= most:
            raise WrongValue("out_of_range")
        return value

    return read


def _number_reader(least: float, most: float) -> Reader:
    def read(value: Any, _rule: FieldRule, _at: datetime) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongValue("wrong_type")
        if not (math.isfinite(value) and least <= value <= most):
            raise WrongValue("out_of_range")
        return float(value)

    return read


def _read_datetime(value: Any, _rule: FieldRule, at: datetime) -> datetime:
    words = read_words(value)
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise WrongValue("wrong_value") from None
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
    day = parse_day(read_words(value))
    if day is None:
        raise WrongValue("invalid_date")
    if day > tehran_day(at):
        raise WrongValue("in_the_future")
    return day


def _read_phone(value: Any, _rule: FieldRule, _at: datetime) -> Phone:
    phone = parse_phone(read_words(value))
    if not isinstance(phone, Phone):
        raise WrongValue(phone.code)
    return phone


def _read_receipt(value: Any, _rule: FieldRule, _at: datetime) -> str:
    """The longest number in the words that is no amount of money."""
    words = digits(clean(read_words(value)))
    numbers: list[str] = sorted(_RECEIPT.findall(_MONEY.sub(" ", words)), key=len)
    if not numbers:
        raise WrongValue("invalid_receipt")
    return numbers[-1]


def _parsed(parse: Callable[[str], Any], code: str) -> Reader:
    def read(value: Any, _rule: FieldRule, _at: datetime) -> Any:
        found = parse(read_words(value))
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
    "count": FieldType(_whole_reader(_MOST_COUNTED), _number(0, _MOST_COUNTED, "integer")),
    "rial": FieldType(_whole_reader(MAX_RIAL), _number(0, MAX_RIAL, "integer")),
    "lat": FieldType(_number_reader(-90, 90), _number(-90, 90)),
    "lon": FieldType(_number_reader(-180, 180), _number(-180, 180)),
    "accuracy_m": FieldType(_number_reader(0, _MAX_ACCURACY_M), _number(0, _MAX_ACCURACY_M)),
    "datetime": FieldType(_read_datetime, _string(format="date-time")),
    "date": FieldType(_read_date, _string(examples=["1405-08-20", "2026-11-11"])),
    "phone": FieldType(_read_phone, _string(examples=["09121234567"])),
    "receipt": FieldType(_read_receipt, _string(examples=["140508301234"])),
    "national_id": FieldType(_parsed(parse_national_id, "invalid_national_id"), _string()),
    "guild_id": FieldType(_parsed(parse_guild_id, "invalid_guild_id"), _string()),
    "email": FieldType(_parsed(_matched(_EMAIL), "invalid_email"), _string()),
    "category": FieldType(_known(CATEGORIES), _string(enum=list(CATEGORIES))),
    "province": FieldType(_known(PROVINCE_CODES), _string(enum=list(PROVINCE_CODES))),
    "organisation": FieldType(_known(ORGANISATIONS), _string(enum=list(ORGANISATIONS))),
    "code": FieldType(_parsed(_matched(_CODE), "wrong_value"), _string(pattern=f"^{_CODE.pattern}$")),
    "username": FieldType(_parsed(_matched(_CODE), "wrong_value"), _string()),
    "report": FieldType(_parsed(parse_id, "no_such_report"), _string(pattern="^[0-9]{1,19}$")),
    "slot": FieldType(_parsed(parse_id, "no_such_slot"), _string(pattern="^[0-9]{1,19}$")),
    "tracking_code": FieldType(_parsed(parse_code, "invalid_tracking_code"), _string()),
}
