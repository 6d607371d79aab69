"""What a later telling says of an earlier one, and of whom else: signs, each there or not.

Owns the reading of the phrases of likeness.toml (`signs`) and of what `going_on` sees; knows of the shop only whether
it is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from normalizer.data import load_table
from normalizer.going_on import asks_how, corrects, nobody_did, of_the_trader, opens_within, to_the_office
from normalizer.told import Telling
from normalizer.trades import POINTING
from normalizer.whereabouts import NAMED_SPOTS
from normalizer.word_kinds import KINDS, VERB
from normalizer.words import words_of

_TABLE: Final = load_table("likeness.toml")
_SIGNS: Final = {
    sign: frozenset(tuple(words_of(phrase)) for phrase in phrases) for sign, phrases in _TABLE["signs"].items()
}
_TOLD_BY: Final = {
    channel: frozenset(tuple(words_of(phrase)) for phrase in phrases) for channel, phrases in _TABLE["told_by"].items()
}
_MARKS: Final = {mark: frozenset(words) for mark, words in _TABLE["marks"].items()}
_PLACES: Final = _MARKS["places"] | NAMED_SPOTS
_DETAILS: Final = _MARKS["given"] | _MARKS["details"]
_RELATIVES: Final = _SIGNS["another_person"]
_SIGNS_OF: Final = {
    said: [sign for sign, phrases in _SIGNS.items() if said in phrases]
    for phrases in _SIGNS.values()
    for said in phrases
}
_GOING_ON: Final = ("goes_on", "evidence")
_LONGEST_SIGN: Final = max(len(phrase) for phrases in _SIGNS.values() for phrase in phrases)
_OWNED: Final = ("شون", "اش", "شو", "یش", "ش")


def spoken_signs(earlier: Telling, later: Telling, *, is_new: bool) -> dict[str, float]:
    """What is said of an earlier telling; what would go on with it says nothing where another trader is spoken of."""
    met = _met(earlier, later)
    if is_new:
        for sign in _GOING_ON:
            met.discard(sign)
    has_detail = _leads_with_detail(later.words) or any(map(_is_its_detail, later.words))
    names_nobody = later.shop.names_nobody
    found = {
        **{sign: sign in met for sign in _SIGNS},
        "told_so": "told_before" in met and _names_channel(earlier.channel, later.words),
        "its_detail": has_detail and not is_new and "asks" not in met,
        "corrects": names_nobody and corrects(later.words, earlier.words),
        "gives_place": names_nobody and _gives_place(later),
        "to_the_office": to_the_office(later.words),
        "opens_within": names_nobody and not is_new and opens_within(later.words),
        "the_trader": names_nobody and not is_new and of_the_trader(later.words),
    }
    return {sign: float(is_met) for sign, is_met in found.items()}


def _met(earlier: Telling, later: Telling) -> set[str]:
    """The signs whose phrases the later telling has, or what says the same in other words."""
    met, before = _said(_of_the_matter(later.shop.said)), _said(earlier.words)
    if before.get("another_person", set()) & met.get("another_person", set()):
        met.pop("another_person")  # «مادرم» was in it from the beginning
    more = {"waits": nobody_did(later.words), "asks": asks_how(later.words)}
    return met.keys() | {sign for sign, is_met in more.items() if is_met}


def _names_channel(channel: str | None, words: Sequence[str]) -> bool:
    """«سایت» of what came by the web: who was not there would have to guess it."""
    phrases = _TOLD_BY.get(channel or "", frozenset())
    return any(tuple(words[place : place + len(said)]) == said for said in phrases for place in range(len(words)))


def _of_the_matter(words: Sequence[str]) -> list[str]:
    """Leaves out «همون» of a place («تو همون پاساژ»), and relatives who lent a phone or only said something."""
    around = zip(["", *words[:-1]], words, [*words[1:], ""], strict=True)
    return [
        word
        for before, word, after in around
        if not (word in POINTING and after in _PLACES)
        and not ((word,) in _RELATIVES and (before in _MARKS["before_others"] or after in _MARKS["says"]))
    ]


def _said(words: Sequence[str]) -> dict[str, set[tuple[str, ...]]]:
    met: dict[str, set[tuple[str, ...]]] = {}
    for place in range(len(words)):
        for length in range(1, _LONGEST_SIGN + 1):
            said = tuple(words[place : place + length])
            for sign in _SIGNS_OF.get(said, ()):
                met.setdefault(sign, set()).add(said)
    return met


def _leads_with_detail(words: Sequence[str]) -> bool:
    """«آدرس: …», «تاریخ خرید …»: what was lacking, brought later."""
    first = next((word for word in words if word not in _MARKS["greets"]), "")
    return first in _MARKS["given"]


def _is_its_detail(word: str) -> bool:
    """«پلاکش»: a detail of what was spoken of before, by its ending."""
    return any(word.endswith(ending) and word.removesuffix(ending) in _DETAILS for ending in _OWNED)


def _gives_place(later: Telling) -> bool:
    """«همدان، میدان بوعلی پلاک ۱۲»: nothing but where it was."""
    is_bare = all(KINDS[word] != VERB for word in later.words) and later.category is None and not later.shop.goods
    return is_bare and bool(later.spots or later.province)
