"""Where a message says what was understood of place, business and grievance: the words behind each, as facts.

Owns no judgement: it is told what was understood, and points at the words of the reading that say so. What the text
does not say (a given field, an area code, a guess) is no fact of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.category import Category
from normalizer.fact import Fact, fact
from normalizer.gazetteer import sites_of
from normalizer.lexicon import Mark
from normalizer.reading import Reading
from normalizer.report import Business, Place

_MOST: Final = 5


def place_facts(reading: Reading, place: Place) -> Iterator[Fact]:
    """Points at the first name of the province, and of the county or a town of it."""
    if not place.province:
        return
    marks = reading.of("place")
    county = next((mark for mark in marks if _is_of(mark, place)), None) if place.county else None
    province = next((mark for mark in marks if mark.value == place.province), None)
    if province:
        yield fact("province", place.province, reading.words_span(province), "named")
    elif county:
        yield fact("province", place.province, reading.words_span(county), "by_county")
    if county and place.county:
        yield fact("county", place.county, reading.words_span(county), "named")


def _is_of(mark: Mark, place: Place) -> bool:
    return any(site.province == place.province and site.county == place.county for site in sites_of(mark.value))


def business_facts(reading: Reading, business: Business) -> Iterator[Fact]:
    """Points at the business's name as written."""
    start = reading.text.find(business.name) if business.name else -1
    if business.name and start >= 0:
        yield fact("business", business.name, (start, start + len(business.name)), "named")


def category_facts(reading: Reading, category: Category) -> Iterator[Fact]:
    """Points at the words that speak for the category, the strongest first; as sure as the category itself is."""
    if category.name is None:
        return
    telling = [mark for mark in reading.of("category") if mark.value == category.name]
    telling.sort(key=lambda mark: (-mark.weight, mark.start - mark.end))
    pointed: set[int] = set()
    for mark in telling[:_MOST]:
        if pointed.isdisjoint(range(mark.start, mark.end)):
            pointed.update(range(mark.start, mark.end))
            said = fact("category", category.name, reading.words_span(mark), "words")
            yield said._replace(confidence=category.confidence)
