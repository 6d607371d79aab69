"""Where it happened: from names in the text, from a point, from a landline's area code.

A name that is also a street, a product, a person or a plain word is no place unless the words around it make it one.
Owns that judgement; the names themselves and the organisations are the gazetteer's, passed on from here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from normalizer.gazetteer import (
    ANCHORS,
    AREA_CODES,
    OUTLINE,
    PROVINCES,
    Province,
    Site,
    canonical_county,
    name_key,
    organisation_of,
    sites_of,
    words_of,
)
from normalizer.lexicon import Mark
from normalizer.phone import Phone
from normalizer.place_context import ABODE, APART, BARE, NAMED, NO, SAID, Evidence, Neighbourhood
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

_NOWHERE: Final = Place()
_WARY: Final = frozenset(map(name_key, words_of("wary")))
_NEAR: Final = 1


class _Hit(NamedTuple):
    weight: int
    mark: Mark
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


def find_place_in(reading: Reading, areas: Collection[str] = ()) -> Place:
    """As `find_place`, for a text already read; `areas` are the provinces of landlines in it: they tell names apart."""
    marks = reading.of("place")
    if not marks:
        return _NOWHERE
    names = _Names(reading, _longest([mark for mark in marks if reading.is_one_piece(mark)]), areas)
    province, hits = names.province(), names.hits()
    best = _within(reading, _best(hits), hits) if len(hits) > 1 else next(iter(hits), None)
    if province and not (best and best.weight > province.weight and best.site.province != province.site.province):
        inside = [hit for hit in hits if hit.site.province == province.site.province]
        return Place(province.site.province, _narrower(_best(inside).site, inside).county if inside else None)
    if best is None:
        return _NOWHERE
    site = _narrower(best.site, hits) if len(hits) > 1 else best.site
    return Place(site.province, site.county)


class _Names:
    """The names of one message, judged by what stands around each, then by each other."""

    def __init__(self, reading: Reading, marks: list[Mark], areas: Collection[str]) -> None:
        self._neighbourhood = Neighbourhood(reading, marks)
        gone_to = {mark.value for mark in marks if self._neighbourhood.is_journey(mark)}
        judged = ((_evidence(self._neighbourhood, mark), mark, sites_of(mark.value)) for mark in marks)
        self._judged = [
            (evidence, mark, sites)
            for evidence, mark, sites in judged
            if evidence and (mark.value not in gone_to or evidence == NAMED)
        ]
        self._areas = areas

    def province(self) -> _Hit | None:
        """Gives the province named first."""
        for evidence, mark, sites in self._judged:
            if mark.value in PROVINCES:
                return _Hit(evidence, mark, sites[0])
        return None

    def hits(self) -> list[_Hit]:
        """Gives the names that are places: by themselves, or by a place of their province beside them."""
        wide = [
            _Hit(evidence, mark, site) for evidence, mark, sites in self._judged for site in sites if not site.county
        ]
        named = {hit.site.province for hit in wide if hit.mark.value in PROVINCES}
        hits, open_ = [], []
        for evidence, mark, every in self._judged:
            sites = _of(every, named)
            if sites and sites[0].county:
                hit = self._hit(evidence, mark, sites, in_province=bool(named))
                if hit:
                    hits.append(hit)
                else:
                    open_.append((evidence, mark, sites))
        return hits + [hit for one in open_ for hit in self._supported(*one, hits + wide)] if open_ else hits

    def _hit(self, evidence: Evidence, mark: Mark, sites: tuple[Site, ...], *, in_province: bool) -> _Hit | None:
        known = _of(sites, self._areas) or sites
        if len(known) > 1 and self._neighbourhood.is_called_county(mark):
            known = tuple(site for site in known if name_key(site.county or "") == mark.value) or known
        if len(known) > 1:
            return None
        sure = known[0].province in self._areas or (mark.value in _WARY and self._neighbourhood.is_within(mark))
        weight = _weigh(known[0], evidence, sure=sure, in_province=in_province)
        return _Hit(weight, mark, known[0]) if weight else None

    def _supported(self, evidence: Evidence, mark: Mark, sites: tuple[Site, ...], hits: list[_Hit]) -> Iterator[_Hit]:
        """«بافت کرمان»، «نورآباد ممسنی»: a name beside a place of one of its provinces is that one."""
        if not self._neighbourhood.follows_trade(mark):
            near = [hit.site.province for hit in hits if _gap(hit.mark, mark) <= _NEAR]
            inside = [site for site in sites if site.province in near]
            if len(inside) == 1:
                yield _Hit(max(evidence, BARE), mark, inside[0])


def _evidence(neighbourhood: Neighbourhood, mark: Mark) -> Evidence:
    """A name whose ending says that something is there needs no words around it."""
    return SAID if sites_of(mark.value)[0].level == "told" else neighbourhood.evidence(mark)


def _of(sites: tuple[Site, ...], provinces: Collection[str]) -> tuple[Site, ...]:
    return tuple(site for site in sites if site.province in provinces) if provinces else sites


def _gap(one: Mark, other: Mark) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _best(hits: list[_Hit]) -> _Hit:
    return hits[0] if len(hits) == 1 else max(hits, key=lambda hit: (hit.weight, -hit.mark.start))


def _within(reading: Reading, best: _Hit, hits: list[_Hit]) -> _Hit:
    """«rudbar-e shiraz»: of two names that make one, only a space or an e between, the second says where."""
    for hit in hits:
        start, end = best.mark.end, hit.mark.start
        together = start == end and reading.between(start) == " "
        if hit.weight == best.weight == BARE and (together or reading.words[start:end] == ["e"]):
            return hit
    return best


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


def _weigh(site: Site, evidence: Evidence, *, sure: bool, in_province: bool) -> int:
    """A doubtful name must be called a town, lived in, or said in its province; a shy one needs any context."""
    if evidence in (NO, NAMED):
        return evidence
    if site.level == "doubtful" and not in_province:
        believed = evidence == ABODE or (sure and evidence > BARE)
    else:
        believed = site.level != "shy" or evidence != BARE or sure or in_province
    return min(evidence, BARE if evidence == APART else evidence) if believed else NO


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
