"""What the normalizer makes of a report: facts in one form, what was meant, and what is missing."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from normalizer.fact import Fact
from normalizer.report import Business, Place

INTENTS = (
    "complaint",
    "addition",
    "status",
    "answer",
    "withdrawal",
    "thanks",
    "abuse",
    "spam",
    "elsewhere",
    "other",
)
CATEGORIES = (
    "contraband",
    "fraud",
    "hoarding",
    "off_network",
    "pricing_rules",
    "forced_sale",
    "price_not_displayed",
    "no_invoice",
    "overcharging",
    "short_measure",
    "other",
)
MISSING = ("category", "business", "place", "phone")


class Complaint(NamedTuple):
    """A normalised report.

    `text` is clean Persian for people, `key` the folded form for matching. Phones are E.164;
    `phone` is the citizen's own mobile, `landline` their own landline if that is all there is,
    `phones` all those in the text. `category` is None where nothing pointed anywhere
    surely enough; `category_second` is then the best guess, if there was one. `happened_on` is a Gregorian day.
    `missing` holds, in the order they are asked, those of `MISSING` that are lacking (CONTRACT §4).
    `facts` says of what was read in the text where it stands, how surely and by which rule, in the order of the text.
    `answer` is the value read from a bare answer: "1".."5", "yes" or "no".
    """

    text: str
    key: str
    intent: str
    language: str
    phone: str | None
    landline: str | None
    email: str | None
    chat: str | None
    name: str | None
    national_id: str | None
    anonymous: bool
    category: str | None
    category_confidence: float
    category_second: str | None
    business: Business
    place: Place
    damages_rial: int | None
    happened_on: date | None
    urgent: bool
    phones: tuple[str, ...]
    national_ids: tuple[str, ...]
    guild_ids: tuple[str, ...]
    tracking_codes: tuple[str, ...]
    emails: tuple[str, ...]
    amounts_rial: tuple[int, ...]
    facts: tuple[Fact, ...]
    answer: str | None
    missing: tuple[str, ...]
