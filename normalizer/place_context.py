"""What the words around a name say of it: a place, somebody's or something's name, where a journey goes, or nothing.

Owns that reading of the neighbourhood and the word lists it takes; which name is meant is for `place` to judge.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from normalizer.gazetteer import FROM, words_of
from normalizer.lexicon import Mark
from normalizer.reading import Reading
from normalizer.text import ZWNJ

_STREET, _PRODUCT, _QUALITY = words_of("street"), words_of("product"), words_of("quality")
_JOURNEY, _JOURNEY_LINK = words_of("journey"), words_of("journey_link")
_NOUN, _SECOND_NOUN, _PREPOSITION = words_of("noun"), words_of("second_noun"), words_of("preposition")
_ABODE, _BELONGING, _FOLLOWS = words_of("abode"), words_of("belonging"), words_of("follows")
_MOMENT, _PEOPLE = words_of("moment"), words_of("people")
_WITHIN, _CALLING = words_of("within"), words_of("calling")
_POINTING, _IDIOM = words_of("pointing"), words_of("idiom")
_OPENS: Final = frozenset('.,!?؟؛\n:()،-–—«»/"')
_CLOSING: Final = frozenset('»"”')
_PARTING: Final = frozenset(".,!?؟؛\n:،")
_MAIL: Final = frozenset("@._-/")
_ROAD, _ROAD_KIND = words_of("road"), words_of("road_kind")
_OUT_OF: Final = "از"
_DENIED: Final = "نه"
_COUNTY: Final = ("شهرستان", "فرمانداری", "shahrestan")
_WIDE: Final = 2
_SHORTEST_HALF: Final = 4


class Evidence(IntEnum):
    """How surely a name is where it happened, from not at all; `APART` counts as `BARE` once it is believed."""

    NO = 0
    ABODE = 1
    BARE = 2
    APART = 3
    SAID = 4
    NAMED = 5


# By their own names: each look-up through the class takes a third of a microsecond.
NO, ABODE, BARE, APART, SAID, NAMED = Evidence


class Neighbourhood:
    """The names of one message and what stands around them."""

    def __init__(self, reading: Reading, marks: list[Mark]) -> None:
        self._reading, self._words = reading, reading.words
        self._ends = {mark.end: mark for mark in marks}
        self._starts = {mark.start for mark in marks}
        trades = reading.of("trade")
        self._trades = {mark.end for mark in trades}
        self._trade_starts = {mark.start for mark in trades}

    def evidence(self, mark: Mark) -> Evidence:
        """Says how surely the words around a name make it a place."""
        before = self._before(mark)
        if mark.value[0] == FROM:
            return ABODE if before in _PEOPLE else NO
        if self._is_road_end(mark) or self._is_denied(mark):
            return NO
        if self._is_road(mark) and self._goes_on(mark):
            return BARE
        if self._is_named_for(mark, before) or self._is_address(mark) or self._begins_compound(mark):
            return NO
        if mark.start in self._trades and not _CLOSING.isdisjoint(self._reading.between(mark.end)):
            return NO  # «عینک اصفهان» in quotes is a shop
        if before in _NOUN or (before in _SECOND_NOUN and self._word(mark.start - _WIDE) in _NOUN):
            return NAMED
        after = self._word(mark.end)
        if before in _PREPOSITION or after in _BELONGING or after in _FOLLOWS:
            return SAID if after not in _IDIOM else BARE
        if before in _ABODE:
            return ABODE
        return APART if before in _MOMENT or self._stands_apart(mark) else BARE

    def _is_denied(self, mark: Mark) -> bool:
        """«عسلویه نه، کنگان», but «تبریز نه فاکتور می‌دهد نه…»."""
        return self._word(mark.end) == _DENIED and self._opens(mark.end + 1)

    def _is_road(self, mark: Mark) -> bool:
        """«جاده قم», «اتوبان قدیم قم»."""
        before = self._before(mark)
        return before in _ROAD or (before in _ROAD_KIND and self._word(mark.start - _WIDE) in _ROAD)

    def _goes_on(self, mark: Mark) -> bool:
        """A road «… به تهران» leaves from the place named before: who is on it says where it begins."""
        return mark.end in self._starts or (self._word(mark.end) in _JOURNEY_LINK and mark.end + 1 in self._starts)

    def _is_road_end(self, mark: Mark) -> bool:
        """«جاده گناوه به دیلم»: the place a road leads to."""
        begins = self._ends.get(mark.start - (self._word(mark.start - 1) in _JOURNEY_LINK))
        return begins is not None and self._is_road(begins)

    def is_within(self, mark: Mark) -> bool:
        """«در مهران», «از مهران زنگ می‌زنم»: said as one says it of a place, hardly of the word or the person."""
        before, after = self._before(mark), self._word(mark.end)
        return (before in _WITHIN and after not in _IDIOM) or (before == _OUT_OF and after in _CALLING)

    def is_called_county(self, mark: Mark) -> bool:
        """«شهرستان نیر» is no town of that name elsewhere."""
        return self._before(mark).startswith(_COUNTY)

    def is_journey(self, mark: Mark) -> bool:
        """«بلیط هواپیما تهران مشهد»: goes back over the names of the journey to the word for it."""
        place = mark.start
        for _ in range(_WIDE):
            earlier = self._ends.get(place - (self._word(place - 1) in _JOURNEY_LINK))
            if earlier is None or not _PARTING.isdisjoint(self._reading.between(place)):
                break
            place = earlier.start
        if self._word(place - 1) in _JOURNEY:
            return True
        return self._word(place - 1) in _JOURNEY_LINK and self._word(place - _WIDE) in _JOURNEY

    def follows_trade(self, mark: Mark) -> bool:
        """«سوپر بهار همدان»: a word right after a trade is the shop's name."""
        return mark.start in self._trades

    def _word(self, place: int) -> str:
        return self._words[place] if 0 <= place < len(self._words) else ""

    def _before(self, mark: Mark) -> str:
        """Gives the word a name belongs to: none beyond a comma, and none that is a place's name itself."""
        if not mark.start or mark.start in self._ends or not _PARTING.isdisjoint(self._reading.between(mark.start)):
            return ""
        return self._words[mark.start - 1]

    def _is_named_for(self, mark: Mark, before: str) -> bool:
        """Says whether something before has the place for its name or origin."""
        earlier = self._word(mark.start - _WIDE)
        if before in _STREET:  # «اون داروخانه کردکوی»: a shop pointed at has no name but its place
            return not (mark.start in self._trades and earlier in _POINTING)
        return before in _PRODUCT or (before in _QUALITY and earlier in _PRODUCT)

    def _is_address(self, mark: Mark) -> bool:
        """A name within an e-mail address or a link."""
        if "@" not in self._reading.text and "/" not in self._reading.text:
            return False
        start, end = self._reading.span(mark.start)[0], self._reading.span(mark.end - 1)[1]
        text = self._reading.text
        glued_before = start and text[start - 1] in _MAIL and not text[max(start - 2, 0)].isspace()
        return text[start].isascii() and bool(glued_before or text[end : end + 1] == "@")

    def _begins_compound(self, mark: Mark) -> bool:
        """«بانه‌کالا» is a shop; «تبریز‌ی» only an ending."""
        hung = self._word(mark.end)
        return len(hung) >= _SHORTEST_HALF and self._reading.between(mark.end) == ZWNJ

    def _stands_apart(self, mark: Mark) -> bool:
        """«خوی، نانوایی …» and «خوی نانوایی …», where nothing else is said first."""
        return self._opens(mark.start) and (self._opens(mark.end) or mark.end in self._trade_starts)

    def _opens(self, word: int) -> bool:
        """Says whether a sentence, clause or bracket begins at a word, or the message ends before it."""
        if word in (0, len(self._words)):
            return True
        return not _OPENS.isdisjoint(self._reading.between(word))
