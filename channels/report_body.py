"""The shape of a report in JSON, checked field by field: one definition for the API, the form, staff and OpenAPI.

Errors are (field, code) pairs; the codes are in `CODES`, and whoever answers translates them. Judging whether a phone
or a national id is one belongs to the normalizer, which is asked here so that its no comes with the other noes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from channels.address import is_address
from channels.wording import one_line
from normalizer.complaint import CATEGORIES
from normalizer.day import parse_day
from normalizer.identity import guild_id_ok, national_id_ok
from normalizer.phone import PhoneProblem, parse_phone
from normalizer.place import PROVINCES
from normalizer.text import clean, digits

MAX_TEXT_CHARS = 10_000
MAX_RIAL = 10**15
_SHORT = re.compile(r"[\s-]*(?:[0-9][\s-]*){3,8}")

_BY_TYPE = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_unicode": "wrong_value",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "finite_number": "out_of_range",
    "int_parsing_size": "out_of_range",
    "literal_error": "not_allowed",
}
_OWN = (
    "required",
    "control_character",
    "wrong_value",
    "invalid_phone",
    "foreign_phone",
    "invalid_email",
    "invalid_national_id",
    "invalid_guild_id",
    "unknown_category",
    "unknown_province",
    "invalid_date",
    "in_future",
)
CODES = frozenset({*_BY_TYPE.values(), *_OWN, "wrong_type"})


def _no(code: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{code}", {"code": code})


def _clean(text: str) -> str:
    if "\x00" in text:
        raise _no("control_character")
    return text


def _absent_if_blank(value: Any) -> Any:
    """What is free to say and left blank was not said; of a code or a day, blank is none."""
    return None if isinstance(value, str) and not value.strip() else value


def _said_something(text: str) -> str:
    if not clean(text):  # invisible marks say nothing either
        raise _no("required")
    return text


def _phone(text: str) -> str:
    found = parse_phone(text)
    if isinstance(found, PhoneProblem):
        raise _no(found.code)
    return text


def _email(text: str) -> str:
    if not is_address(text.strip()) or "." not in text.rpartition("@")[2].strip(". "):
        raise _no("invalid_email")
    return text.strip()


def _national_id(text: str) -> str:
    if not national_id_ok(text):
        raise _no("invalid_national_id")
    return text


def _trader_phone(text: str) -> str:
    """A trader may also have a short number, such as 1500, that is nobody's own."""
    found = parse_phone(text)
    if isinstance(found, PhoneProblem) and not (found.code == "invalid_phone" and _SHORT.fullmatch(digits(text))):
        raise _no(found.code)
    return text


def _guild_id(text: str) -> str:
    if not guild_id_ok(text):
        raise _no("invalid_guild_id")
    return text


def _category(text: str) -> str:
    if text not in CATEGORIES:
        raise _no("unknown_category")
    return text


def _province(text: str) -> str:
    if text not in PROVINCES:
        raise _no("unknown_province")
    return text


def _past_day(text: str, info: ValidationInfo) -> str:
    day = parse_day(text)
    if day is None:
        raise _no("invalid_date")
    today: date | None = (info.context or {}).get("today")
    if today is not None and day > today:
        raise _no("in_future")
    return text


_CLEAN, _BLANK = AfterValidator(_clean), BeforeValidator(_absent_if_blank)
Line = Annotated[Annotated[str, Field(max_length=500), _CLEAN] | None, _BLANK]
TraderPhone = Annotated[Annotated[str, Field(max_length=40), _CLEAN, AfterValidator(_trader_phone)] | None, _BLANK]
GuildId = Annotated[
    Annotated[str, Field(max_length=500, examples=["0512345678"]), _CLEAN, AfterValidator(_guild_id)] | None, _BLANK
]
Phone = Annotated[
    Annotated[str, Field(max_length=40, examples=["09121234567"]), _CLEAN, AfterValidator(_phone)] | None, _BLANK
]
Email = Annotated[Annotated[str, Field(max_length=254), _CLEAN, AfterValidator(_email)] | None, _BLANK]
NationalId = Annotated[str, Field(max_length=40), _CLEAN, AfterValidator(_national_id)] | None
Category = Annotated[str, Field(json_schema_extra={"enum": list(CATEGORIES)}), AfterValidator(_category)] | None
Province = Annotated[str, Field(json_schema_extra={"enum": sorted(PROVINCES)}), AfterValidator(_province)] | None
Day = (
    Annotated[str, Field(max_length=40, examples=["1405-08-20", "2026-11-11"]), _CLEAN, AfterValidator(_past_day)]
    | None
)
Text = Annotated[str, Field(max_length=MAX_TEXT_CHARS), _CLEAN, AfterValidator(_said_something)]


class _Body(BaseModel):
    """Nothing unknown, and no number for a text or text for a number."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class BusinessBody(_Body):
    """The trader complained of; a guild id spares the rest."""

    name: Line = None
    guild_id: GuildId = None
    address: Line = None
    phone: TraderPhone = None
    kind: Literal["guild", "producer", "service"] | None = None


class PlaceBody(_Body):
    """Where it happened: ISO 3166-2:IR two digits, Persian county name, WGS 84 degrees."""

    province: Province = None
    county: Line = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None


class FactsBody(_Body):
    """The facts of a report, each of which may be missing; what completing a ticket adds has this shape."""

    phone: Phone = None
    name: Line = None
    national_id: NationalId = None
    email: Email = None
    anonymous: bool = False
    category: Category = None
    business: BusinessBody | None = None
    place: PlaceBody | None = None
    damages_rial: Annotated[int, Field(ge=0, le=MAX_RIAL)] | None = None
    happened_on: Day = None


class ReportBody(FactsBody):
    """A report of a citizen. `phone` is required unless `anonymous`; `procedure` is a consumer's complaint unless said.

    `details` are what that procedure asks beside; whether they are right is for those to say who know the procedure.
    """

    text: Text
    procedure: Annotated[str, Field(max_length=32), _CLEAN] | None = None
    details: dict[Annotated[str, Field(max_length=64)], Any] | None = None


Body = TypeVar("Body", bound=FactsBody)


def check(model: type[Body], payload: object, today: date) -> Body | tuple[tuple[str, str], ...]:
    """`payload` as the model, or every (field, code) that is wrong. `today` is the day it is in Tehran."""
    errors: list[tuple[str, str]] = []
    body: Body | None = None
    try:
        body = model.model_validate(payload, context={"today": today})
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        errors = [(_path(each["loc"]), _code(each["type"])) for each in found]
    if _lacks_phone(model, payload) and not any(field == "phone" for field, _ in errors):
        errors.append(("phone", "required"))
    if body is None or errors:
        return tuple(errors)
    return body


def _lacks_phone(model: type[FactsBody], payload: object) -> bool:
    if not issubclass(model, ReportBody) or not isinstance(payload, Mapping):
        return False
    return _absent_if_blank(payload.get("phone")) is None and payload.get("anonymous") is not True


def _path(location: tuple[int | str, ...]) -> str:
    """`business.guild_id`. Unknown names are the sender's own words: cut, and on one line."""
    return ".".join(one_line(str(part), 64) for part in location) or "report"


def _code(kind: str) -> str:
    if kind in _OWN:
        return kind
    return _BY_TYPE.get(kind) or ("wrong_type" if kind.endswith("_type") else "wrong_value")
