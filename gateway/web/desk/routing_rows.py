"""Rules of routing as rows of a form: what was typed into one, how rows are moved about, and what each says in words.

Rules are kept as config.toml has them; this knows their fields and not what makes them right (`ticketing.routing`).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from gateway.web.desk.admin_frame import LONGEST
from gateway.web.pages.forms import whole_number
from ticketing.errors import FieldError, Invalid
from ticketing.routing import Rule
from ticketing.wrong_key import WrongKey

CODES: Final = ("category", "province", "organisation", "channel")
"""The conditions that name codes, any of which will do."""
_YES_NO: Final = {"yes": True, "no": False}
_MOVES: Final = {"up": -1, "down": 1}
Rules = Sequence[Mapping[str, Any]]
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Edited:
    """The rules after a row was moved, opened, added or removed, and which row is open now."""

    rules: Rules
    open: int | None = None


def parse_rules(text: str) -> Rules:
    """The rules of a text laid out as in config.toml. Raises `WrongKey`, TOMLDecodeError.

    A text that may have been cut is refused: what is left of it could still be rules, but other ones.
    """
    if len(text) >= LONGEST:
        raise WrongKey("rules", f"keep them under {LONGEST} characters")
    given = tomllib.loads(text)
    rules = given.get("rules", [])
    others = [name for name in given if name != "rules"]
    if others or not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise WrongKey(others[0] if others else "rules", "begin each rule with [[rules]]")
    return rules


def lay_out(rules: Rules) -> str:
    """The rules as config.toml has them; every value of a rule is written alike in JSON and TOML."""
    return "\n\n".join("\n".join(("[[rules]]", *map(_line, rule.items()))) for rule in rules)


def ticked_of(typed: Mapping[str, str], name: str) -> list[str]:
    """The codes ticked for one condition of the open row."""
    prefix = f"rule.{name}."
    return [field.removeprefix(prefix) for field in typed if field.startswith(prefix)]


def typed_rule(typed: Mapping[str, str]) -> dict[str, Any]:
    """The rule in the fields of the open row. Raises `Invalid` naming the wrong ones, `rule.<field>`."""
    amount = typed.get("rule.min_amount_rial", "").strip()
    rule: dict[str, Any] = {
        "procedure": typed.get("rule.procedure") or None,
        **{name: ticked_of(typed, name) or None for name in CODES},
        "min_amount_rial": _number(amount) if amount else None,
        "has_guild_id": _YES_NO.get(typed.get("rule.has_guild_id", "")),
        "route": typed.get("rule.route") or None,
        "body": typed.get("rule.body", "").strip() or None,
        "automatic": bool(typed.get("rule.automatic")) or None,
    }
    given = {name: value for name, value in rule.items() if value is not None}
    try:
        Rule.model_validate(given)
    except ValidationError as error:
        wrong = dict.fromkeys(str(each["loc"][0]) for each in error.errors(include_url=False))
        raise Invalid([FieldError(f"rule.{name}", _code(name, given)) for name in wrong]) from None
    return given


def edit_rows(rules: Rules, action: str, place: int) -> Edited | None:
    """Do what a button says: `add`; `keep` or `close` the open row; `edit`, move or `remove` one. None for another.

    What is closed without being kept leaves no empty rule behind.
    """
    rows = list(rules)
    if action == "add":
        return Edited([*rows, {}], len(rows))
    if action in ("keep", "rows"):
        return Edited(rows)
    if action == "close":
        return Edited([rule for rule in rows if rule])
    if not 0 <= place < len(rows):
        return None
    if action == "edit":
        return Edited(rows, place)
    if action == "remove":
        return Edited(rows[:place] + rows[place + 1 :])
    other = place + _MOVES.get(action, 0)
    if action not in _MOVES or not 0 <= other < len(rows):
        return None
    rows[place], rows[other] = rows[other], rows[place]
    return Edited(rows)


def conditions_of(rule: Mapping[str, Any], say: Callable[..., str], names: Names) -> Iterator[str]:
    """What a ticket must meet, condition by condition, in words; codes that are none are shown as they are."""
    for name in ("procedure", *CODES):
        given = rule.get(name)
        if given is not None:
            codes = given if isinstance(given, list | tuple) else [given]
            known = names.get(name, {})
            listed = say("admin.or").join(str(known.get(str(code), code)) for code in codes)
            yield say("admin.condition", label=say(f"label.rule.{name}"), value=listed)
    if rule.get("min_amount_rial") is not None:
        yield say("admin.condition_amount", amount=rule["min_amount_rial"])
    if rule.get("has_guild_id") is not None:
        yield say(f"admin.condition_guild_id.{'yes' if rule['has_guild_id'] else 'no'}")


def _line(setting: tuple[str, Any]) -> str:
    name, value = setting
    return f"{name} = {json.dumps(value, ensure_ascii=False, default=str)}"


def _number(text: str) -> int | str:
    """The amount, or what was typed where it is none: for the rule's own check to refuse."""
    try:
        return whole_number(text)
    except ValueError:
        return text


def _code(name: str, given: Mapping[str, Any]) -> str:
    return "wrong_value" if name in given else "required"
