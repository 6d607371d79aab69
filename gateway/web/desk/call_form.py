"""The operator's form: its fields, the report they make, and its errors in the operator's words. It files nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.catalogue import Catalogue, sort_key
from gateway.web.pages.forms import FilledForm, Wrong, nested
from gateway.web.problems import field_error, invalid
from normalizer.gazetteer import PROVINCES
from normalizer.identity import guild_id_ok
from ticketing.errors import FieldError

CHANNEL_CODES: Final = ("phone", "counter", "letter")
FIELDS: Final = (
    *("category", "text", "business.name", "place.province", "phone", "name", "where", "place.county"),
    *("anonymous", "channel", "call_id"),
)
"""In the order of the page: what makes a ticket complete comes first.

`where` is the guild id or the address of the shop, whichever is said.
"""
_LONGEST_FIELD: Final = 10_000
_READ_AS_THEY_ARE: Final = dict.fromkeys(
    ("text", "category", "business.name", "place.province", "place.county", "phone", "name", "call_id"), str
)
_STANDS_IN: Final = {"business.guild_id": "where", "business.address": "where"}


def typed_in(value: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, by field, of a form or of the same as JSON. Raises Problem 422 for what is no text."""
    typed = {name: value[name] for name in (*FIELDS, "form_id", "act", "ticket", "parked") if name in value}
    wrong = [(name, "wrong_type") for name, said in typed.items() if not isinstance(said, str)]
    if wrong:
        raise invalid(*wrong)
    return typed


def kept_fields(typed: Mapping[str, str], *more: str) -> dict[str, str]:
    """What a draft or a logged call keeps of a form: the filled ones of its fields and of `more`, cut to a length."""
    return {name: typed[name][:_LONGEST_FIELD] for name in (*FIELDS, *more) if typed.get(name)}


def payload_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """The report as CONTRACT §6 has it. What an anonymous caller's telephone gave away is left out."""
    payload = {"text": "", **nested(typed, _READ_AS_THEY_ARE)}
    channel = typed.get("channel", "")
    payload["channel"] = channel if channel else CHANNEL_CODES[0]
    where = typed.get("where", "").strip()
    if where:
        payload.setdefault("business", {})["guild_id" if guild_id_ok(where) else "address"] = where
    if typed.get("anonymous"):
        payload["anonymous"] = True
        payload.pop("phone", None)
        payload.pop("name", None)
    return payload


def is_empty(typed: Mapping[str, str]) -> bool:
    """True where nothing was typed that would be missed."""
    return not any(typed.get(name, "").strip() for name in FIELDS if name not in ("channel", "call_id"))


def wrong_lines(errors: Sequence[FieldError], catalogue: Catalogue, language: str) -> list[dict[str, str]]:
    """Each error as `{field, code, message}`, at the field of the page it belongs to, in the page's order."""
    placed = [FieldError(_STANDS_IN.get(error.field, error.field), error.code) for error in errors]
    placed.sort(key=lambda error: FIELDS.index(error.field) if error.field in FIELDS else len(FIELDS))
    return [_worded(error, catalogue, language) for error in placed]


def wrongly_filled(typed: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> FilledForm:
    """The form again: everything typed, each error in the summary and beside its field."""
    errors = tuple(Wrong(line["field"] if line["field"] in FIELDS else "", line["message"]) for line in lines)
    return FilledForm(typed, errors, {line["field"]: line["message"] for line in lines})


def provinces(language: str) -> list[tuple[str, str, str]]:
    """Codes, names and area codes of the provinces in the order of the language."""
    if language == "fa":
        named = [(code, each.name, each.area_code) for code, each in PROVINCES.items()]
        return sorted(named, key=lambda each: sort_key(each[1]))
    return sorted(((code, each.english, each.area_code) for code, each in PROVINCES.items()), key=lambda each: each[1])


def _worded(error: FieldError, catalogue: Catalogue, language: str) -> dict[str, str]:
    line = field_error(error, catalogue, language)
    own = f"calls.wrong.{error.field}.{error.code}"
    return {**line, "message": catalogue.say(language, own)} if catalogue.has(own) else line
