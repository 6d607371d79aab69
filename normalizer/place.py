"""Where it happened: from names in the text, from a point, from a landline's area code.

A name that is also a street, a product, a person or a plain word is no place unless the words around it make it one.
Owns that judgement; the names themselves and the organisations are the gazetteer's, passed on from here.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from normalizer.gazetteer import (
    ANCHORS,
    AREA_CODES,
    OUTLINE,
    PROVINCES,
    Province,
    Site,
    canonical_county,
    organisation_of,
    sites_of,
    words_of,
)
from normalizer.lexicon import Mark
from normalizer.phone import Phone
from normalizer.reading import Reading, read
from normalizer.report import Place

__all__ = [
    "PROVINCES",
    "Province",
    "canonical_county",
    "find_place",
    "find_place_in",
    "nearest_province",
    "organisation_of",
    "province_of",
    "province_of_area",
]

_STREET, _NOUN, _PREPOSITION = words_of("street"), words_of("noun"), words_of("preposition")
_NAMED, _SAID_WHERE, _BARE, _NO = 3, 2, 1, 0


_NOWHERE: Final = Place()


class _Hit(NamedTuple):
    weight: int
    order: int
    site: Site


def province_of(code: str | None) -> Province | None:
    """Gives the province of an ISO 3166-2:IR code of two digits, None for anything else."""
    return PROVINCES.get(code) if code else None


def province_of_area(phone: Phone) -> str | None:
    """Gives the province a landline's area code belongs to; a weak hint, and none at all for a mobile."""
    return AREA_CODES.get(phone.area_code or "")


def find_place(text: str) -> Place:
    """Gives province and county named in a text; both None where none is, or where several could be meant."""
    return find_place_in(read(text))


def find_place_in(reading: Reading) -> Place:
    """As `find_place`, for a text already read."""
    marks = reading.of("place")
    if not marks:
        return _NOWHERE
    marks = _longest(marks)
    named = [mark for mark in marks if mark.value in PROVINCES]
    provinces = [mark.value for mark in named if _context(reading.words, mark) != _NO]
    hits = _hits(reading.words, marks, provinces)
    if provinces:
        inside = [hit for hit in hits if hit.site.province == provinces[0]]
        return Place(province=provinces[0], county=_best(inside).site.county if inside else None)
    if not hits:
        return _NOWHERE
    site = _narrower(_best(hits).site, hits) if len(hits) > 1 else hits[0].site
    return Place(province=site.province, county=site.county)


def _best(hits: list[_Hit]) -> _Hit:
    return max(hits, key=lambda hit: (hit.weight, -hit.order))


def _narrower(site: Site, hits: list[_Hit]) -> Site:
    """«اصفهان، نجف آباد»: a capital named beside another county of its province stands for the province."""
    if site.county != PROVINCES[site.province].capital:
        return site
    inner = [hit for hit in hits if hit.site.province == site.province and hit.site.county != site.county]
    return _best(inner).site if inner else site


def _longest(marks: list[Mark]) -> list[Mark]:
    """Leaves out names that are part of a longer one (رودبار in رودبار جنوب)."""
    long = [mark for mark in marks if mark.end - mark.start > 1]
    if not long or len(marks) == 1:
        return marks
    return [mark for mark in marks if not any(_is_part(mark, other) for other in long)]


def _is_part(mark: Mark, other: Mark) -> bool:
    inside = other.start <= mark.start and mark.end <= other.end
    return inside and other.end - other.start > mark.end - mark.start


def _hits(words: list[str], marks: list[Mark], provinces: list[str]) -> list[_Hit]:
    hits = []
    for mark in marks:
        sites = sites_of(mark.value)
        if provinces:
            sites = tuple(site for site in sites if site.province in provinces)
        if len(sites) == 1 and sites[0].county:
            weight = _weigh(sites[0], _context(words, mark), in_province=bool(provinces))
            if weight:
                hits.append(_Hit(weight, mark.start, sites[0]))
    return hits


def _context(words: list[str], mark: Mark) -> int:
    """Says how surely the words around a name make it a place."""
    before = words[mark.start - 1] if mark.start else ""
    after = words[mark.end] if mark.end < len(words) else ""
    if before in _STREET:
        return _NO
    if before in _NOUN:
        return _NAMED
    return _SAID_WHERE if before in _PREPOSITION or after in _STREET_FOLLOWS else _BARE


_STREET_FOLLOWS: Final = frozenset(("خیابان", "خیابون", "خ", "کوچه", "بلوار", "میدان", "میدون", "شهرک"))


def _weigh(site: Site, context: int, *, in_province: bool) -> int:
    """A doubtful name needs a noun or its province named; a shy one any context; a free one none."""
    if context in (_NO, _NAMED):
        return context
    if site.level == "doubtful":
        return _BARE if in_province else _NO
    if site.level == "shy" and context == _BARE and not in_province:
        return _NO
    return context


def nearest_province(lat: float, lon: float) -> str | None:
    """Tells the province of a WGS 84 point by the nearest of some 180 main towns; None outside Iran.

    Imprecise within some 20 km of a provincial border, and the outline itself by about 10 km: good for choosing who
    looks first, not for deciding whose it is.
    """
    if not (math.isfinite(lat) and math.isfinite(lon)) or not _inside(lat, lon):
        return None
    narrowing = math.cos(math.radians(lat))
    return min(ANCHORS, key=lambda town: (town[0] - lat) ** 2 + ((town[1] - lon) * narrowing) ** 2)[2]


def _inside(lat: float, lon: float) -> bool:
    """Counts how often the outline is crossed going east from the point."""
    inside = False
    for (lat_a, lon_a), (lat_b, lon_b) in zip(OUTLINE, OUTLINE[1:] + OUTLINE[:1], strict=True):
        if (lat_a > lat) != (lat_b > lat) and lon < lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a):
            inside = not inside
    return inside
