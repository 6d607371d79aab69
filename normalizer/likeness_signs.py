"""What speaks for two tellings of a person being one matter, and what against: signs, each present to a degree.

Owns the signs and no weight: what each is worth is learned from labelled pairs (likeness.toml, `likeness`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from normalizer.data import load_table
from normalizer.shared_story import Shared
from normalizer.sounds import is_same_name
from normalizer.told import Telling
from normalizer.trades import POINTING, trades_in
from normalizer.whereabouts import NAMED_SPOTS, are_other_spots
from normalizer.word_kinds import KINDS, VERB
from normalizer.words import words_of

_TABLE: Final = load_table("likeness.toml")
_BOUNDS: Final[Mapping[str, int]] = _TABLE["bounds"]
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
_OF_ANOTHER: Final = ("other_shop", "other_trade", "other_field", "behind_differs", "name_differs")
_TYING: Final = ("refers_back", "told_before", "waits", "goes_on", "evidence", "its_detail")
_GOING_ON: Final = ("goes_on", "evidence")
_LONGEST_SIGN: Final = max(len(phrase) for phrases in _SIGNS.values() for phrase in phrases)
_OWNED: Final = ("شون", "اش", "شو", "یش", "ش")
_LIKE_NAME: Final = 0.45
"""How much of a shop's name must be met to take it for the same."""
_HALF: Final = 0.5
_NAME_WITHIN: Final = 3
_ENOUGH_WORDS: Final = 4
_ENOUGH_NUMBERS: Final = 2
_ABOUT_A_TICKET: Final = frozenset(("addition", "status", "withdrawal"))
_NO_GRIEVANCE: Final = frozenset(("elsewhere", "spam", "thanks", "abuse"))


def signs_of(earlier: Telling, later: Telling, shared: Shared) -> dict[str, float]:
    """Every sign by its name in likeness.toml with its degree, 0 to 1."""
    shop = _shop_signs(earlier, later)
    is_new = any(shop[sign] for sign in _OF_ANOTHER)
    spoken = _spoken_signs(earlier, later, is_new=is_new)
    is_told_of = any(spoken[sign] for sign in _TYING)
    is_tied = is_told_of or bool(shared.words or shared.numbers or shop["same_shop"])
    facts = _fact_signs(earlier, later)
    if _is_beside(earlier.shop.name, later.words):
        spoken["beside_it"] = 1.0
    if is_told_of and not later.shop.is_named:
        shop["other_trade"] = 0.0  # a laboratory, a courier: somebody else in the same story
    if is_tied:
        shop["other_field"] = facts["says_nothing"] = 0.0
    return {
        **shop,
        **facts,
        **spoken,
        "only_shop": float(_tells_only_shop(shared, {**shop, **facts}) and not is_told_of),
        "strange_good": float(not is_tied and _differ(earlier.shop.goods, later.shop.goods)),
        **_text_signs(shared, later, is_new=is_new),
        **_time_signs(later.told_at - earlier.told_at),
        "fresh_weeks_later": float(_is_fresh(earlier, later) and not any(spoken[sign] for sign in _TYING)),
    }


def _shop_signs(earlier: Telling, later: Telling) -> dict[str, float]:
    one, other = earlier.shop, later.shop
    named = max(one.is_named_in(other), other.is_named_in(one))
    is_other_trade = _differ(one.trades, other.trades)
    is_other_shop = bool(one.name and other.name) and named < _LIKE_NAME
    name_differs = not is_other_shop and one.has_another_name(other)
    is_called_differently = one.is_called_differently(other)
    is_new = is_other_trade or is_other_shop or is_called_differently
    is_nameless = not other.name and not other.behind
    return {
        "same_shop": named * (_HALF if name_differs else 1) if named >= _LIKE_NAME else 0.0,
        "other_shop": float(is_other_shop),
        "unnamed": float(not other.name and not other.trades),
        "denied": float(_follows(one.name, other.said, _MARKS["denies"])),
        "name_differs": float(name_differs),
        "behind_differs": float(is_called_differently),
        "same_trade": float(bool(one.trades & other.trades)),
        "other_trade": float(is_other_trade),
        "same_field": float(bool(one.fields & other.fields)),
        "other_field": float(_differ(one.fields, other.fields)),
        "the_shop": float(is_nameless and bool(one.trades & other.trades)),
        "also_there": float(is_new and any(word in _MARKS["also"] for word in later.words)),
        "other_branch": float(_differ(one.branches, other.branches)),
        "introduces": float(_introduces(other.said)),
        "another_shop": float(_says_other_shop(later.words)),
        "other_spot": float(are_other_spots(earlier.spots, later.spots)),
    }


def _tells_only_shop(shared: Shared, signs: Mapping[str, float]) -> bool:
    """True where the shop is met again and nothing else of the story: as likely another day there."""
    is_met = signs["same_shop"] or signs["same_guild_id"]
    return bool(is_met) and not (shared.untold or shared.numbers or signs["same_category"])


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """True where both are told and have nothing in common."""
    return bool(one and other) and not one & other


