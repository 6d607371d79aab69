"""Which words of a message name the business complained of: «نانوایی سنگک امید», «Ulduz supermarket», «سایت سفرینه».

Lists the spans that could be a name — from a trade word or goods over a proper name, in quotes, after «اسمش» — and
scores each by the kinds of words in and around it; the best, if it is sure enough, is the name. The weights are learned
(tests/normalizer/train_names.py); only kinds of words are weighed, never a word itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from normalizer.data import load_rows
from normalizer.reading import Reading
from normalizer.shop_words import AND, ShopWords, has_quotes
from normalizer.word_kinds import BRAND_TAILS, HANGING, KINDS

_WEIGHTS: Final = {row["trait"]: float(row["weight"]) for row in load_rows("name_weights.csv")}
_HEAD: Final = re.compile("[TCWPBghc]")
_CHAIN: Final = frozenset("TCWgkhS")
_NEVER: Final = frozenset("lvwciaoS")
_OVER: Final = {**dict.fromkeys("liowavd", "word"), **dict.fromkeys(".;$»", "gap"), "p": "place"}
# A compound no list has: of plain words it says something, of others it is a name mostly.
_UNLISTED: Final = frozenset("ueUEx")
_PLAIN: Final = frozenset("sgklvdxqia")
# What speaks for a name must outweigh what speaks for none by this: a wrong name costs more than a missing one.
LEAST_SURE: Final = 0.3
# «شکوفه‌های اندیشه»: a plural goes on.
_WITHIN_NAMES: Final = frozenset(("", "+"))
_MOST_HEADS: Final = 24
_MOST_CHAIN: Final = 7
_MOST_NAME: Final = 5
_MOST_BACK: Final = 3
_MOST_BEFORE_TAIL: Final = 2
_NAMING: Final = frozenset("unbeUEht")
_NAMING_TOO: Final = frozenset("unbeUEhtg")


class Candidate(NamedTuple):
    """Words `start`..`end` that could name a business, and what speaks for or against it."""

    start: int
    end: int
    traits: tuple[str, ...]


def find_shop_name(reading: Reading) -> str | None:
    """Gives the name as written, trade word and proper name; None where a text names no business."""
    best, best_score = None, LEAST_SURE
    weigh = _WEIGHTS.get
    for candidate in candidates(reading):
        score = 0.0
        for trait in candidate.traits:
            score += weigh(trait, 0.0)
        if score > best_score:
            best, best_score = candidate, score
    return reading.written(best.start, best.end) if best else None


def candidates(reading: Reading, kinds: Mapping[str, str] = KINDS) -> Iterator[Candidate]:
    """Lists what could be the name, in the order of the words."""
    message = ShopWords(reading, kinds)
    head = _HEAD.search(message.letters)
    for _ in range(_MOST_HEADS):
        if head is None:
            break
        spans = _Spans(message, head.start())
        yield from spans.all()
        head = _HEAD.search(message.letters, spans.chain_end)
    yield from _tailed(message)
    yield from _quoted(message)


def _tailed(message: ShopWords) -> Iterator[Candidate]:
    """«آرکا موبایل», «استقلال اسپرت»: the name first, then what shops end their names with."""
    letters = message.letters
    for tail in message.telling:
        if message.words[tail] not in BRAND_TAILS:
            continue
        start, after = tail, message.around(tail + 1)
        while start and tail - start < _MOST_BEFORE_TAIL and not message.gap(start) and letters[start - 1] in _NAMING:
            start -= 1
            before = message.gap(start) or letters[start - 1] if start else "^"
            inside = letters[start:tail]
            traits = ("tail", "tail in " + inside, "tail before " + before, "tail after " + after)
            yield Candidate(start, tail + 1, (*traits, "tail around " + before + after))


def _quoted(message: ShopWords) -> Iterator[Candidate]:
    """A few words in quotes: a name in a grievance, or what somebody said."""
    if not has_quotes(message.reading.text):
        return
    letters = message.letters
    for start in range(len(letters)):
        if message.gap(start) != "«":
            continue
        end = next((word for word in range(start + 1, len(letters) + 1) if message.gap(word)), start)
        if message.gap(end) == "»" and end - start <= _MOST_NAME:
            inside, before = letters[start:end], letters[start - 1] if start else "^"
            after = letters[end] if end < len(letters) else "$"
            traits = ("quoted " + inside[:1], "quoted last " + inside[-1], "quoted before " + before)
            yield Candidate(start, end, (*traits, f"quoted {len(inside)}", "quoted after " + after))


class _Spans:
    """The spans that begin with one trade word, goods or cue."""

    __slots__ = ("_before", "_head", "_latin", "_letters", "_message", "chain_end")

    def __init__(self, message: ShopWords, place: int) -> None:
        self._message, self._letters = message, message.letters
        self._head = place
        self._before = (message.gap(place) or message.letters[place - 1]) if place else "^"
        self._latin = message.words[place].isascii()
        self.chain_end = self._chain(place)

    def _chain(self, place: int) -> int:
        """After the words of trade and goods that lead to a name."""
        message, letters, end = self._message, self._letters, place + 1
        if letters[place] in "PB":
            return end
        last = min(len(letters), place + _MOST_CHAIN)
        while end < last:
            more = self._more_chain(end)
            if not more or message.gap(end):
                break
            end += more
        return min(end, last)

    def _more_chain(self, word: int) -> int:
        """How many words of trade and goods go on at a word: «عطر و ادکلن»."""
        letters = self._letters
        if letters[word] in _CHAIN:
            return 0 if letters[word] in "TCW" and letters[self._head] in "gh" else 1
        joins = self._message.words[word] == AND and word + 1 < len(letters)
        return 2 if joins and letters[word + 1] in "TCWgh" else 0

    def all(self) -> Iterator[Candidate]:
        """Every span, the proper name beginning after the chain or, where goods may be a name too, within it."""
        if self._letters[self._head] in "PB":
            yield self._alone()
            return
        if self.chain_end < len(self._letters) and self._unit(self.chain_end)[0] not in _NEVER:
            for start in self._starts():
                yield from self._from(start, self.chain_end)
        for word in range(self._head + 1, self.chain_end):
            if self._letters[word] in "hTC":
                yield from self._from(self._head, word)
        if self._latin:
            yield from self._backwards()

    def _starts(self) -> Iterator[int]:
        """Where a span begins: at the first trade word, at one within the chain, or at the name itself."""
        letters = self._letters
        if letters[self._head] != "c":
            yield self._head
        for word in range(self._head + 1, self.chain_end):
            if letters[word - 1 : word + 1] == "cW":
                continue  # «اسم مغازه سوپر گلستان»: the shop is called so without مغازه
            if letters[word] in "TCW" or (letters[word] == "g" and letters[word - 1] == "W"):
                yield word
        if letters[self._head] in "cTCW":
            yield self.chain_end

    def _alone(self) -> Candidate:
        """A platform's name, or one that sounds like a firm's: «اسنپ فود», «نگین‌پخش»."""
        letters, end, message = self._letters, self.chain_end, self._message
        while end < len(letters) and (message.joined(end) or (letters[end] == "k" and not message.gap(end))):
            end += 1
        after, kind = message.around(end), letters[self._head]
        traits = (
            kind,
            kind + " before " + self._before,
            kind + " after " + after,
            kind + " over " + _OVER.get(after, "-"),
        )
        return Candidate(self._head, end, traits)

    def _from(self, start: int, first: int) -> Iterator[Candidate]:
        size, message = len(self._letters), self._message
        gap = message.gap(first)
        if gap and not (gap == "«" or start == first):
            return
        inside: list[str] = []
        end, counted = first, 0
        while end < size and counted < _MOST_NAME:
            letter, after = self._unit(end)
            if letter == "l" and end > first and self._joins_names(end):
                inside.append("&")
                end = after
                continue
            if letter in _NEVER or (end > first and (letter == "d" or message.gap(end) not in _WITHIN_NAMES)):
                break
            counted += letter != "t"
            inside.append(letter)
            end = after
            yield Candidate(first if gap == "«" else start, end, self._traits(start, first, end, inside, gap))

    def _joins_names(self, word: int) -> bool:
        """«املاک سهند و پسران», «نور و صدا»."""
        message, letters = self._message, self._letters
        if message.words[word] != AND or word + 1 >= len(letters) or message.gap(word) or message.gap(word + 1):
            return False
        return letters[word - 1] in _NAMING and letters[word + 1] in _NAMING_TOO

    def _unit(self, word: int) -> tuple[str, int]:
        """The kind of a word with all that hangs on it, and where it ends: «گوچی‌بار» is one."""
        message, end = self._message, word + 1
        while message.joined(end):
            end += 1
        if end == word + 1 or self._letters[word] == "C":
            return self._letters[word], end
        if message.words[end - 1] in HANGING:
            return ("x" if self._letters[word] in _PLAIN else self._letters[word]), end
        kind = message.kinds["".join(message.words[word:end])]
        if kind not in _UNLISTED:
            return kind, end
        return ("y" if _PLAIN.issuperset(self._letters[word:end]) else "j"), end

    def _traits(self, start: int, first: int, end: int, inside: list[str], gap: str) -> tuple[str, ...]:
        message = self._message
        head = "=" + self._letters[self._head] if start == first else self._letters[start]
        after = message.around(end)
        traits = [
            "head " + head,
            "head before " + head + (self._before if start == self._head or start == first else "-"),
            "before " + self._before,
            f"chain {head} {min(first - start, 3)}",
            "first " + inside[0],
            "head first " + head + inside[0],
            f"length {len(inside)}",
            "after " + after,
            "last after " + inside[-1] + after,
            "in " + "".join(inside[:3]),
            "beyond " + after + message.around(end + 1),
        ]
        traits += ["more " + letter for letter in inside[1:]]
        if start > self._head:
            traits.append("skipped " + self._letters[self._head] + head)
        if gap:
            traits += ["gap " + gap + head, "gap after " + gap + after]
        if first < self.chain_end:
            traits.append("goods name " + inside[0] + inside[-1] + _OVER.get(after, "-"))
        if self._latin:
            traits += ["latin " + head, "latin over " + inside[0] + _OVER.get(after, "-")]
        if message.words[first].isascii() and inside[0] != "d":
            traits.append(f"capital {message.is_capital(first)} {message.is_capital(end - 1)}")
        return tuple(traits)

    def _backwards(self) -> Iterator[Candidate]:
        """«Ulduz supermarket»: the name before the trade word, as Latin letters have it."""
        message, letters, start = self._message, self._letters, self._head
        inside, end, capitals = "", self.chain_end, message.is_capital(self._head)
        after, head = message.around(end), letters[self._head]
        while (
            start and self._head - start < _MOST_BACK and not message.gap(start) and message.words[start - 1].isascii()
        ):
            start -= 1
            if letters[start] in _NEVER or letters[start] in "dP":
                return
            inside = letters[start] + inside
            before = message.gap(start) or letters[start - 1] if start else "^"
            traits = (
                "back " + head,
                f"back capital {message.is_capital(start)} {capitals}",
                "back before " + before,
                "back in " + inside,
                "back after " + after,
            )
            yield Candidate(start, end, traits)
