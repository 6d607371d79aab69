"""Why someone wrote: a new complaint, or something about an old one, or something that is neither.

What is certain by its form comes first, what was learned from labelled messages after it. In doubt it is a complaint:
a superfluous ticket costs a minute, a lost report a citizen.
"""

from __future__ import annotations

from typing import Final

from normalizer.classifier import Guess
from normalizer.data import load_table
from normalizer.guessing import Guessing
from normalizer.reading import Reading

_COURTESY: Final = frozenset(load_table("plain.toml")["courtesy"])
_SURE: Final = 3.0
_FEW, _LONG = 3, 40
_SAYING_MORE: Final = ("withdrawal", "status", "addition", "thanks", "spam", "elsewhere", "abuse", "inquiry")
_LEADS_NOWHERE: Final = frozenset(("thanks", "abuse", "spam", "other", "elsewhere"))
_NO_IDEA, _SURE_ENOUGH = 0.3, 0.5
"""What sends nobody on must be likelier than not, where it may be a complaint as well."""
_HARDLY: Final = 0.2
"""Of what is less likely a complaint than this no word of grievance makes one: an advertisement, a quarrel."""
_SURE_ENOUGH_TO_CLOSE: Final = 0.75
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


def intent_of(
    reading: Reading, guessing: Guessing, *, codes: tuple[str, ...], category_weight: float, answer: str | None
) -> str:
    """Gives the intent of a text; `category_weight` is the strongest word of grievance in it (0 to 3)."""
    telling = _telling(reading)
    by_form = _by_form(reading, telling, has_code=bool(codes), answer=answer)
    if by_form:
        return by_form
    may_complain = _share(guessing, "complaint") >= _HARDLY
    is_said = category_weight >= _SURE and not codes and not any(reading.of(kind) for kind in _SAYING_MORE)
    if is_said and may_complain:
        return "complaint"
    best = _best(reading, guessing)
    says_something = len(telling) >= _FEW
    if best.share < _NO_IDEA:
        return "complaint" if says_something else "other"
    is_doubtful = best.share < _SURE_ENOUGH and says_something and may_complain
    return "complaint" if is_doubtful and best.label in _LEADS_NOWHERE else best.label


def _by_form(reading: Reading, telling: list[str], *, has_code: bool, answer: str | None) -> str | None:
    """What needs no guess: nothing at all, a bare answer, a code alone, an opt-out, one word that takes it all back."""
    if not reading.words:
        return "other"
    if answer and not has_code:
        return "answer"
    if not telling and (has_code or reading.of("optout")):
        return "status" if has_code else "other"
    return "withdrawal" if telling and len(telling) < _FEW and reading.has("withdrawal", "bare") else None


def _best(reading: Reading, guessing: Guessing) -> Guess:
    """The likeliest intent. What closes a ticket is never only guessed: something in the text must say so."""
    guesses = guessing.intents()
    may_withdraw = bool(reading.of("withdrawal")) or guesses[0].share >= _SURE_ENOUGH_TO_CLOSE
    return next(each for each in guesses if may_withdraw or each.label != "withdrawal")


def _share(guessing: Guessing, label: str) -> float:
    return next((guess.share for guess in guessing.intents() if guess.label == label), 0.0)


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
