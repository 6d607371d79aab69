"""The day something happened: of the days a message names, the event's, not a paper's, a promise's or a report's.

Owns that choice alone; the words that decide it are data/days.toml.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from normalizer.data import load_table
from normalizer.dates import Named, days_named
from normalizer.day import tehran_day
from normalizer.fact import Fact, fact
from normalizer.lexicon import Mark
from normalizer.reading import Reading

_HINTS: Final = ("day", "month", "weekday", "gregorian_month")
_NEAR_BEFORE, _NEAR_AFTER, _ASKED_AFTER, _EVENT_AFTER = 3, 3, 5, 8
# How exactly each rule says a day: the more exact one wins among days nothing else sets apart.
_RANK: Final = {"event": 5, "written": 4, "month": 4, "counted": 3, "weekday": 2, "now": 1, "morning": 0}
_WORDS: Final = {kind: frozenset(words) for kind, words in load_table("day_words.toml").items()}
# Scanned headings come with their words broken, so that only their letters count.
_HEADING: Final = re.compile("(?:" + "|".join(_WORDS["heading"]) + ")*")
_LONGEST_HEADING: Final = 200
_CLAUSE: Final = frozenset("،,؛")


def find_day_in(reading: Reading, received_at: datetime) -> date | None:
    """Gives the day something happened on; None where the text names no exact one, or only days of other things."""
    found = find_day_fact(reading, received_at)
    return date.fromisoformat(found.value) if found else None


def find_day_fact(reading: Reading, received_at: datetime) -> Fact | None:
    """As `find_day_in`, with the words that say so."""
    if not any(map(reading.marks.get, _HINTS)) and not _may_be_written(reading):
        return None
    today = tehran_day(received_at)
    best: tuple[float, Named, str] | None = None
    for named in days_named(reading, today):
        since = _word_before(reading, named) in _WORDS["since"]
        if named.day > today or (since and named.end - named.start > 1) or _is_other(reading, named):
            continue
        rule = "event" if _is_said_of_event(reading, named) else named.rule
        rank = _RANK[rule] + (0.5 if _has_event_near(reading, named) else 0) - (2 if since else 0)
        if best is None or rank > best[0]:
            best = rank, named, rule
    if best is None:
        return None
    span = reading.span(best[1].start)[0], reading.span(best[1].end - 1)[1]
    return fact("day", best[1].day.isoformat(), span, best[2])


def _may_be_written(reading: Reading) -> bool:
    """«1405/8/20» takes digits and what parts them."""
    return reading.has_digits and any(sign in reading.key for sign in "/-.")


def _is_said_of_event(reading: Reading, named: Named) -> bool:
    """«تاریخ خرید: ۱۸ مرداد», «روز حادثه ۲۸ بهمن», «خریدم پریروز بود»."""
    return any(_near_before(reading, mark, named, 2) for mark in reading.of("about") if mark.value == "event")


def _has_event_near(reading: Reading, named: Named) -> bool:
    return any(
        mark.value == "event"
        and 0 <= mark.start - named.end <= _EVENT_AFTER
        and _joined(reading, named.end, mark.start)
        for mark in reading.of("about")
    )


def _word_before(reading: Reading, named: Named) -> str:
    """The word before a day, «روز» left out: «از روز اول مهر»."""
    place = named.start - 1
    if place > 0 and reading.words[place] == "روز":
        place -= 1
    return reading.words[place] if place >= 0 else ""


def _is_other(reading: Reading, named: Named) -> bool:
    """Says whether the day is that of a paper, a promise or an earlier report, or of nothing (a letter's heading)."""
    if _word_before(reading, named) in _WORDS["deadline"]:
        return True
    if named.rule in ("written", "month") and _is_heading(reading, named):
        return True
    return any(_is_of(reading, mark, named) for mark in reading.of("about"))


def _is_of(reading: Reading, mark: Mark, named: Named) -> bool:
    if mark.value == "paper":
        return _near_before(reading, mark, named, _NEAR_BEFORE) or (
            reading.words[mark.start] in ("باشد", "باشه", "قراره") and _near_after(reading, mark, named, 2)
        )
    if mark.value == "report":
        return (
            mark.start <= named.start < mark.end
            or _near_before(reading, mark, named, 0)
            or _near_after(reading, mark, named, 3)
        )
    if mark.value == "asked":
        return named.rule == "now" and _near_after(reading, mark, named, _ASKED_AFTER)
    recurs = named.rule in ("weekday", "month")
    return mark.value == "usual" and recurs and _near_after(reading, mark, named, _NEAR_AFTER)


def _near_before(reading: Reading, mark: Mark, named: Named, words: int) -> bool:
    return 0 <= named.start - mark.end <= words and _joined(reading, mark.end, named.start)


def _near_after(reading: Reading, mark: Mark, named: Named, words: int) -> bool:
    return 0 <= mark.start - named.end <= words and _joined(reading, named.end, mark.start)


def _joined(reading: Reading, start: int, end: int) -> bool:
    """Says whether no sentence or clause ends between the word before `start` and word `end`."""
    return not any(
        reading.sentence_ends_after(word) or not _CLAUSE.isdisjoint(reading.between(word + 1))
        for word in range(max(0, start - 1), end)
        if word + 1 < len(reading.words)
    )


def _is_heading(reading: Reading, named: Named) -> bool:
    """A line that holds nothing but a date and what letters' headings call it."""
    text = reading.text
    start, end = reading.span(named.start)[0], reading.span(named.end - 1)[1]
    if "\n" not in text:
        return False
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if line_end - line_start > _LONGEST_HEADING:
        return False
    around = reading.key[line_start:start] + reading.key[end:line_end]
    return _HEADING.fullmatch("".join(filter(str.isalpha, around))) is not None