def _introduces(words: Sequence[str]) -> bool:
    """«یک مغازه», «یه نونوایی»: somebody who was not spoken of before."""
    starts = [place + 1 for place, word in enumerate(words) if word in _MARKS["indefinite"]]
    return any(
        (words[start] in _MARKS["somebody"] and not _MARKS["sent"] & set(words[start + 1 : start + 2]))
        or _is_trade_at(words, start)
        for start in starts
        if start < len(words)
    )


def _follows(name: Sequence[str], words: Sequence[str], marks: frozenset[str]) -> bool:
    """«گندم طلایی نه»: a word of the name, and behind it one of these."""
    return any(after in marks and any(is_same_name(part, word) for part in name) for word, after in pairwise(words))


def _is_beside(name: Sequence[str], words: Sequence[str]) -> bool:
    """«بغل سنگکی برکت یه …»: somebody's neighbour is spoken of."""
    places = [place + 1 for place, word in enumerate(words) if word in _MARKS["beside"]]
    return any(
        any(is_same_name(part, word) for part in name for word in words[place : place + _NAME_WITHIN])
        and not _MARKS["indefinite"].isdisjoint(words[place:])
        for place in places
    )


def _is_trade_at(words: Sequence[str], start: int) -> bool:
    return any(trades_in(words[start : start + length]) for length in (1, 2))


def _says_other_shop(words: Sequence[str]) -> bool:
    """«یه نونوایی دیگه»: another one of a trade."""
    others = [place for place, word in enumerate(words) if word in _MARKS["other"]]
    return any(words[place - 1] == "مغازه" or trades_in(words[max(0, place - 2) : place]) for place in others if place)


def _fact_signs(earlier: Telling, later: Telling) -> dict[str, float]:
    def differ(one: str | None, other: str | None) -> bool:
        return bool(one and other) and one != other

    guild = bool(earlier.guild_id and later.guild_id)
    named = {earlier.category, later.category}.isdisjoint((None, "other"))
    return {
        "same_guild_id": float(guild and earlier.guild_id == later.guild_id),
        "other_guild_id": float(guild and earlier.guild_id != later.guild_id),
        "other_place": float(differ(earlier.province, later.province) or differ(earlier.county, later.county)),
        "same_category": float(named and earlier.category == later.category),
        "other_category": float(named and earlier.category != later.category),
        "about_a_ticket": float(later.intent in _ABOUT_A_TICKET),
        "no_grievance": float(later.intent in _NO_GRIEVANCE),
        "says_nothing": float(later.intent == "other"),
    }


def _spoken_signs(earlier: Telling, later: Telling, *, is_new: bool) -> dict[str, float]:
    """What is said of an earlier telling; what would go on with it says nothing where another trader is spoken of."""
    met, before = _said(_of_the_matter(later.shop.said)), _said(earlier.words)
    if before.get("another_person", set()) & met.get("another_person", set()):
        met.pop("another_person")  # «مادرم» was in it from the beginning
    if is_new:
        for sign in _GOING_ON:
            met.pop(sign, None)
    told_so = "told_before" in met and _names_channel(earlier.channel, later.words)
    has_detail = not is_new and (_leads_with_detail(later.words) or any(map(_is_its_detail, later.words)))
    return {
        **{sign: float(sign in met) for sign in _SIGNS},
        "told_so": float(told_so),
        "its_detail": float(has_detail),
    }


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
        and not ((word,) in _RELATIVES and (before in _MARKS["phones"] or after in _MARKS["says"]))
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


def _text_signs(shared: Shared, later: Telling, *, is_new: bool) -> dict[str, float]:
    return {
        "same_words": min(shared.words, _ENOUGH_WORDS) / _ENOUGH_WORDS,
        "same_numbers": min(shared.numbers, _ENOUGH_NUMBERS) / _ENOUGH_NUMBERS,
        "close_text": float(shared.is_near and not is_new),
        "no_verb": float(len(later.words) > 1 and all(KINDS[word] != VERB for word in later.words)),
    }


def _time_signs(between: timedelta) -> dict[str, float]:
    return {
        "at_once": float(between <= timedelta(minutes=_BOUNDS["at_once_minutes"])),
        "within_a_day": float(between <= timedelta(days=1)),
        "weeks_later": float(between > timedelta(days=_BOUNDS["weeks_days"])),
        "months_later": float(between > timedelta(days=_BOUNDS["months_days"])),
    }


def _is_fresh(earlier: Telling, later: Telling) -> bool:
    """«امروز …» a week or more after the earlier telling is mostly another day at the shop."""
    between = later.told_at - earlier.told_at
    return between > timedelta(days=_BOUNDS["fresh_days"]) and any(word in _MARKS["just_now"] for word in later.words)
