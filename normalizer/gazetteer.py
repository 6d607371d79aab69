"""Iran's provinces, counties and main towns, as data: their names, codes, organisations, and what a name may mean.

Reads the data files once. It knows names, not sentences: whether a word means the place is for `place` to judge.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, NamedTuple

from normalizer.data import load_rows, load_table
from normalizer.text import fold

# How much a name needs around it to be a place: nothing; a preposition; to be called a town. Told: it says so itself.
Level = Literal["told", "free", "shy", "doubtful"]


class Province(NamedTuple):
    """A province: Persian and English name, telephone area code with its 0, county of its capital."""

    name: str
    english: str
    area_code: str
    capital: str


class County(NamedTuple):
    """A county: its province, its code there (never changed once given), Persian and English name."""

    province: str
    code: str
    name: str
    english: str


class Site(NamedTuple):
    """What a name may mean: a province, or a county in one (towns stand for their county)."""

    province: str
    county: str | None
    level: Level


# Before a name in a mark's value: an unmistakable spelling; one with an ending only places have; one short enough to
# be some other word; a county younger than places.csv, called so; a region; who is from there («کاشمری»).
ALIAS, TOLD, RISKY, YOUNG, REGION, FROM = "=", "~", "?", "+", "*", "@"
_WORDS: Final = load_table("place_words.toml")
PROVINCES: Final = {
    row["code"]: Province(row["name"], row["english"], row["area_code"], row["capital"])
    for row in load_rows("provinces.csv")
}
COUNTIES: Final = tuple(
    County(row["province"], row["code"], row["county"], row["english"]) for row in load_rows("counties.csv")
)
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


_DOUBTFUL, _SHY = _keys("doubtful"), _keys("shy")
_ROWS: Final = load_rows("places.csv")
_OWN_ROWS: Final = load_rows("places_own.csv")


def _level(key: str) -> Level:
    return "doubtful" if key in _DOUBTFUL else "shy" if key in _SHY else "free"


def _load_sites() -> dict[str, list[Site]]:
    """The county of a name is meant, not a small town elsewhere; a doubtful county leaves both possible."""
    sites: dict[str, list[Site]] = {}
    counties = {(row["province"], name_key(row["county"])) for row in _ROWS if not row["town"]}
    towns = [row for row in (*_ROWS, *_OWN_ROWS) if row["town"]]
    for row in (*(row for row in _ROWS if not row["town"]), *towns):
        key = name_key(row["town"] or row["county"])
        met = sites.setdefault(key, [])
        hidden = row["town"] and any(site.level != "doubtful" or (row["province"], key) in counties for site in met)
        site = Site(row["province"], row["county"], _level(key))
        if site not in met and not (hidden and any(name_key(site.county or "") == key for site in met)):
            met.append(site)
    return sites


SITES: Final = _load_sites()
_COUNTIES: Final = {
    (row["province"], name_key(row["county"])): row["county"] for row in (*_ROWS, *_OWN_ROWS) if not row["town"]
}
YOUNG_COUNTIES: Final = {row["county"]: row["province"] for row in _OWN_ROWS if not row["town"]}
NAMES: Final = tuple(dict.fromkeys(row["town"] or row["county"] for row in _ROWS)) + tuple(
    dict.fromkeys(row["town"] for row in _OWN_ROWS if row["town"])
)
_ORGANISATIONS: Final = {
    name_key(county): code for code, counties in _WORDS["organisations"].items() for county in counties
}


def _load_meanings() -> dict[str, tuple[Site, ...]]:
    meanings: dict[str, tuple[Site, ...]] = {code: (Site(code, None, "free"),) for code in PROVINCES}
    for key, sites in SITES.items():
        meanings[key] = tuple(sites)
        meanings[ALIAS + key] = (sites[0]._replace(level="free"),)
        meanings[TOLD + key] = tuple(site._replace(level="told") if site.level == "free" else site for site in sites)
        meanings[FROM + key] = tuple(site._replace(level="doubtful") for site in sites)
        meanings[RISKY + key] = tuple(site._replace(level="shy") if site.level == "free" else site for site in sites)
    for region, provinces in _WORDS["regions"].items():
        meanings[REGION + name_key(region)] = tuple(Site(province, None, "free") for province in provinces)
    for county, province in YOUNG_COUNTIES.items():
        meanings[YOUNG + name_key(county)] = (Site(province, county, "told"),)
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
