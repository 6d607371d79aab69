"""From a report to a complaint: what was said, in one form, and what is still missing. Never refuses a text.

Reads as the story does. Facts given by the channel's own fields always win over those read from the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Final

from normalizer.business import find_trader_in
from normalizer.category import NOTHING, PLAIN, Category, category_of
from normalizer.complaint import CATEGORIES, MISSING, Complaint
from normalizer.contact import Contact, contact_of
from normalizer.fact import Fact
from normalizer.gazetteer import canonical_county
from normalizer.guessing import Guessing
from normalizer.happened import find_day_fact
from normalizer.identifiers import Identifiers, find_identifiers
from normalizer.identity import parse_guild_id, parse_national_id
from normalizer.intent import answer_of, intent_of
from normalizer.language import language_of
from normalizer.money import find_amounts_in
from normalizer.own_words import own_words
from normalizer.phone import Phone, parse_phone
from normalizer.place import find_place, find_place_in, nearest_province, province_of, province_of_area
from normalizer.reading import Reading, read
from normalizer.report import Business, Place, Report
from normalizer.telling import business_facts, category_facts, place_facts
from normalizer.text import clean
from normalizer.urgency import find_urgency_in

_GIVEN: Final = 1.0
_MORE_WORDS: Final = frozenset(("addition", "answer"))
# What tells of something that happened; in a question, thanks or spam a day is of something else.
_TELLING: Final = frozenset(("complaint", "addition", "elsewhere"))
_START: Final = attrgetter("start")
_MOBILE: Final = "+989"


def normalize(report: Report) -> Complaint:
    """Makes a complaint of any report; the same report always gives the same one."""
    said = own_words(report.text)
    reading = read(f"{report.subject}\n{said}" if report.subject else said)
    numbers = find_identifiers(reading.key)
    contact = contact_of(report, numbers)
    amounts = find_amounts_in(reading)
    guessing = Guessing(reading)
    answer = _answer(report, reading)
    intent = _intent(report, reading, numbers, answer, guessing)
    category = _category(report, reading, intent, guessing)
    business = _business(report, reading, numbers)
    place = _place(report, reading, business, _areas(numbers))
    day = find_day_fact(reading, report.received_at) if intent in _TELLING else None
    urgency = find_urgency_in(reading) if intent != "spam" else []
    return Complaint(
        text=reading.text,
        key=reading.key,
        intent=intent,
        language=language_of(reading),
        phone=contact.phone,
        landline=contact.landline,
        email=contact.email,
        chat=report.sender.chat,
        name=clean(report.sender.name) or None if report.sender.name else None,
        national_id=parse_national_id(report.sender.national_id) if report.sender.national_id else None,
        anonymous=report.anonymous,
        category=category.name,
        category_confidence=category.confidence,
        category_second=category.second,
        business=business,
        place=place,
        damages_rial=report.damages_rial,
        happened_on=report.happened_on or (date.fromisoformat(day.value) if day else None),
        urgent=bool(urgency),
        phones=numbers.phones,
        national_ids=numbers.national_ids,
        guild_ids=numbers.guild_ids,
        tracking_codes=numbers.tracking_codes,
        emails=numbers.emails,
        amounts_rial=tuple(dict.fromkeys(int(amount.value) for amount in amounts)),
        facts=_in_order(
            numbers.facts,
            amounts,
            (day,) if day else (),
            urgency,
            category_facts(reading, category),
            place_facts(reading, place),
            business_facts(reading, business),
        ),
        answer=answer,
        missing=_missing(contact, category, business, place, anonymous=report.anonymous),
    )


def _in_order(*facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(chain.from_iterable(facts), key=_START))


def _category(report: Report, reading: Reading, intent: str, guessing: Guessing) -> Category:
    """A complaint always is about something; more words to one only where they say outright what they are about."""
    if report.category in CATEGORIES:
        return Category(report.category, _GIVEN, None)
    if intent == "complaint":
        return category_of(reading, guessing)
    said = category_of(reading, guessing) if intent in _MORE_WORDS else NOTHING
    return said if said.confidence >= PLAIN else NOTHING


def _business(report: Report, reading: Reading, numbers: Identifiers) -> Business:
    given = report.business
    trader = Business() if given.name and given.address else find_trader_in(reading)
    guild_id = parse_guild_id(given.guild_id) if given.guild_id else None
    return Business(
        name=_tidy(given.name) or trader.name,
        guild_id=guild_id or next(iter(numbers.guild_ids), None),
        address=_tidy(given.address) or trader.address,
        phone=_phone_or_text(given.phone) or numbers.shop_phone,
        kind=given.kind,
    )


def _tidy(text: str | None) -> str | None:
    return clean(text) or None if text else None


def _phone_or_text(text: str | None) -> str | None:
    """A trader's phone may be any number people call them by; an Iranian one is kept as E.164."""
    phone = parse_phone(text) if text else None
    return phone.e164 if isinstance(phone, Phone) else _tidy(text)


def _areas(numbers: Identifiers) -> set[str]:
    """The provinces whose landlines a text gives; they tell places of one name apart."""
    phones = (parse_phone(number) for number in numbers.phones if not number.startswith(_MOBILE))
    return {area for phone in phones if isinstance(phone, Phone) and (area := province_of_area(phone))}


def _place(report: Report, reading: Reading, business: Business, areas: set[str]) -> Place:
    """Given province, else the one named, else the one around the given point, else the shop's area code."""
    given = report.place
    is_given = province_of(given.province) is not None
    if is_given and given.county:
        return Place(given.province, _county(given.province, given.county), given.lat, given.lon)
    named = find_place_in(reading, areas) if is_given or not given.county else find_place(f"شهرستان {given.county}")
    if is_given:
        county = named.county if named.province == given.province else None
        return Place(given.province, county, given.lat, given.lon)
    if named.province:
        county = _county(named.province, given.county) if given.county else named.county
        return Place(named.province, county, given.lat, given.lon)
    return Place(_guessed_province(given, business), _tidy(given.county), given.lat, given.lon)


def _county(province: str | None, county: str | None) -> str | None:
    return (canonical_county(province or "", county) or clean(county)) if county else None


def _guessed_province(given: Place, business: Business) -> str | None:
    around = nearest_province(given.lat, given.lon) if given.lat is not None and given.lon is not None else None
    if around:
        return around
    phone = parse_phone(business.phone) if business.phone else None
    return province_of_area(phone) if isinstance(phone, Phone) else None


def _answer(report: Report, reading: Reading) -> str | None:
    """A pressed button's value where it is an answer, else what the text answers."""
    if report.choice is not None:
        return answer_of(read(report.choice.rpartition(":")[2]))
    return answer_of(reading)


def _intent(report: Report, reading: Reading, numbers: Identifiers, answer: str | None, guessing: Guessing) -> str:
    if report.choice is not None:
        return "answer"
    if report.always_complaint and reading.text:
        return "complaint"
    weight = max((mark.weight for mark in reading.of("category")), default=0.0)
    return intent_of(reading, guessing, codes=numbers.tracking_codes, category_weight=weight, answer=answer)


def _missing(
    contact: Contact, category: Category, business: Business, place: Place, *, anonymous: bool
) -> tuple[str, ...]:
    """CONTRACT §4: what keeps a ticket from being complete. A guild id spares business and place."""
    has = {
        "category": category.name is not None,
        "business": bool(business.guild_id or business.name or business.address),
        "place": bool(business.guild_id or place.province),
        "phone": anonymous or bool(contact.phone or contact.landline),
    }
    return tuple(fact for fact in MISSING if not has[fact])
