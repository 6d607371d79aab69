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
from normalizer.word_kinds import (
    BOTH,
    GOOD,
    INFLECTED,
    KINDS,
    NAME,
    NAMED_GOOD,
    PAST_STEMS,
    SEEN,
    SEEN_LATIN,
    SORT,
    TRADE,
    UNKNOWN,
    UNKNOWN_LATIN,
    VERB,
)

_TABLE: Final = load_table("likeness.toml")
_MARKS: Final[Mapping[str, frozenset[str]]] = {mark: frozenset(words) for mark, words in _TABLE["going_on"].items()}
_GREETS: Final = frozenset(_TABLE["marks"]["greets"])
_TOO: Final = "م"
_SHORTEST: Final = 3
_JUST, _FEWEST = 2, 2
_COURTESY: Final = frozenset(load_table("plain.toml")["courtesy"])
_NOUNS: Final = frozenset((GOOD, NAMED_GOOD, SORT, BOTH, NAME, SEEN, SEEN_LATIN, UNKNOWN, UNKNOWN_LATIN, TRADE))
_MIDWAY: Final = frozenset((VERB, INFLECTED))
_FEW: Final = 8
_SOON: Final = 8
"""Words from «از» to what was bought there, and from «کسی» to what nobody did."""
_YOU_DID: Final = frozenset(no + past + you for past in PAST_STEMS for no in ("", "ن") for you in ("ید", "ین")) | {
    begun + been for begun in ("بود", "نبود") for been in ("ید", "ین")
}


def opens_within(words: Sequence[str]) -> bool:
    """«گفت …», «اینم …», «رب هم …», «رسیدم نمیده»: nobody begins with that who has not been listened to."""
    first, second, *_ = [*(word for word in words if word not in _GREETS), "", ""]
    is_added = first.removesuffix(_TOO) in _MARKS["had_too"] if first.endswith(_TOO) else second in _MARKS["too"]
    return is_added or first in _MARKS["within"] or (first and KINDS[first]) in _MIDWAY


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
    """«از حراجی … خریدم», «خریدم از …»: somebody who was not spoken of, and what one had to do with them."""
    known = _known(earlier)
    return any(
        _is_new(words[place + 1 : place + 2], earlier, known)
        and not _MARKS["dealt"].isdisjoint([*words[max(0, place - _JUST) : place], *words[place + 2 : place + _SOON]])
        for place, word in enumerate(words)
        if word in _MARKS["of"]
    )


def opens_anew(words: Sequence[str], earlier: Sequence[str]) -> bool:
    """«پولکی مظفر خیس خورده», «نفت رو نمیدن»: things or names that were not spoken of come first."""
    telling, known = [word for word in words if word not in _COURTESY], _known(earlier)
    if len(telling) < _FEWEST or not _is_new_noun(telling[0], earlier, known):
        return False
    is_object = not _MARKS["object"].isdisjoint(words[words.index(telling[0]) + 1 :][:1])
    return is_object or _is_new_noun(telling[1], earlier, known)


def _is_new_noun(word: str, earlier: Sequence[str], known: set[str]) -> bool:
    return KINDS[word] in _NOUNS and _is_new([word], earlier, known)


def _known(earlier: Sequence[str]) -> set[str]:
    return {stem(word) for word in earlier} | {skeleton(word) for word in earlier}


def _is_new(named: Sequence[str], earlier: Sequence[str], known: set[str]) -> bool:
    word = named[0] if named else ""
    is_word = len(word) >= _SHORTEST and word.isalpha() and word not in COMMON_WORDS and word not in POINTING
    is_known = stem(word) in known or skeleton(word) in known or any(is_same_name(each, word) for each in earlier)
    return is_word and not is_known
