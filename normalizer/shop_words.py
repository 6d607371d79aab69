"""A message as rules for names see it: the kind of each word, one letter each, and what stands between words.

The lexicon's longer phrases (places, trades) go over the kinds of single words; a craft of two words («گوشت فروشی») and
a firm of two («نگین‌پخش») are seen here. Owns no judgement of what is a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from normalizer.gazetteer import sites_of
from normalizer.lexicon import Mark
from normalizer.reading import Reading
from normalizer.text import ZWNJ
from normalizer.word_kinds import BRAND_TAILS, CUE, CUE_PAIRS, FIRM_ENDINGS, KINDS, SORT, SORT_PAIRS, TAIL, TRADE

AND: Final = "و"
WIDE, PLATFORM, CRAFT, FIRM, PLACE = "W", "P", "C", "B", "p"
_HOUSE: Final = "سرا"
_MOST_WORDS: Final = 400
_BEFORE_A_CRAFT: Final = frozenset("ghuUkbsneEx")
_PLACED: Final = frozenset("uUbnspqheEx")
_FIRST_OF_A_FIRM: Final = frozenset("nbuhex")
_GOODS: Final = frozenset("gh")
_SETTLED: Final = frozenset((WIDE, PLATFORM))
_TELLING: Final = FIRM_ENDINGS | BRAND_TAILS | SORT_PAIRS.keys() | CUE_PAIRS.keys()
_TRADES: Final = {"place": TRADE, "wide": WIDE, "platform": PLATFORM}
_JOINS: Final = ("\u200c", "-", "'")
_STOPS: Final = frozenset(".!?؟؛:;\n…")
_QUOTES: Final = frozenset('«»"“”()')
_OPENING: Final = frozenset("«“(")
_APART: Final = frozenset('،,.!?؟؛:;\n()[]«»"“”/|*…')


def _length(mark: Mark) -> int:
    return mark.end - mark.start


def has_quotes(text: str) -> bool:
    """Says whether anything may stand in quotes or brackets."""
    return any(quote in text for quote in _QUOTES)


@cache
def _is_place(name: str) -> bool:
    return any(site.level != "doubtful" for site in sites_of(name))


class ShopWords:
    """A message as kinds of words, a letter each in `letters`, and what stands between them.

    `telling` says which of its words end a firm's or a brand's name, or begin a sort of shop or what a form calls one;
    few do.
    """

    def __init__(self, reading: Reading, kinds: Mapping[str, str] = KINDS) -> None:
        self.reading = reading
        self.words = reading.words[:_MOST_WORDS]
        self.kinds = kinds
        self.telling = [place for place, word in enumerate(self.words) if word in _TELLING]
        letters = list(map(kinds.__getitem__, self.words))
        self._mark_places(letters)
        if self.telling:
            self._mark_sorts(letters)
        self._mark_crafts(letters)
        self._mark_trades(letters)
        if self.telling:
            self._mark_cues(letters)
            self._mark_firms(letters)
        self.letters = "".join(letters)

    def _mark_places(self, letters: list[str]) -> None:
        for mark in self.reading.of("place"):
            if mark.end <= len(letters) and _is_place(mark.value):
                for word in range(mark.start, mark.end):
                    if letters[word] in _PLACED or mark.end - mark.start > 1:
                        letters[word] = PLACE

    def _mark_sorts(self, letters: list[str]) -> None:
        """«شبانه روزی», where the first of them is said first."""
        words = self.words
        for word in self.telling:
            second = SORT_PAIRS.get(words[word])
            if second and words[word + 1 : word + 2] == [second] and words.index(words[word]) == word:
                letters[word : word + 2] = SORT, SORT

    def _mark_cues(self, letters: list[str]) -> None:
        """«طرف شکایت: …», «نام واحد: …»: what follows is a name."""
        words = self.words
        for word in self.telling:
            seconds = CUE_PAIRS.get(words[word], ())
            if word + 1 < len(words) and words[word + 1] in seconds and self.gap(word + 2) == ".":
                letters[word : word + 2] = CUE, SORT

    def _mark_crafts(self, letters: list[str]) -> None:
        """«گوشت فروشی», «شیلات‌فروشی»: one trade written as two words."""
        if TAIL not in letters:
            return
        for word, letter in enumerate(letters):
            if letter == TAIL and word and self._is_craft(letters, word):
                letters[word - 1 : word + 1] = self._craft(letters, word), SORT
                if word > 2 and self.words[word - 2] == AND and letters[word - 3] in _GOODS:
                    letters[word - 3 : word] = TRADE, SORT, SORT

    def _craft(self, letters: list[str], word: int) -> str:
        """A trade where goods stand before; else it may be the name itself: «پروتئین سرا», «دیجی‌سرا»."""
        return TRADE if letters[word - 1] in _GOODS and self.words[word] != _HOUSE else CRAFT

    def _is_craft(self, letters: list[str], word: int) -> bool:
        """«گران‌فروشی» is none."""
        if self.kinds[self.words[word - 1] + self.words[word]] != TRADE:
            return False
        return self.joined(word) or (letters[word - 1] in _BEFORE_A_CRAFT and not self.gap(word))

    def _mark_trades(self, letters: list[str]) -> None:
        """A longer name goes over a shorter within it: «یاس مارکت» is no market."""
        marks = self.reading.of("trade")
        for mark in sorted(marks, key=_length) if len(marks) > 1 else marks:
            more = mark.end - mark.start - 1
            if mark.end <= len(letters) and (more or letters[mark.start] not in _SETTLED):
                letters[mark.start : mark.end] = _TRADES[mark.value], *SORT * more

    def _mark_firms(self, letters: list[str]) -> None:
        """«نگین‌پخش», «نوین‌تل»: by how the second word of a compound sounds."""
        if ZWNJ not in self.reading.text:
            return
        for word in self.telling:
            is_ending = self.words[word] in FIRM_ENDINGS and word and letters[word - 1] in _FIRST_OF_A_FIRM
            if is_ending and self.joined(word):
                letters[word - 1 : word + 1] = FIRM, SORT

    def gap(self, word: int) -> str:
        """What stands between a word and the one before: nothing much, a comma, a stop, a quote, a plural's end."""
        if word >= len(self.words):
            return "$"
        between = self.reading.between(word)
        if between == " ":
            return ""
        if between == "-" and not self.words[word].isascii():
            return ";"  # notes: «شوشتر-خ طالقانی-قصابی پاییزان-گرانفروشی»
        if _APART.isdisjoint(between):
            return "+" if "ها" in between else ""
        if not _QUOTES.isdisjoint(between):
            return "»" if _OPENING.isdisjoint(between) and between[0] != " " else "«"
        return "." if not _STOPS.isdisjoint(between) else ";"

    def around(self, word: int) -> str:
        """The gap before a word, or where there is none its kind: what a span that ends there is followed by."""
        return self.gap(word) or self.letters[word] if word < len(self.words) else "$"

    def joined(self, word: int) -> bool:
        """Whether a word hangs on the one before by a ZWNJ or hyphen."""
        return word < len(self.words) and self.reading.between(word) in _JOINS and not self.gap(word)

    def is_capital(self, word: int) -> bool:
        """Whether a word begins with a capital letter."""
        return self.reading.text[self.reading.span(word)[0]].isupper()
