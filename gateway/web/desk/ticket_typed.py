"""What was typed into an action's form, as the body the use case takes: choices of one group among it.

Reads by the types of the procedure's data, no action by name; what is wrong stays as it was typed, for the use case to
refuse by its field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gateway.web.field_controls import put_together, readers_of
from gateway.web.pages.forms import nested, whole_number
from ticketing.procedure import Action

CHOICE: Final = "choice"
"""The one group of an action several of whose fields choose what happens: its values are `field:value`."""


def body_of(action: Action, typed: Mapping[str, str]) -> dict[str, Any]:
    """The body for `act`: the action's fields, note and version; whatever else was sent is left out."""
    said = {**typed, **_chosen(action, typed), **put_together(action.fields, typed)}
    return nested(said, {**readers_of(action.fields), "note": str, "version": whole_number})


def has_choice_group(action: Action) -> bool:
    """True where several fields choose what happens, so that one group of the form offers them all."""
    return len(action.choosers) > 1


def _chosen(action: Action, typed: Mapping[str, str]) -> dict[str, str]:
    if not has_choice_group(action):
        return {}
    name, _, value = typed.get(CHOICE, "").partition(":")
    return {each: value if each == name else "" for each in action.choosers}
