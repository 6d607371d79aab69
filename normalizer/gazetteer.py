"""Iran's provinces, counties and main towns, as data: their names, codes, organisations, and what a name may mean.

Reads the data files once. It knows names, not sentences: whether a word means the place is for `place` to judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from normalizer.data import load_rows, load_table
from normalizer.lexicon import Entry
from normalizer.text import fold

Level = Literal["free", "shy", "doubtful"]


class Province(NamedTuple):
    """A province: Persian and English name, telephone area code with its 0, county of its capital."""

    name: str
    english: str
    area_code: str
    capital: str


class Site(NamedTuple):
    """What a name may mean: a province, or a county in one (towns stand for their county)."""

    province: str
    county: str | None
    level: Level


_ALIAS: Final = "="  # before a name in a mark's value: said in a way that leaves no doubt
_WORDS: Final = load_table("place_words.toml")
PROVINCES: Final = {
    row["code"]: Province(row["name"], row["english"], row["area_code"], row["capital"])
    for row in load_rows("provinces.csv")
}
AREA_CODES: Final = {province.area_code: code for code, province in PROVINCES.items()}
OUTLINE: Final[list[tuple[float, float]]] = [(lat, lon) for lat, lon in _WORDS["outline"]["points"]]
ANCHORS: Final = [(float(row["lat"]), float(row["lon"]), row["province"]) for row in load_rows("anchors.csv")]


def name_key(name: str) -> str:
    """Gives the form in which names are compared: folded, without spaces."""
    return fold(name).replace(" ", "")


def words_of(kind: str) -> frozenset[str]:
    """Gives a word list of place_words.toml, folded."""
    return frozenset(fold(word) for word in _WORDS[kind])


def _keys(kind: str) -> frozenset[str]:
    return frozenset(name_key(name) for name in _WORDS[kind])


_DOUBTFUL, _SHY, _KNOWN_TOWNS = _keys("doubtful"), _keys("shy"), _keys("known_towns")


def _level(key: str, *, town: bool) -> Level:
    if key in _DOUBTFUL or (town and key not in _KNOWN_TOWNS):
        return "doubtful"
    return "shy" if key in _SHY else "free"


def _load_sites() -> tuple[dict[str, list[Site]], dict[tuple[str, str], str]]:
    sites: dict[str, list[Site]] = {}
    counties: dict[tuple[str, str], str] = {}
    rows = sorted(load_rows("places.csv"), key=lambda row: row["town"] != "")
    for row in rows:
        key = name_key(row["town"] or row["county"])
        town = row["town"] != ""
        if not town:
            counties[row["province"], key] = row["county"]
        if town and any(site.level != "doubtful" or (row["province"], key) in counties for site in sites.get(key, ())):
            continue  # the county of the name is meant, not a small town elsewhere
        sites.setdefault(key, []).append(Site(row["province"], row["county"], _level(key, town=town)))
    return sites, counties


_SITES, _COUNTIES = _load_sites()
_ORGANISATIONS: Final = {
    name_key(county): code for code, counties in _WORDS["organisations"].items() for county in counties
}
_PROVINCE_KEYS: Final = {name_key(province.name): code for code, province in PROVINCES.items()}


def _load_meanings() -> dict[str, tuple[Site, ...]]:
    meanings: dict[str, tuple[Site, ...]] = {code: (Site(code, None, "free"),) for code in PROVINCES}
    for key, sites in _SITES.items():
        meanings[key] = tuple(sites)
        meanings[_ALIAS + key] = (sites[0]._replace(level="free"),)
    return meanings


_MEANINGS: Final = _load_meanings()


def sites_of(value: str) -> tuple[Site, ...]:
    """Gives what a place mark of the lexicon may mean: a province code, or a name."""
    return _MEANINGS[value]


def canonical_county(province: str, county: str) -> str | None:
    """Gives a county's name as the gazetteer spells it, None if that province has none of this name."""
    return _COUNTIES.get((province, name_key(county).removeprefix("شهرستان")))


@lru_cache(maxsize=4096)
def organisation_of(province: str | None, county: str | None) -> str:
    """Gives the organisation that answers for a place: province code, 08S for جنوب کرمان, "" while unknown."""
    if province not in PROVINCES:
        return ""
    own = _ORGANISATIONS.get(name_key(county).removeprefix("شهرستان")) if county else None
    return own if own and own.startswith(province) else province


def place_entries() -> Iterator[Entry]:
    """Gives the gazetteer as lexicon entries of kind `place`; the value is what `sites_of` takes."""
    for row in load_rows("places.csv"):
        name = row["town"] or row["county"]
        yield from _name_entries(name, name_key(name))
    for code, province in PROVINCES.items():
        for noun in _WORDS["province_noun"]:
            yield Entry(f"{noun} {fold(province.name)}", "place", code)
        if name_key(province.name) not in _SITES and province.name not in _WORDS["province_needs_noun"]:
            yield from _name_entries(province.name, code)
    for alias, name in _WORDS["aliases"].items():
        key = name_key(name)
        value = _PROVINCE_KEYS[key.removeprefix("استان")] if name.startswith("استان ") else _ALIAS + key
        yield from _name_entries(alias, value)


def _name_entries(name: str, value: str) -> Iterator[Entry]:
    phrase = fold(name)
    yield Entry(phrase, "place", value)
    if " " in phrase:
        return
    for ending in ("شهر", "اباد"):  # written apart too: نجف آباد, خمینی شهر
        if phrase.endswith(ending) and len(phrase) > len(ending) + 1:
            yield Entry(f"{phrase.removesuffix(ending)} {ending}", "place", value)
    if phrase.startswith("بندر") and len(phrase) > len("بندر") + 2:
        yield Entry(f"بندر {phrase.removeprefix('بندر')}", "place", value)
