"""What kind of word each word of a message is: joins, verbs, goods, trades, plain words of a grievance, names.

One letter a word, so that a message becomes a string rules can go over. Owns the making of verb and possessive forms;
the words themselves are data. It knows nothing of their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from normalizer.data import load_rows, load_table
from normalizer.numeral import SCALES, VALUES
from normalizer.text import fold

LINK, ODD_LINK, POINTING, CUE, TITLE = "l", "q", "w", "c", "t"
GOOD, NAMED_GOOD, SORT, SAY, BOTH, NAME = "g", "h", "k", "s", "b", "n"
VERB, NUMBER, TRADE, TAIL, UNKNOWN, UNKNOWN_LATIN, SEEN, SEEN_LATIN = "v", "d", "T", "S", "u", "U", "e", "E"
INFLECTED, INSIDE, OBJECT, RELATION = "x", "i", "o", "a"
_MOST_REMEMBERED: Final = 50_000
_TABLE: Final[dict[str, str]] = load_table("word_kinds.toml")
_PERSONS: Final = ("م", "ی", "د", "ه", "یم", "ید", "ین", "ند", "ن", "")
_PARTICIPLE: Final = ("", "ام", "ای", "اند", "ایم", "م", "ن", "ند", "یم", "بود", "شده")
# Possessives, plurals, objects: what may hang on a plain word.
_ENDINGS: Final = (
    "هایشان", "هاشون", "هایش", "هایی", "هاش", "شان", "شون", "مون", "مان", "تون", "تان", "های", "ترین", "یی", "ای",
    "ها", "اش", "ام", "ات", "رو", "تر", "مو", "شو", "تو", "ش", "م", "ت", "و", "ی", "ا", "ه", "ایم", "ان",
)  # fmt: skip
_SURE_ENDINGS: Final = frozenset(ending for ending in _ENDINGS if len(ending) > 1) - {
    "ان",
    "ام",
    "ات",
    "تو",
    "رو",
    "مو",
}
_SURNAME_ENDINGS: Final = tuple(map(fold, _TABLE["surname_endings"].split()))
_BRAND_ENDINGS: Final = tuple(map(fold, _TABLE["brand_endings"].split()))
_SHORTEST_BASE: Final = 3
# «ترمه» is no «ترم», «رزا» no «رز».
_LOOSE: Final = frozenset(("ه", "ا", "و", "ت", "ان", "ات"))
_LOOSE_BASE: Final = 4


PAST_STEMS: Final = tuple(map(fold, _TABLE["past"].split()))


def _words(name: str) -> frozenset[str]:
    found: set[str] = set()
    for written in _TABLE[name].split():
        pieces = fold(written).split()
        found.add("".join(pieces))
        if name == "good":
            found.update(piece for piece in pieces if len(piece) >= _SHORTEST_BASE)
    return frozenset(found)


def _verb_forms() -> Iterator[str]:
    for stem in PAST_STEMS:
        for prefix in ("", "ن", "می", "نمی"):
            yield from (prefix + stem + person for person in _PERSONS)
        yield from (prefix + stem + "ه" + rest for prefix in ("", "ن", "می", "نمی") for rest in _PARTICIPLE)
        yield from (stem + "ن", "ن" + stem + "ن")
    for stem in map(fold, _TABLE["present"].split()):
        for prefix in ("می", "نمی", "ب", "ن"):
            yield from (prefix + stem + person for person in _PERSONS if person or prefix == "ب")
    yield from map(fold, _TABLE["spoken"].split())
    yield from _TABLE["latin_verbs"].split()


_ENDS: Final = tuple(map(fold, _TABLE["craft_ends"].split()))
_NO_TRADES: Final = frozenset(fold(word).replace(" ", "") for word in _TABLE["no_craft"].split())
_STANDING_ALONE: Final = frozenset(_ENDS) - _NO_TRADES


def _kinds() -> dict[str, str]:
    plain = {
        name: _words(name)
        for name in (
            "link",
            "inside",
            "object",
            "relation",
            "pointing",
            "cue",
            "title",
            "good",
            "sort",
            "say",
            "both",
            "name",
        )
    }
    named = plain["both"] | plain["name"]
    kinds = dict.fromkeys(_verb_forms(), VERB)
    layers = (
        (NAME, NAME, "name"), (BOTH, BOTH, "both"), (SAY, BOTH, "say"), (SORT, SORT, "sort"),
        (GOOD, NAMED_GOOD, "good"),
        (LINK, ODD_LINK, "link"), (TITLE, TITLE, "title"), (CUE, CUE, "cue"), (POINTING, POINTING, "pointing"),
        (INSIDE, INSIDE, "inside"), (OBJECT, OBJECT, "object"), (RELATION, RELATION, "relation"),
    )  # fmt: skip
    for kind, when_named, name in layers:
        kinds |= {word: when_named if word in named else kind for word in plain[name]}
    kinds |= {word: TRADE for word in plain["good"] if word.endswith(_ENDS) and word not in _NO_TRADES}
    kinds |= dict.fromkeys(_STANDING_ALONE, TAIL)
    return kinds


_LISTED: Final = _kinds()


class WordKinds(dict[str, str]):
    """A look-up from folded word to its kind; words met are remembered, up to a bound."""

    def __init__(self, seen: Iterable[str] = ()) -> None:
        super().__init__(_LISTED)
        self._seen = frozenset(seen)

    def __missing__(self, word: str) -> str:
        if len(self) > len(_LISTED) + _MOST_REMEMBERED:
            self.clear()
            self.update(_LISTED)
        kind = self[word] = self._tell(word)
        return kind

    def _tell(self, word: str) -> str:
        if "0" <= word[0] <= "9" or word in VALUES or word in SCALES:
            return NUMBER
        if word in _STANDING_ALONE:
            return TAIL
        if word not in _NO_TRADES and word.endswith(_ENDS):
            return TRADE
        if len(word) == 1:
            return LINK
        latin = word.isascii()
        return self._by_ending(word) or self._unlisted(word, latin=latin)

    def _by_ending(self, word: str) -> str | None:
        """A plain word with an ending is a plain word still, a name with «ی» a surname."""
        for ending in _ENDINGS:
            base = word.removesuffix(ending)
            if len(base) < len(word) and len(base) >= (_SHORTEST_BASE if ending not in _LOOSE else _LOOSE_BASE):
                kind = _LISTED.get(base)
                if kind == NAME and ending in ("ی", "یی"):
                    return NAME
                if kind in (GOOD, NAMED_GOOD) and ending == "ی":
                    return GOOD
                if kind in (SAY, GOOD, NAMED_GOOD, SORT, LINK, VERB, POINTING, CUE, RELATION):
                    return SAY if ending in _SURE_ENDINGS else INFLECTED
        return None

    def _unlisted(self, word: str, *, latin: bool) -> str:
        if word.endswith(_SURNAME_ENDINGS) and len(word) > 5:
            return NAME
        if not latin and word.endswith(_BRAND_ENDINGS):
            return NAME
        if word.startswith(("نمی", "nemi")) or (latin and word.startswith("mi") and len(word) > 5):
            return VERB
        if word in self._seen:
            return SEEN_LATIN if latin else SEEN
        return UNKNOWN_LATIN if latin else UNKNOWN


FIRM_ENDINGS: Final = frozenset(map(fold, _TABLE["firm_endings"].split()))
# Endings that hang on a word by a ZWNJ: «قنادی‌ها», «کتابخانه‌ست».
HANGING: Final = frozenset(_TABLE["hanging"].split())
BRAND_TAILS: Final = frozenset(map(fold, _TABLE["brand_tails"].split()))
# «شبانه روزی», «بین راهی»: two words that say what sort of shop, by the first.
SORT_PAIRS: Final = dict(fold(pair).split(" ", 1) for pair in _TABLE["sort_pairs"].split())
# «نام واحد:», «طرف شکایت:»: what forms and notes write before a name.
_CUED: Final = [fold(pair).split(" ", 1) for pair in _TABLE["cue_pairs"].split()]
CUE_PAIRS: Final = {first: frozenset(second for one, second in _CUED if one == first) for first, _ in _CUED}
KINDS: Final = WordKinds(row["word"] for row in load_rows("common_words.csv"))
