"""A form as a person filled it in: what was typed, kept, and what is wrong with it, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from gateway.catalogue import Catalogue
from gateway.web.problems import Problem, field_error
from normalizer.text import digits
from sms.digits import is_ascii_number
from ticketing.errors import FieldError, KeyReused
from ticketing.writer import Unavailable


@dataclass(frozen=True, slots=True)
class Wrong:
    """One line of the error summary, pointing at `field`; "" points at nothing."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What was typed and what is wrong, for the templates."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[Wrong, ...] = ()
    beside: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What was typed into the field."""
        return self.typed.get(name, "")

    def error(self, name: str) -> str:
        """What is wrong with the field, or ""."""
        return self.beside.get(name, "")


def refused(
    typed: Mapping[str, str],
    errors: Iterable[FieldError],
    catalogue: Catalogue,
    language: str,
    labels: Mapping[str, str] = MappingProxyType({}),
) -> FilledForm:
    """The form again with its errors: each in the summary under its label, and beside its field.

    `labels` are those of fields that the catalogue does not know.
    """
    lines: dict[str, Wrong] = {}
    beside: dict[str, str] = {}
    for error in errors:
        if error.field not in beside:
            known = f"label.{error.field}"
            label = catalogue.say(language, known) if catalogue.has(known) else labels.get(error.field, "")
            line, beside[error.field] = _words(error, label, catalogue, language)
            lines[error.field] = Wrong(error.field if label else "", line)
    return FilledForm(typed, tuple(lines.values()), beside)


def _words(error: FieldError, label: str, catalogue: Catalogue, language: str) -> tuple[str, str]:
    """The line in the summary and the one beside the field: the same, where this field has its own sentence."""
    own = f"form.{error.field}.{error.code}"
    if catalogue.has(own):
        sentence = catalogue.say(language, own)
        return sentence, sentence
    sentence = field_error(error, catalogue, language)["message"]
    if not label:
        return sentence, sentence
    return catalogue.say(language, "form.summary_line", label=label, message=sentence), sentence


def complained(typed: Mapping[str, str], message: str, field_name: str = "") -> FilledForm:
    """The form again with one sentence about it as a whole, or about one field."""
    return FilledForm(typed, (Wrong(field_name, message),), {field_name: message} if field_name else {})


def after_refusal(
    typed: Mapping[str, str],
    refusal: Problem | KeyReused | Unavailable,
    catalogue: Catalogue,
    language: str,
    *,
    fields: Sequence[str],
    labels: Mapping[str, str] = MappingProxyType({}),
) -> tuple[FilledForm, str, int]:
    """The form again, its id and the answer's status; errors are told in the order of `fields`, others last.

    One that was sent before gets a fresh id, one that could not be stored keeps its own.
    """
    if isinstance(refusal, Problem):
        places = {name: place for place, name in enumerate(fields)}
        errors = sorted(refusal.errors, key=lambda error: places.get(error.field, len(places)))
        return refused(typed, errors, catalogue, language, labels), uuid4().hex, 422
    if isinstance(refusal, KeyReused):
        return complained(typed, catalogue.say(language, "form.sent_before")), uuid4().hex, 422
    return complained(typed, catalogue.say(language, "form.unavailable")), form_id_of(typed), 503


def nested(typed: Mapping[str, str], read: Mapping[str, Callable[[str], object]]) -> dict[str, Any]:
    """The fields named in `read` as the API's JSON: dots are nesting, empty fields are left out.

    Each is put through its reader, which may raise ValueError: then it stays the text it was, for the schema to refuse.
    """
    result: dict[str, Any] = {}
    for name, reader in read.items():
        text = typed.get(name, "").strip()
        if not text:
            continue
        *path, leaf = name.split(".")
        place = result
        for part in path:
            place = place.setdefault(part, {})
        try:
            place[leaf] = reader(text)
        except ValueError:
            place[leaf] = text
    return result


def form_id_of(typed: Mapping[str, str]) -> str:
    """The form's own id, which makes it done once however often it is sent; a fresh one for none or another thing."""
    try:
        return UUID(typed.get("form_id", "")).hex
    except ValueError:
        return uuid4().hex


def whole_number(text: str) -> int:
    """A number as people write it: any script, grouped. Raises ValueError."""
    bare = digits(text).translate(str.maketrans("", "", " ,٬،_"))
    if not is_ascii_number(bare):
        raise ValueError("not a whole number")
    return int(bare)
