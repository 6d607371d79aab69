"""Places' names in Latin letters: Finglish, English, Azeri. Read by a table of letters, not from a list of spellings.

A word's skeleton, what is left of it without vowels, finds the names it may be; the name's own letters, each in its
Latin spellings, then say whether it is. Names too short for that are left to the data's list of aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise, product
from typing import Final

from normalizer.data import load_table
from normalizer.gazetteer import ALIAS, REGION, RISKY, YOUNG, name_key, sites_of
from normalizer.lexicon import Mark
from normalizer.place_names import place_phrases

_TABLE: Final = load_table("latin.toml")
_VOWEL: Final[str] = _TABLE["vowel"]
_LONG_VOWELS: Final[str] = _TABLE["long_vowels"]
_RISKY, _NEVER = (frozenset(map(name_key, _TABLE[kind])) for kind in ("risky", "never"))
_OTHER_WORDS, _LINKS = frozenset(_TABLE["other_words"]), frozenset(_TABLE["links"])
_POSSESSIVES: Final = tuple(_TABLE["possessives"])
_LETTERS: Final[dict[str, str]] = _TABLE["letters"]
_FIRST: Final[dict[str, str]] = _TABLE["first"]
_UNITS: Final = re.compile(
    "|".join([*(rf"\A{unit}" for unit in _FIRST), *(unit for unit in _LETTERS if len(unit) > 1), "."])
)
_BONES: Final[dict[str, str]] = _TABLE["skeleton"]
_PAIRS: Final = [(pair, bone) for pair, bone in _BONES.items() if len(pair) > 1]
_SINGLES: Final = str.maketrans(
    {letter: bone for letter, bone in _BONES.items() if len(letter) == 1} | dict.fromkeys("aeiouyəıöü'", "")
)
_NO_BONES: Final = dict.fromkeys(map(ord, "اعی "), "")
_INITIALS: Final = frozenset("abcdefghijklmnopqrstuvwxyzəışç")
_SAME_TWICE: Final = re.compile(r"([b-df-hj-np-tv-z])\1")
_FINAL_H: Final = "[eaə]h?"
_ENDING: Final = "(?:y?e|e?im|am|nin|d?[aeə]n|d[aeə])?"
_ENDING_BONES: Final = ("", "dn", "nn", "m", "d", "n")
_SURE_BONES: Final = 3
_SURE_LETTERS, _LONG_NAME = 5, 9
_MOST_WORDS: Final = 3
_MOST_LETTERS: Final = 24


def latin_places(words: list[str]) -> list[Mark]:
    """Gives the places named in Latin letters, in the order of the words."""
    bones = [_bones(word) if word[0] in _INITIALS else None for word in words]
    return [
        mark
        for start, bone in enumerate(bones)
        if bone is not None and bone[0] in _BEGINNINGS
        for mark in _from(words, bones, start)
    ]


def _from(words: list[str], bones: list[tuple[str, str] | None], start: int) -> Iterator[Mark]:
    """Gives the names that begin at a word: of one word, two or three, as long as any name begins so."""
    skeleton, written, count = "", "", 0
    for end in range(start, min(start + _MOST_WORDS, len(words))):
        bone = bones[end]
        if bone is None:
            return
        skeleton, written, count = skeleton + bone[0], written + bone[1], count + (words[end] not in _LINKS)
        if skeleton not in _BEGINNINGS or len(written) > _MOST_LETTERS:
            return
        if skeleton in _NAMES and count:
            value = _name(skeleton, written, count)
            if value:
                yield Mark(value, 1.0, start, end + 1)


def _name(skeleton: str, written: str, count: int) -> str | None:
    """Gives what is written in so many words; one may also be a name of several run together."""
    if written in _OTHER_WORDS or written.endswith(_POSSESSIVES):
        return None
    for name in _NAMES[skeleton]:
        if _may_be_of(name, count) and _spelling(name).fullmatch(written):
            return _value(name)
    return None


def _may_be_of(name: str, count: int) -> bool:
    """Says whether a name is written in so many words: one, its own number, or two where it is long enough to part."""
    return count in (1, name.count(" ") + 1) or (count == 2 and len(name) >= _LONG_NAME)


@cache  # of the names there are
def _value(name: str) -> str:
    """A town's name may be some word of another language; a county's of this length is itself."""
    value = _PHRASES[name]
    return RISKY + value if value in _RISKY or _is_town(value) else value


def _is_town(value: str) -> bool:
    return not value.startswith((ALIAS, *"0123")) and all(
        name_key(site.county or "") != value for site in sites_of(value)
    )


@lru_cache(maxsize=8192)
def _bones(word: str) -> tuple[str, str]:
    """Gives a word's skeleton, and the word with no letter doubled; a few thousand words make up most messages.

    What sounds alike is written alike: khorram → Xrm, قروه → grv.
    """
    word = bare = _SAME_TWICE.sub(r"\1", word)
    for pair, bone in _PAIRS:
        if pair in bare:
            bare = bare.replace(pair, bone)
    return bare.translate(_SINGLES), word


def _skeletons(name: str) -> set[str]:
    """A و may be a vowel, and a ه unwritten after ش and at the end, so a name has several."""
    bare = str.maketrans({**{ord(letter): bone for letter, bone in _BONES.items() if len(letter) == 1}, **_NO_BONES})
    choices = [("", letter) if _may_be_silent(name, place) else (letter,) for place, letter in enumerate(name)]
    return {"".join(choice).translate(bare) for choice in product(*choices)}


def _may_be_silent(name: str, place: int) -> bool:
    return name[place] == "و" or (name[place] == "ه" and (name[place - 1] == "ش" or place == len(name) - 1))


@lru_cache(maxsize=4096)
def _spelling(name: str) -> re.Pattern[str]:
    """The Latin spellings of a name of the data; between two letters a vowel may stand that Persian leaves out."""
    units = [unit[0] for unit in _UNITS.finditer(name.replace(" ", ""))]
    pattern = (_FIRST if units[0] in _FIRST else _LETTERS)[units[0]]
    for before, unit in pairwise(units):
        is_long = before[-1] in _LONG_VOWELS or unit[0] in _LONG_VOWELS
        pattern += ("" if is_long else f"{_VOWEL}?") + _LETTERS[unit]
    if name.endswith("ه") and units[-1] == "ه":
        pattern = pattern.removesuffix(_LETTERS["ه"]).removesuffix(f"{_VOWEL}?") + _FINAL_H
    return re.compile(pattern + _ENDING)


def _load_names() -> dict[str, tuple[str, ...]]:
    """Names by their skeletons, and by those they have with an ending."""
    names: dict[str, tuple[str, ...]] = {}
    for name in _PHRASES:
        for skeleton in _skeletons(name):
            endings = _ENDING_BONES if len(skeleton) >= _SURE_BONES else ("",)
            for ending in endings:
                names[skeleton + ending] = (*names.get(skeleton + ending, ()), name)
    return names


def _is_known_by_letters(phrase: str, value: str) -> bool:
    """Too short a name is some other word in Latin letters; what is called county is met by its name."""
    letters = phrase.replace(" ", "")
    if value in _NEVER or value[0] in (YOUNG, REGION) or not all(map(_LETTERS.get, letters)):
        return False
    if sites_of(value)[0].level == "doubtful":
        return False
    is_long, has_bones = len(letters) >= _SURE_LETTERS, min(map(len, _skeletons(letters))) >= _SURE_BONES
    return is_long and has_bones if _is_town(value) else is_long or has_bones


def _likelihood(item: tuple[str, str]) -> int:
    """Of two names of one spelling the freer is meant: دورود, not درود."""
    return _LEVELS.index(sites_of(item[1])[0].level)


_LEVELS: Final = ("told", "free", "shy", "doubtful")
_PHRASES: Final = {
    phrase: value
    for phrase, value in sorted(place_phrases().items(), key=_likelihood)
    if _is_known_by_letters(phrase, value)
}
_NAMES: Final = _load_names()
_BEGINNINGS: Final = frozenset(skeleton[:length] for skeleton in _NAMES for length in range(len(skeleton) + 1))
