"""Whether a message cannot wait: danger to health or safety now, evidence on its way out, or an explicit «فوری».

Owns that judgement; the words are data/urgency.toml. What might happen, did not, or is long past is no danger now.
"""

from __future__ import annotations

from typing import Final

from normalizer.data import load_table
from normalizer.fact import Fact, fact
from normalizer.lexicon import Mark
from normalizer.reading import Reading

_WORDS: Final = {kind: frozenset(words) for kind, words in load_table("urgency_words.toml").items()}
_DOUBT_WITHIN, _PAST_WITHIN, _FIGURE_WITHIN = 4, 8, 3
_ENOUGH: Final = 0.99
"""What hints of different kinds must weigh together; less than 1, for weights are no exact fractions."""
_AGO: Final = frozenset(("پیش", "قبل"))


def find_urgency_in(reading: Reading) -> list[Fact]:
    """Gives the words that make a message urgent, each as a fact; none where it can wait."""
    marks = [mark for mark in reading.of("urgent") if not _is_unreal(reading, mark)]
    strong = [mark for mark in marks if mark.weight >= 1]
    hints = {mark.value: mark.weight for mark in marks}
    telling = strong or (marks if sum(hints.values()) >= _ENOUGH else [])
    return [
        fact("urgent", "true", reading.words_span(mark), mark.value if strong else "together")
        for mark in telling
        if not any(_is_inside(mark, other) for other in telling)
    ]


def _is_inside(mark: Mark, other: Mark) -> bool:
    return other.start <= mark.start and mark.end <= other.end and other.end - other.start > mark.end - mark.start


def _is_unreal(reading: Reading, mark: Mark) -> bool:
    """Says whether the words around take it back: «وام فوری», «مسموم نشدیم», «اگر کسی مسموم شود», «پارسال»."""
    words = reading.words
    if mark.value == "said":
        before, after = words[max(0, mark.start - 1) : mark.start], words[mark.end : mark.end + 1]
        return not (_WORDS["offered"].isdisjoint(before) and _WORDS["negated"].isdisjoint(after))
    if mark.value == "hurry":
        return False
    if mark.value == "evidence":
        return not _WORDS["own"].isdisjoint(words[max(0, mark.start - _FIGURE_WITHIN) : mark.end])
    if not _WORDS["figure"].isdisjoint(words[max(0, mark.start - _FIGURE_WITHIN) : mark.end]):
        return True
    if any(word.startswith(("نشد", "نبود", "نیست", "نمیش", "نکرد")) for word in words[mark.end : mark.end + 1]):
        return True
    return _said_before(reading, mark, "doubt", _DOUBT_WITHIN) or _said_before(reading, mark, "past", _PAST_WITHIN)


def _said_before(reading: Reading, mark: Mark, kind: str, within: int) -> bool:
    """Says whether such a word stands before a mark in its sentence."""
    for word in range(mark.start - 1, max(-1, mark.start - 1 - within), -1):
        if reading.sentence_ends_after(word):
            return False
        if reading.words[word] in _WORDS[kind]:
            return True
        if kind == "past" and reading.words[word] == "سال" and reading.words[word + 1] in _AGO:
            return True
    return False
