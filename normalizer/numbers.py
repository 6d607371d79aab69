"""Runs of digits in a search key: where a number begins and ends, and what the words before it call it.

People group digits as they please («0912 123 45 67», «1234-5678-9012»), so a number may be one chunk or several
neighbours. This module proposes the readings; phones, codes and ids say which of them is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final, TypeVar

from normalizer.data import load_words

T = TypeVar("T")

_GROUP: Final = re.compile(r"[0-9][0-9]*(?:[ ()./_-]{1,3}[0-9]+)*")
_CHUNK: Final = re.compile(r"[0-9]+")
_SHORTEST, _LONGEST = 8, 16
# A row of more numbers is a table or mischief; reading each in each grouping would take seconds for 64 KB.
_MOST_IN_A_ROW: Final = 200
_MOST_TRIED: Final = 400
_MOST_CHUNKS: Final = 6
_LOOK_BACK_CHARACTERS: Final = 40
_LOOK_BACK_WORDS: Final = 6
_FAR_BACK_CHARACTERS: Final = 200
_LONG_NUMBER: Final = re.compile("[0-9]{5}")
_BEFORE: Final = re.compile("[0-9][0-9]*|[a-z\u0620-\u06ff][a-z\u0620-\u06ff]*")
_LABELS: Final = load_words("labels.toml")
_OWNERS: Final = {"self": "own", "trader": "shop", "person": "person"}
_FOUND_ON: Final = frozenset(("invoice", "card"))
# What a number may have been announced as a while before it comes.
_ANNOUNCED: Final = re.compile(
    r"(?:شناسه|کد|شماره|پروانه|جواز) (?:ی )?(?P<guild>صنفی\w{0,4}|پروانه|کسب|جواز)"
    r"|(?:کد|شماره) ?(?P<national>ملی\w{0,3})|(?P<postal>کد ?پستی\w{0,3})"
    r"|(?P<none>سفارش|بارکد|سریال|پیگیری|رهگیری|کارت به کارت|شماره حساب|شبا|ندار)"
)


@dataclass(frozen=True)
class Run:
    """Digits read as one number: `start`..`end` in `key`; `plus` if written with a +."""

    digits: str
    key: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the key, and in the text the key was folded from."""
        return self.start, self.end

    @property
    def plus(self) -> bool:
        """Says whether the number was written with a + before it."""
        return self.key.startswith("+", self.start - 1) if self.start else False

    @property
    def opens_with_a_prefix(self) -> bool:
        """Says whether the first group has the three digits of a prefix: 912 345… may be a phone, 9 123 456… a sum."""
        return self.key[self.start : self.start + 3].isdecimal()

    @cached_property
    def label(self) -> str:
        """Names what the words just before announce; worth asking only of digits that look right."""
        return label_before(self.key, self.start)


def take_runs(key: str, read: Callable[[Run], T | None]) -> Iterator[T]:
    """Walks the numbers of a key from the left, longest reading first, and yields whatever `read` accepts.

    Of a text with more than four hundred numbers, a table, the first four hundred are read.
    """
    tried = 0
    for group in _GROUP.finditer(key):
        if tried >= _MOST_TRIED:
            return
        if group.end() - group.start() < _SHORTEST:
            continue
        every = _CHUNK.finditer(key, group.start(), group.end())
        chunks = [chunk.span() for chunk in islice(every, _MOST_IN_A_ROW + _MOST_CHUNKS)]
        first = 0
        while first < min(len(chunks), _MOST_IN_A_ROW):
            taken, step = _take_first(key, chunks, first, read)
            if taken is not None:
                yield taken
            first, tried = first + step, tried + 1


def _take_first(
    key: str, chunks: list[tuple[int, int]], first: int, read: Callable[[Run], T | None]
) -> tuple[T | None, int]:
    for last in range(min(len(chunks), first + _MOST_CHUNKS), first, -1):
        if chunks[last - 1][1] - chunks[first][0] < _SHORTEST:
            break
        number = "".join([key[begin:end] for begin, end in chunks[first:last]])
        if _SHORTEST <= len(number) <= _LONGEST:
            taken = read(Run(number, key, chunks[first][0], chunks[last - 1][1]))
            if taken is not None:
                return taken, last - first
    return None, 1


def label_before(key: str, start: int) -> str:
    """Names what the words before a number call it, nearest first: a key of labels.toml, legal, or other."""
    words = _BEFORE.findall(key, max(0, start - _LOOK_BACK_CHARACTERS), start)[-_LOOK_BACK_WORDS:]
    owner, contact = "", False
    for place in range(len(words) - 1, -1, -1):
        if words[place].isdecimal():
            break
        kind = _kind(words, place)
        if kind in _OWNERS:
            owner = owner or _OWNERS[kind]
        elif kind == "contact":
            contact = True
            continue
        elif kind is not None:
            return kind
        if contact:
            break
    return owner or "contact" if contact else "other"


def _kind(words: list[str], place: int) -> str | None:
    """What one word before a number says; «روی فاکتور» says where it was found, not what it is."""
    kind = _LABELS.get(words[place])
    if kind is None or kind == "spot":
        return None
    before = words[place - 1] if place else ""
    if kind == "national" and before == "شناسه":
        return "legal"
    if kind in _FOUND_ON and _LABELS.get(before) == "spot":
        return None
    return kind


def announced_before(key: str, start: int) -> str | None:
    """Names what a number was announced as up to a few sentences before, with no other long number in between."""
    since = max(0, start - _FAR_BACK_CHARACTERS)
    for number in _LONG_NUMBER.finditer(key, since, start):
        since = number.end()
    last = None
    for last in _ANNOUNCED.finditer(key, since, start):  # noqa: B007 (the last one counts)
        pass
    return last.lastgroup if last else None
