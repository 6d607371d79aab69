"""What kind of business words speak of: the trade by its own words, or by what is sold and done in it.

Owns the look-up; the words are data (trades.toml). «سوپری» is a grocery, «شیر» says grocery or dairy, «پروانه» nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from normalizer.data import load_table
from normalizer.sounds import is_same_name, skeleton
from normalizer.whereabouts import NAMED_SPOTS
from normalizer.word_kinds import BOTH, GOOD, KINDS, NAME, NAMED_GOOD, SORT, TITLE, TRADE, UNKNOWN, UNKNOWN_LATIN
from normalizer.words import folded_words, words_of

_Phrases = Mapping[tuple[str, ...], frozenset[str]]

_TABLE: Final = load_table("trades.toml")
_TRADE_ENDINGS: Final = ("", "یه", "ی", "ه", "ها")
_OWNED_ENDINGS: Final = ("های", "هاش", "هاشو", "هام", "ش", "شو", "م", "مو", "ام", "اش", "و", "رو", "شون")
_GOODS_ENDINGS: Final = (*_TRADE_ENDINGS, *_OWNED_ENDINGS)
_SHORTEST: Final = 3
"""Letters before an ending: «کت» is met in no other word."""
BESIDE: Final = frozenset(_TABLE["landmarks"]["before"])
_NEXT_DOOR: Final = frozenset(_TABLE["landmarks"]["behind"])
_SAYS: Final = frozenset(_TABLE["asides"]["says"])
ASIDES: Final = frozenset(_TABLE["asides"]["trades"])
_LEADS: Final = {(word,): frozenset(("any",)) for word in _TABLE["leads"]["words"]}
POINTING: Final = frozenset(_TABLE["landmarks"]["pointing"])
_NAMING: Final = frozenset((UNKNOWN, UNKNOWN_LATIN, NAME, BOTH))
_BETWEEN: Final = frozenset((GOOD, NAMED_GOOD, SORT, TITLE, TRADE))
_THE: Final = "یه"
_QUALIFYING: Final = _NAMING | {GOOD, NAMED_GOOD}
_NAME_WITHIN: Final = 3


def _phrases(table: Mapping[str, Iterable[str]]) -> _Phrases:
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for trades, phrases in table.items():
        for phrase in phrases:
            words = tuple(words_of(phrase))
            found[words] = found.get(words, frozenset()) | frozenset(trades.split())
    return found


_TRADES: Final = _phrases(_TABLE["trades"])
_GOODS: Final = _phrases(_TABLE["goods"])
_SORTS: Final = _phrases(_TABLE["kinds"])
_GOODS_SOUNDS: Final = {words: frozenset((" ".join(map(skeleton, words)),)) for words in _GOODS}
_LEADING: Final = {**_LEADS, **_TRADES}
_LONGEST: Final = max(map(len, chain(_TRADES, _GOODS)))
_BEGINNINGS: Final = frozenset(words[0] for words in chain(_TRADES, _GOODS) if len(words) > 1)
TRADE_WORDS: Final = folded_words(_TABLE["trades"].values())
ONE_WORD_TRADES: Final = frozenset(words[0] for words in _TRADES if len(words) == 1)


def trades_in(words: Sequence[str]) -> frozenset[str]:
    """Gives the kinds of trade whose words are met, the longest first: «مرغ فروشی» before any word in it."""
    return frozenset(chain.from_iterable(found for _, _, found in _met(words, _TRADES, _TRADE_ENDINGS)))


def without_landmarks(words: Sequence[str]) -> list[str]:
    """Leaves out trades that only say where another is («روبروی پمپ بنزین», «بقالی کناری»), or what somebody asked
    says of it («دامپزشک گفت»)."""
    kept: list[str] = []
    done = 0
    for start, length, trades in _met(words, _TRADES, _TRADE_ENDINGS):
        end = start + length
        first = start - 1 if start > 0 and words[start - 1] in POINTING else start
        behind = words[end] if end < len(words) else ""
        is_witness = behind in _SAYS and trades <= ASIDES
        if is_witness or (first > 0 and words[first - 1] in BESIDE) or behind in _NEXT_DOOR:
            kept += words[done:first]
            done = end
    return [*kept, *words[done:]]


def goods_in(words: Sequence[str]) -> frozenset[str]:
    """Gives the kinds of trade that have to do with what is spoken of: «شیر» is of grocers and of dairies."""
    return frozenset(chain.from_iterable(found for _, _, found in _met(words, _GOODS, _GOODS_ENDINGS)))


def goods_said(words: Sequence[str]) -> frozenset[str]:
    """Gives the goods themselves, by their consonants: نان and «نونو» are one, «شیر» and «ماست» two; those of a trade's
    name («طلا فروشی») are none."""
    spoken = list(words)
    for start, length, _ in _met(words, _TRADES, _TRADE_ENDINGS):
        spoken[start : start + length] = [""] * length
    return frozenset(chain.from_iterable(found for _, _, found in _met(spoken, _GOODS_SOUNDS, _GOODS_ENDINGS)))


def kinds_in(words: Sequence[str]) -> frozenset[str]:
    """Gives what a shop of its trade makes only one of: who bakes سنگک bakes no لواش."""
    return frozenset(chain.from_iterable(found for _, _, found in _met(words, _SORTS, _TRADE_ENDINGS)))


def says_which(words: Sequence[str], known: Sequence[str]) -> bool:
    """True where a word that says which one follows a word of trade or its street, and is not `known`: «کافه کتاب»,
    «کافه کوچه پشتی», not «کافه میگه» nor «کافیه»."""
    ends = (
        start + length
        for start, length, _ in _met(words, _TRADES, _TRADE_ENDINGS)
        if not words[start + length - 1].endswith(_THE)
    )
    behind = (words[end + 1 if words[end] in NAMED_SPOTS else end] for end in ends if end + 1 < len(words))
    return any(_qualifies(word) and not any(is_same_name(each, word) for each in known) for word in behind)


def _qualifies(word: str) -> bool:
    return word.isalpha() and KINDS[word] in _QUALIFYING


def named_in(words: Sequence[str]) -> frozenset[str]:
    """Gives what stands behind words of trade like a name: no list knows it, or names are in it («نانوایی شفق»)."""
    ends = (start + length for start, length, _ in _met(words, _LEADING, _TRADE_ENDINGS))
    return frozenset(name for end in ends for name in _first_name(words[end : end + _NAME_WITHIN]))


def _first_name(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        kind = KINDS[word]
        if kind in _NAMING:
            yield word
        if kind not in _BETWEEN:
            return


def _met(words: Sequence[str], phrases: _Phrases, endings: Sequence[str]) -> Iterator[tuple[int, int, frozenset[str]]]:
    place = 0
    while place < len(words):
        found, length = _at(words[place : place + _LONGEST], phrases, endings)
        if found:
            yield place, length, found
        place += length


def _at(words: Sequence[str], phrases: _Phrases, endings: Sequence[str]) -> tuple[frozenset[str], int]:
    for length in range(len(words) if words[0] in _BEGINNINGS else 1, 0, -1):
        *first, last = words[:length]
        for ending in endings:
            if not last.endswith(ending) or (ending and KINDS[last] == NAME):
                continue
            root = last.removesuffix(ending)
            if not ending or first or len(root) >= _SHORTEST:
                found = phrases.get((*first, root))
                if found:
                    return found, length
    return frozenset(), 1
