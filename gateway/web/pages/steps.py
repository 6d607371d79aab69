"""The questions of a report, one a page: their order, which fields each asks for, and which may be skipped when.

It judges answers by the API's own rules, a page's at a time; what a whole report lacks is for the whole to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from channels.report_body import ReportBody, check
from gateway.web.pages.forms import nested, whole_number
from normalizer.identity import parse_guild_id
from normalizer.text import clean, digits, fold
from ticketing.errors import FieldError

DATE_PARTS: Final = ("year", "month", "day")
FIELDS: Final[Mapping[str, Callable[[str], object]]] = {
    "text": str,
    "category": str,
    "damages_rial": whole_number,
    "business.guild_id": str,
    "business.name": str,
    "business.address": str,
    "place.province": str,
    "place.county": str,
    "place.lat": float,
    "place.lon": float,
    "phone": str,
    "name": str,
}
"""What a report's form may hold beside its date, photos and `anonymous`, each with how its text is read."""

_URL_DIGITS: Final = re.compile(r"(?<![0-9])[0-9]{10}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Step:
    """One page: the part of the report it belongs to (1 …), its form's fields, and the report's fields they make."""

    code: str
    part: int
    inputs: tuple[str, ...]
    fields: tuple[str, ...]


STEPS: Final = (
    Step("subject", 1, ("category",), ("category",)),
    Step("licence", 2, ("business.guild_id",), ("business.guild_id",)),
    Step(
        "shop",
        2,
        ("business.name", "business.address", "place.province", "place.county", "place.lat", "place.lon"),
        ("business.name", "business.address", "place.province", "place.county", "place.lat", "place.lon"),
    ),
    Step("what", 3, ("text", *DATE_PARTS, "damages_rial"), ("text", "happened_on", "damages_rial")),
    Step("photos", 4, (), ("files",)),
    Step("contact", 5, ("phone", "name", "anonymous"), ("phone", "name")),
)
CHECK: Final = Step("check", 6, (), ())
BY_CODE: Final = {step.code: step for step in (*STEPS, CHECK)}
PARTS: Final = CHECK.part


def payload_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """The form as the API's JSON. The text stays even when it is empty, for it is what a report is."""
    payload = {"text": "", **nested(typed, FIELDS)}
    parts = [digits(clean(typed.get(part, ""))) for part in DATE_PARTS]
    if any(parts):
        year, month, day = parts
        payload["happened_on"] = f"{year}-{month.zfill(2)}-{day.zfill(2)}"[:40]
    if typed.get("anonymous"):
        payload["anonymous"] = True
        payload.pop("phone", None)
        payload.pop("name", None)
    return payload


def errors_of(typed: Mapping[str, str], today: date) -> list[FieldError]:
    """Everything that is wrong with the form as a whole report."""
    found = check(ReportBody, payload_of(typed), today)
    return [FieldError(name, code) for name, code in found] if isinstance(found, tuple) else []


def errors_at(step: Step, typed: Mapping[str, str], today: date) -> list[FieldError]:
    """What is wrong with this page's answers."""
    return [error for error in errors_of(typed, today) if error.field in step.fields]


def way(typed: Mapping[str, str]) -> list[Step]:
    """The pages there are to see: a guild id spares those about the shop."""
    return [step for step in STEPS if step.code != "shop" or not typed.get("business.guild_id")]


def after(step: Step, typed: Mapping[str, str]) -> Step:
    """The page that follows."""
    rest = [each for each in way(typed) if STEPS.index(each) > STEPS.index(step)]
    return rest[0] if rest else CHECK


def before(step: Step, typed: Mapping[str, str]) -> Step | None:
    """The page to go back to; None on the first."""
    place = len(STEPS) if step is CHECK else STEPS.index(step)
    earlier = [each for each in way(typed) if STEPS.index(each) < place]
    return earlier[-1] if earlier else None


def unanswered(typed: Mapping[str, str], today: date) -> Step | None:
    """The first page whose answers cannot be sent; None where all can."""
    wrong = {error.field for error in errors_of(typed, today)}
    return next((step for step in way(typed) if wrong.intersection(step.fields)), None)


def answers_of(step: Step, sent: Mapping[str, str]) -> dict[str, str]:
    """This page's answers of what a browser sent, as they are kept: a licence's link becomes the id it holds."""
    answers = {name: sent.get(name, "") for name in step.inputs}
    return {name: _tidied(name, text) for name, text in answers.items()}


def _tidied(name: str, text: str) -> str:
    if name == "text":
        return text if clean(text) else ""
    if name == "business.guild_id":
        return licence_id(text) or clean(text)
    if name == "anonymous":
        return "yes" if text else ""
    return text.strip()


def licence_id(text: str) -> str | None:
    """The guild id of a number or of a licence's link, whoever's address it is. None where it shows no one id."""
    found = parse_guild_id(clean(text))
    if found is not None or "/" not in text:
        return found
    numbers: Iterable[str] = dict.fromkeys(_URL_DIGITS.findall(fold(text)))
    ids = list(numbers)
    return ids[0] if len(ids) == 1 else None
