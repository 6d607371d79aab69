"""Messages compared with their gold: each field's precision and recall, categories, intents, what was wrong where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.commands.normalize import facts_of
from normalizer.normalize import normalize
from normalizer.text import fold
from tests.normalizer.evaluation.measures import Confusion, Counts, Share
from tests.normalizer.labelled import Labelled

LISTS: Final = ("phones", "national_ids", "guild_ids", "tracking_codes", "emails", "amounts_rial")
SINGLES: Final = ("province", "county", "business_name", "happened_on", "language")


@dataclass
class Outcome:
    """What the comparison of many messages came to; `misses` has the ids by field, with gold and found."""

    fields: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    categories: Confusion = field(default_factory=Confusion)
    intents: Confusion = field(default_factory=Confusion)
    grieved: int = 0
    category_right: int = 0
    category_in_two: int = 0
    intent_right: int = 0
    messages: int = 0
    misses: dict[str, list[tuple[str, Any, Any]]] = field(default_factory=lambda: defaultdict(list))

    def lines(self) -> Iterator[str]:
        """The report, a line each."""
        yield f"{'field':<16} {'precision':<34} recall"
        for name, counts in self.fields.items():
            yield f"{name:<16} {counts.precision!s:<34} {counts.recall}"
        yield f"{'category':<16} accuracy {Share(self.category_right, self.grieved)}"
        yield f"{'category of two':<16} accuracy {Share(self.category_in_two, self.grieved)}"
        yield f"{'intent':<16} accuracy {Share(self.intent_right, self.messages)}"
        yield from ("", "category: gold down, found across", *self.categories.lines())
        yield from ("", "intent: gold down, found across", *self.intents.lines())


def compare(messages: Iterable[Labelled]) -> Outcome:
    """Understand each message and hold it against its gold."""
    outcome = Outcome()
    for message in messages:
        found = facts_of(normalize(message.report))
        _compare_fields(outcome, message, found)
        _compare_category(outcome, message, found)
        outcome.messages += 1
        outcome.intents.add(message.gold["intent"], found["intent"])
        if found["intent"] == message.gold["intent"]:
            outcome.intent_right += 1
        else:
            outcome.misses["intent"].append((message.id, message.gold["intent"], found["intent"]))
    return outcome


def _compare_fields(outcome: Outcome, message: Labelled, found: dict[str, Any]) -> None:
    for name in (*LISTS, *SINGLES, "urgent"):
        gold, seen = _values(name, message.gold[name]), _values(name, found[name])
        if not outcome.fields[name].add(gold, seen):
            outcome.misses[name].append((message.id, message.gold[name], found[name]))


def _values(name: str, value: Any) -> list[Any]:
    if name in LISTS:
        return sorted(set(value))
    if name == "business_name":
        return [fold(value)] if value else []
    return [value] if value else []


def _compare_category(outcome: Outcome, message: Labelled, found: dict[str, Any]) -> None:
    gold = message.gold["category"]
    outcome.categories.add(gold, found["category"])
    if found["category"] != gold:
        outcome.misses["category"].append((message.id, gold, (found["category"], found["category_second"])))
    if gold is None:
        return
    outcome.grieved += 1
    outcome.category_right += found["category"] == gold
    outcome.category_in_two += gold in (found["category"], found["category_second"])
