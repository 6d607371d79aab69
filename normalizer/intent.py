"""Why someone wrote: a new complaint, or something about an old one, or something that is neither.

The rules stand in the order in which they win. In doubt it is a complaint: a superfluous ticket costs a minute, a lost
report a citizen.
"""

from __future__ import annotations

from typing import Final

from normalizer.data import load_table
from normalizer.reading import Reading

_COURTESY: Final = frozenset(load_table("plain.toml")["courtesy"])
_SURE: Final = 3.0
_FEW, _SHORT, _LONG = 3, 8, 40
_CHOICES: Final = frozenset("12345")
_ANSWER_WORDS: Final = 4
_ANSWER_FILLERS: Final = frozenset(
    ("گزینه", "عدد", "شماره", "جواب", "پاسخ", "من", "کاملا", "هستم", "بودم", "نیستم", "hastam", "nistam")
)


def answer_of(reading: Reading) -> str | None:
    """Reads a text that only answers a question: "1".."5", "yes", "no"; None for anything that says more."""
    words = reading.words
    if not 0 < len(words) <= _ANSWER_WORDS:
        return None
    answers = {word for word in words if word in _CHOICES}
    marks = [mark for mark in reading.of("answer") if not _negated(mark.value, reading)]
    answers |= {mark.value for mark in marks}
    covered = {place for mark in marks for place in range(mark.start, mark.end)}
    rest = [word for place, word in enumerate(words) if place not in covered and word not in _CHOICES]
    told = any(word not in _ANSWER_FILLERS and word not in _COURTESY for word in rest)
    return answers.pop() if len(answers) == 1 and not told else None


def _negated(value: str, reading: Reading) -> bool:
    """«راضی نیستم» holds no yes, whatever else it holds."""
    return value == "yes" and any(mark.value == "no" and mark.end - mark.start > 1 for mark in reading.of("answer"))


def intent_of(reading: Reading, *, codes: tuple[str, ...], category_weight: float, answer: str | None) -> str:
    """Gives the intent of a text; `category_weight` is the strongest word of grievance in it (0 to 3)."""
    words = _telling(reading)
    aggrieved = category_weight >= 2
    if not reading.words:
        return "other"
    if answer and not codes:
        return "answer"
    if codes and not words:
        return "status"
    withdrawn = _withdrawal(reading, words)
    if withdrawn:
        return withdrawn
    if not codes and not aggrieved and _weight(reading, "elsewhere") >= _SURE:
        return "elsewhere"
    return _status(reading, words, codes=bool(codes), aggrieved=aggrieved) or _of_content(
        reading, words, codes=bool(codes), category_weight=category_weight
    )


def _of_content(reading: Reading, words: list[str], *, codes: bool, category_weight: float) -> str:
    aggrieved = category_weight >= 2
    if codes and words and not _only_thanks(reading, words):
        return "addition"
    if _weight(reading, "spam") >= _SURE and category_weight < _SURE:
        return "spam"
    if _weight(reading, "elsewhere") >= (_SURE if aggrieved else 2) and category_weight < _SURE:
        return "elsewhere"
    if reading.of("addition"):
        return "addition"
    if aggrieved:
        return "complaint"
    return _without_grievance(reading, words)


def _without_grievance(reading: Reading, words: list[str]) -> str:
    if reading.of("abuse") and len(words) <= _SHORT:
        return "abuse"
    if _only_thanks(reading, words):
        return "thanks"
    if reading.of("inquiry") and len(words) <= _SHORT:
        return "other"
    return "complaint" if len(words) >= _FEW else "other"


def _telling(reading: Reading) -> list[str]:
    """Leaves out courtesy, numbers and an operator's opt-out footer (لغو۱۱); a long text tells something anyway."""
    if len(reading.words) > _LONG:
        return reading.words
    footer = {place for mark in reading.of("optout") for place in range(mark.start, mark.end)}
    return [
        word
        for place, word in enumerate(reading.words)
        if place not in footer and word not in _COURTESY and not "0" <= word[0] <= "9"
    ]


def _weight(reading: Reading, kind: str) -> float:
    """Adds up what different phrases of a kind weigh, each place in the text once."""
    heaviest: dict[int, float] = {}
    for mark in reading.of(kind):
        heaviest[mark.start] = max(heaviest.get(mark.start, 0.0), mark.weight)
    return sum(heaviest.values())


def _withdrawal(reading: Reading, words: list[str]) -> str | None:
    footers = {mark.start for mark in reading.of("optout")}
    for mark in reading.of("withdrawal"):
        if mark.start in footers or _taken_back(reading, mark.start):
            continue
        if mark.value == "bare":
            if len(words) <= 2:
                return "withdrawal"
        elif mark.weight >= _SURE or len(words) <= _SHORT:
            return "withdrawal"
    return None


def _taken_back(reading: Reading, start: int) -> bool:
    """«منصرف نمی‌شوم» withdraws nothing."""
    return any(word.startswith(("نمی", "نشد", "نخواه")) for word in reading.words[start : start + 4])


def _status(reading: Reading, words: list[str], *, codes: bool, aggrieved: bool) -> str | None:
    asked = max((mark.weight for mark in reading.of("status")), default=0.0)
    if not asked or aggrieved:
        return None
    if codes:
        return "status" if len(words) <= _SHORT else None
    if asked < _SURE and _only_thanks(reading, words):
        return None
    return "status" if asked >= _SURE or len(words) <= _FEW else None


def _only_thanks(reading: Reading, words: list[str]) -> bool:
    return bool(reading.of("thanks")) and len(words) <= _SHORT - 2
