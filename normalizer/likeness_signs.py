"""What speaks for two tellings of a person being one matter, and what against: signs, each present to a degree.

Owns how the signs of the shop and of what is said bear on each other, and those of facts, words and time; no weight:
what each is worth is learned from labelled pairs (likeness.toml, `likeness`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from normalizer.data import load_table
from normalizer.going_on import opens_anew
from normalizer.shared_story import Shared
from normalizer.shop_signs import differ, is_beside, shop_signs
from normalizer.spoken_signs import spoken_signs
from normalizer.told import Telling
from normalizer.word_kinds import KINDS, VERB

_TABLE: Final = load_table("likeness.toml")
_BOUNDS: Final[Mapping[str, int]] = _TABLE["bounds"]
_JUST_NOW: Final = frozenset(_TABLE["marks"]["just_now"])
_OF_ANOTHER: Final = ("other_shop", "other_trade", "behind_differs", "name_differs")
_TYING: Final = ("refers_back", "told_before", "waits", "goes_on", "evidence", "its_detail", "to_the_office")
_WITHIN: Final = ("opens_within", "the_trader", "sequel")
_COMPLAINING: Final = frozenset(("complaint", "addition", "answer"))
_AGAINST: Final = (
    *(
        "other_shop",
        "other_field",
        "other_branch",
        "other_guild_id",
        "other_place",
        "other_spot",
        "other_kind",
        "denied",
    ),
    *("begins_anew", "opens_anew", "introduces", "another_shop", "another_matter", "another_person", "beside_it"),
    *("strange_good", "new_event", "asks", "thanks", "advertises", "says_nothing", "behind_differs", "weeks_later"),
)
"""What, where nobody is named, tells that somebody else may be meant all the same."""
_ENOUGH_WORDS: Final = 4
_ENOUGH_NUMBERS: Final = 2
_ABOUT_A_TICKET: Final = frozenset(("addition", "status", "withdrawal"))
_NO_GRIEVANCE: Final = frozenset(("spam", "thanks"))
_OTHERS_MATTER: Final = frozenset(("elsewhere", "abuse"))


def signs_of(earlier: Telling, later: Telling, shared: Shared) -> dict[str, float]:
    """Every sign by its name in likeness.toml with its degree, 0 to 1."""
    shop, facts, time = shop_signs(earlier, later), _fact_signs(earlier, later), _time_signs(earlier, later)
    is_new = any(shop[sign] for sign in _OF_ANOTHER)
    spoken = spoken_signs(earlier, later, is_new=is_new)
    is_told_of = any(spoken[sign] for sign in _TYING)
    is_tied = is_told_of or bool(shared.words or shared.numbers or shop["same_shop"])
    is_known = is_tied or any(spoken[sign] for sign in _WITHIN)
    names_nobody = later.shop.names_nobody
    signs = {
        **shop,
        **facts,
        **spoken,
        **time,
        **_text_signs(shared, later, is_new=is_new),
        "beside_it": max(spoken["beside_it"], float(is_beside(earlier.shop.name, later.words))),
        "opens_anew": float(names_nobody and not is_told_of and opens_anew(later.words, earlier.words)),
        "same_shop_soon": shop["same_shop"] if _is_soon(earlier, later) else 0.0,
        "only_shop": float(_tells_only_shop(shared, {**shop, **facts}) and not is_told_of),
        "strange_good": float(not is_known and differ(earlier.shop.goods, later.shop.goods)),
    }
    for sign in _outweighed(signs, later, is_told_of=is_told_of, is_tied=is_tied, is_known=is_known):
        signs[sign] = 0.0
    may_go_on = (is_known or time["within_a_day"]) and names_nobody and later.intent in _COMPLAINING
    return {**signs, "nothing_against": float(may_go_on and not any(signs[sign] for sign in _AGAINST))}


def _outweighed(
    signs: Mapping[str, float], later: Telling, *, is_told_of: bool, is_tied: bool, is_known: bool
) -> Iterator[str]:
    """The signs that say nothing beside others: a laboratory, a courier is somebody else in the same story."""
    if signs["corrects"]:
        yield from ("other_spot", "other_place")
    if is_told_of:
        yield "fresh_weeks_later"
        if not later.shop.is_named:
            yield "other_trade"
    if is_known:
        yield "other_field"
    if is_tied or signs["same_trade"] or ((signs["at_once"] or is_known) and not signs["asks"]):
        yield "says_nothing"


def _tells_only_shop(shared: Shared, signs: Mapping[str, float]) -> bool:
    """True where the shop is met again and nothing else of the story: as likely another day there."""
    is_met = signs["same_shop"] or signs["same_guild_id"]
    return bool(is_met) and not (shared.untold or shared.numbers or signs["same_category"])


def _fact_signs(earlier: Telling, later: Telling) -> dict[str, float]:
    def are_two(one: str | None, other: str | None) -> bool:
        return bool(one and other) and one != other

    guild = bool(earlier.guild_id and later.guild_id)
    named = {earlier.category, later.category}.isdisjoint((None, "other"))
    return {
        "same_guild_id": float(guild and earlier.guild_id == later.guild_id),
        "other_guild_id": float(guild and earlier.guild_id != later.guild_id),
        "other_place": float(are_two(earlier.province, later.province) or are_two(earlier.county, later.county)),
        "same_category": float(named and earlier.category == later.category),
        "other_category": float(named and earlier.category != later.category),
        "about_a_ticket": float(later.intent in _ABOUT_A_TICKET),
        "no_grievance": float(later.intent in _NO_GRIEVANCE),
        "of_others": float(later.intent in _OTHERS_MATTER),
        "says_nothing": float(later.intent == "other"),
    }


def _text_signs(shared: Shared, later: Telling, *, is_new: bool) -> dict[str, float]:
    return {
        "same_words": min(shared.words, _ENOUGH_WORDS) / _ENOUGH_WORDS,
        "same_numbers": min(shared.numbers, _ENOUGH_NUMBERS) / _ENOUGH_NUMBERS,
        "close_text": float(shared.is_near and not is_new),
        "no_verb": float(_is_fragment(later.words)),
    }


def _is_fragment(words: Sequence[str]) -> bool:
    """«فلکه دوم، پلاک ۱۲»: words without a verb."""
    return len(words) > 1 and all(KINDS[word] != VERB for word in words)


def _time_signs(earlier: Telling, later: Telling) -> dict[str, float]:
    between = later.told_at - earlier.told_at
    is_now = not _JUST_NOW.isdisjoint(later.words)
    return {
        "at_once": float(between <= timedelta(minutes=_BOUNDS["at_once_minutes"])),
        "within_a_day": float(between <= timedelta(days=1)),
        "weeks_later": float(between > timedelta(days=_BOUNDS["weeks_days"])),
        "months_later": float(between > timedelta(days=_BOUNDS["months_days"])),
        # «امروز …» a week or more after the earlier telling is mostly another day at the shop
        "fresh_weeks_later": float(is_now and not _is_soon(earlier, later)),
    }


def _is_soon(earlier: Telling, later: Telling) -> bool:
    return later.told_at - earlier.told_at <= timedelta(days=_BOUNDS["fresh_days"])
