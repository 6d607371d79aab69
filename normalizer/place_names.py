"""How places' names are written: joined and apart, with endings of talk, with what else people call the same place.

Gives the gazetteer to the lexicon. Names in Latin letters are read by their letters, which `latin_names` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.data import load_table
from normalizer.gazetteer import ALIAS, FROM, NAMES, PROVINCES, REGION, SITES, TOLD, YOUNG, YOUNG_COUNTIES, name_key
from normalizer.lexicon import Entry
from normalizer.text import fold

_WORDS: Final = load_table("place_words.toml")
_ENDINGS: Final = _WORDS["endings"]
_NO_ENDING: Final = frozenset(name_key(word) for word in _ENDINGS["other_words"])
_PROVINCE_KEYS: Final = {name_key(province.name): code for code, province in PROVINCES.items()}
_COUNTY_WORDS: Final = ("شهرستان", "فرمانداری")
_SECOND_PARTS: Final = ("شهر", "اباد", "رود", "دشت", "دره")
_FIRST_PARTS: Final = ("بندر", "شهر")
_LONG_VOWELS: Final = "اوهی"
_SHORTEST_WITH_ENDING, _SHORTEST_TOWN, _SHORTEST_COLLOQUIAL = 3, 5, 5


def place_entries() -> Iterator[Entry]:
    """Gives the gazetteer as lexicon entries of kind `place`; the value is what `sites_of` takes."""
    phrases = place_phrases()
    for name in NAMES:
        key = name_key(name)
        if _takes_endings(key) and (" " not in name or name.endswith(_SECOND_PARTS)):
            for phrase, _ in tuple(_written(name, key)):
                _add(phrases, _with_endings(phrase, key))
                if key[-1] not in _LONG_VOWELS and _is_county(key):
                    phrases.setdefault(phrase + "ی", FROM + key)
    for phrase, value in phrases.items():
        yield Entry(phrase, "place", value)


def place_phrases() -> dict[str, str]:
    """Gives the names of places and their aliases, and what each stands for; a plain name wins."""
    phrases: dict[str, str] = {}
    for name in NAMES:
        _add(phrases, _written(name, name_key(name)))
    _add(phrases, _province_phrases())
    for alias, name in _WORDS["aliases"].items():
        _add(phrases, _written(alias, _alias_value(name)))
    for county in YOUNG_COUNTIES:
        _add(phrases, ((f"{word} {fold(county)}", YOUNG + name_key(county)) for word in _COUNTY_WORDS))
    _add(phrases, ((fold(region), REGION + name_key(region)) for region in _WORDS["regions"]))
    return phrases


def _takes_endings(key: str) -> bool:
    """Says whether a name is sure enough that nothing else ends in these letters."""
    shortest = _SHORTEST_WITH_ENDING if _is_county(key) else _SHORTEST_TOWN
    return SITES[key][0].level != "doubtful" and len(key) >= shortest


def _is_county(key: str) -> bool:
    return any(name_key(site.county or "") == key for site in SITES[key])


def _add(phrases: dict[str, str], more: Iterator[tuple[str, str]]) -> None:
    for phrase, value in more:
        phrases.setdefault(phrase, value)


def _alias_value(name: str) -> str:
    key = name_key(name)
    return _PROVINCE_KEYS[key.removeprefix("استان")] if name.startswith("استان ") else ALIAS + key


def _province_phrases() -> Iterator[tuple[str, str]]:
    for code, province in PROVINCES.items():
        for noun in _WORDS["province_noun"]:
            yield f"{noun} {fold(province.name)}", code
        if name_key(province.name) not in SITES and province.name not in _WORDS["province_needs_noun"]:
            yield from _written(province.name, code)


def _written(name: str, value: str) -> Iterator[tuple[str, str]]:
    """A name, and apart where it is made of two: نجف آباد, خمینی شهر, بندر عباس."""
    phrase = fold(name)
    yield phrase, value
    if " " in phrase:
        return
    for part in _SECOND_PARTS:
        apart = f"{phrase.removesuffix(part)} {part}"
        if phrase.endswith(part) and len(phrase) > len(part) + 1 and apart not in _ENDINGS["apart"]:
            yield apart, value
    for part in _FIRST_PARTS:
        if phrase.startswith(part) and len(phrase) > len(part) + 2:
            yield f"{part} {phrase.removeprefix(part)}", value


def _with_endings(phrase: str, key: str) -> Iterator[tuple[str, str]]:
    """«تبریزه», «ما کرجیم», «تبریزده»: what is said so is a place; and «کرمون» for کرمان."""
    endings = list(_ENDINGS["persian"]) if key[-1] not in _LONG_VOWELS else []
    if SITES[key][0].province in _ENDINGS["azeri_provinces"]:
        endings += _ENDINGS["azeri"]
    yield from ((phrase + ending, TOLD + key) for ending in endings if key + ending not in _NO_ENDING)
    if key.endswith("ان") and len(key) >= _SHORTEST_COLLOQUIAL:
        yield phrase.removesuffix("ان") + "ون", key
