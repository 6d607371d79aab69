"""Learning classifiers from labelled messages and from what people settled on, and judging what the latter changes.

A fifth of all messages, chosen by their words, is held out: what was learned without the corrections and what was
learned with them are both asked about it, and neither has seen it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.commands.command import CommandError
from normalizer.classifier import Classifier
from normalizer.complaint import CATEGORIES, INTENTS
from normalizer.features import features_of
from normalizer.impersonal import without_numbers
from normalizer.learning import Example, learn
from normalizer.own_words import own_words
from normalizer.reading import read
from ticketing.settled import Settled

KNOWN: Final[Mapping[str, Sequence[str]]] = {"intent": INTENTS, "category": CATEGORIES}
_HELD_OUT: Final = 5


class Examples:
    """Messages to learn from, by what is learned of them, in the order they came."""

    def __init__(self) -> None:
        self._all: dict[str, list[tuple[Example, bool]]] = {name: [] for name in KNOWN}

    def add(self, text: str, labels: Mapping[str, Any]) -> None:
        """One message; a label that is None teaches nothing. Raises `CommandError` naming a label there is not."""
        taught = {name: label for name in KNOWN if (label := labels.get(name)) is not None}
        for name, label in taught.items():
            if label not in KNOWN[name]:
                raise CommandError(f"{name}: unknown ({label})")
        features = frozenset(features_of(read(own_words(text)))) if taught else frozenset()
        for name, label in taught.items():
            self._all[name].append(((features, label), is_held_out(text)))

    def of(self, name: str, *, held: bool | None = None) -> list[Example]:
        """Those with a label of this name: all, or only those held out, or only the others."""
        return [example for example, is_held in self._all[name] if held is None or is_held == held]


def is_held_out(text: str) -> bool:
    """A fifth of all, by the words: the same text is on the same side whoever wrote it, however often."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[0] % _HELD_OUT == 0


def labelled(lines: Iterable[Mapping[str, Any]]) -> Examples:
    """The messages of label files: `text`, and in `gold` (or beside it) `intent` and `category`.

    Raises `CommandError` naming the field.
    """
    examples = Examples()
    for line in lines:
        text, gold = line.get("text"), line.get("gold", line)
        if not isinstance(text, str) or not isinstance(gold, dict):
            raise CommandError("text: required" if not isinstance(text, str) else "gold: not_an_object")
        examples.add(text, gold)
    return examples


def corrections(settled: Iterable[Settled]) -> Examples:
    """What people settled on, personal numbers and addresses left out."""
    examples = Examples()
    for each in settled:
        examples.add(without_numbers(each.text), {"intent": each.intent, "category": each.category})
    return examples


@dataclass(frozen=True, slots=True)
class Judged:
    """How many of the messages held out a classifier of this name gets right: without the corrections, and with."""

    name: str
    held: int
    before: int
    after: int

    @property
    def is_worse(self) -> bool:
        """True where the corrections do more harm than good."""
        return self.after < self.before

    def __str__(self) -> str:
        share = f"{self._share(self.before)} without the corrections, {self._share(self.after)} with them"
        return f"{self.name}: {share}, of {self.held} messages held out"

    def _share(self, right: int) -> str:
        return f"{right / self.held:.1%}" if self.held else "-"


def judge(name: str, given: Examples, corrected: Examples) -> Judged:
    """What the corrections change for the classifier of this name. Raises ValueError for nothing to learn from."""
    held = given.of(name, held=True) + corrected.of(name, held=True)
    more = corrected.of(name, held=False)
    before = learn(given.of(name, held=False))
    after = learn(given.of(name, held=False) + more) if more else before
    return Judged(name, len(held), _right(before, held), _right(after, held))


def _right(classifier: Classifier, held: Sequence[Example]) -> int:
    return sum(1 for features, label in held if classifier.rank(sorted(features))[0].label == label)
