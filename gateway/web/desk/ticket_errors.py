"""An action's form that was refused: what is wrong, in the summary and beside its field, with everything typed kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.web.desk.ticket_typed import CHOICE, has_choice_group
from gateway.web.desk.ticket_words import Words
from gateway.web.pages.forms import FilledForm, Wrong
from gateway.web.problems import field_error
from ticketing.errors import FieldError
from ticketing.procedure import Action


def refused_form(words: Words, action: Action, typed: Mapping[str, str], errors: Iterable[FieldError]) -> FilledForm:
    """The form again: a line for each error that leads to its field (ids: `<action>-<field>`), and words beside it."""
    lines: dict[str, Wrong] = {}
    beside: dict[str, str] = {}
    for error in errors:
        grouped = has_choice_group(action) and error.field in action.choosers
        name = CHOICE if grouped else error.field
        if name in beside:
            continue
        beside[name] = field_error(error, words.catalogue, words.language)["message"]
        said = {"label": words.field(action.code, name), "message": beside[name]}
        line = words.catalogue.say(words.language, "form.summary_line", **said)
        lines[name] = Wrong(f"{action.code}-{name}" if name != "version" else "", line)
    return FilledForm(typed, tuple(lines.values()), beside)


def complaint_about(words: Words, typed: Mapping[str, str], code: str) -> FilledForm:
    """The form again with one sentence about it as a whole."""
    return FilledForm(typed, (Wrong("", words.say(code)),))


def typed_lines(words: Words, action: str, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each field of a form as it was filled in, under its label."""
    own = ("version", "form_id", "seen_event", "procedure", "confirmed", "back")
    return [
        (_label(words, action, name), _shown(words, name, text))
        for name, text in typed.items()
        if text.strip() and name not in own
    ]


def _label(words: Words, action: str, name: str) -> str:
    base, _, part = name.rpartition(".")
    if part in ("day", "month", "year", "clock", "other"):
        return f"{words.field(action, base)} ({words.say(f'part.{part}')})"
    return words.field(action, name)


def _shown(words: Words, name: str, text: str) -> str:
    """A choice in its words, anything else as it was typed."""
    chooser, _, value = text.partition(":") if name == "choice" else (name, "", text)
    return words.choice(chooser, value) if value != text or name != "choice" else text
