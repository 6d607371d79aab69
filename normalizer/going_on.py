"""Whether words go on with what the listener knows of, or begin a story: of whom, to whom, and what comes first.

Owns signs no list of phrases gives, for words without a shop in them. What was told earlier is looked at only to know
what is new; names, trades and places are for `likeness_signs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from normalizer.data import load_table
from normalizer.shops import COMMON_WORDS
from normalizer.sounds import is_same_name, skeleton, stem
from normalizer.trades import POINTING
from normalizer.word_kinds import PAST_STEMS

_TABLE: Final = load_table("likeness.toml")
_MARKS: Final[Mapping[str, frozenset[str]]] = {mark: frozenset(words) for mark, words in _TABLE["going_on"].items()}
_GREETS: Final = frozenset(_TABLE["marks"]["greets"])
_TOO: Final = "م"
_SHORTEST: Final = 3
_FEW: Final = 8
_SOON: Final = 7
"""Words from «از» to what was bought there, and from «کسی» to what nobody did."""
_YOU_DID: Final = frozenset(no + past + you for past in PAST_STEMS for no in ("", "ن") for you in ("ید", "ین")) | {
    begun + been for begun in ("بود", "نبود") for been in ("ید", "ین")
}


def opens_within(words: Sequence[str]) -> bool:
    """«گفت …», «اینم …», «رب هم …», «رسیدم نمیده»: nobody begins with that who has not been listened to."""
    first, second, *_ = [*(word for word in words if word not in _GREETS), "", ""]
    is_added = first.removesuffix(_TOO) in _MARKS["had_too"] if first.endswith(_TOO) else second in _MARKS["too"]
    return is_added or first in _MARKS["within"]


def of_the_trader(words: Sequence[str]) -> bool:
    """«صاحبش», «یارو», «فروشنده»: somebody the listener is taken to know."""
    return not _MARKS["trader"].isdisjoint(words)


def corrects(words: Sequence[str], earlier: Sequence[str]) -> bool:
    """«تنکابن نه رامسر»: what was told, beside a no, in few words."""
    beside = {near for place, word in enumerate(words) if word in _MARKS["no"] for near in _around(words, place)}
    return len(words) <= _FEW and any(word in earlier and word not in COMMON_WORDS for word in beside)


def _around(words: Sequence[str], place: int) -> Sequence[str]:
    return [*words[max(0, place - 1) : place], *words[place + 1 : place + 2]]


def to_the_office(words: Sequence[str]) -> bool:
    """«کاری کردین؟», «تماس گرفته بودید»: what the office did or did not do; what it is asked to do is no such thing."""
    return not _YOU_DID.isdisjoint(words)


def nobody_did(words: Sequence[str]) -> bool:
    """«هیچکی نیست جواب ما رو بده»: nobody, and a few words on, what an office does."""
    return _is_followed(words, _MARKS["nobody"], _MARKS["office_does"])


def asks_how(words: Sequence[str]) -> bool:
    """«باید اینجا شکایت کنم؟», «آدرس تعزیرات کجاست»: how one complains, and where; no matter of their own."""
    return not _MARKS["asks"].isdisjoint(words) or _is_followed(words, _MARKS["whether"], _MARKS["complaining"])


def _is_followed(words: Sequence[str], ones: frozenset[str], others: frozenset[str]) -> bool:
    return any(
        not others.isdisjoint(words[place + 1 : place + _SOON]) for place, word in enumerate(words) if word in ones
    )


def begins_anew(words: Sequence[str], earlier: Sequence[str]) -> bool:
    """«از حراجی … خریدم», «از … شکایت دارم»: somebody who was not spoken of, and what one had to do with them."""
    known = {stem(word) for word in earlier} | {skeleton(word) for word in earlier}
    return any(
        _is_new(words[place + 1 : place + 2], earlier, known)
        and not _MARKS["dealt"].isdisjoint(words[place + 2 : place + 2 + _SOON])
        for place, word in enumerate(words)
        if word in _MARKS["of"]
    )


def _is_new(named: Sequence[str], earlier: Sequence[str], known: set[str]) -> bool:
    word = named[0] if named else ""
    is_word = len(word) >= _SHORTEST and word.isalpha() and word not in COMMON_WORDS and word not in POINTING
    is_known = stem(word) in known or skeleton(word) in known or any(is_same_name(each, word) for each in earlier)
    return is_word and not is_known
