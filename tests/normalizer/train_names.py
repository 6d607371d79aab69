"""Learns the weights of shop_name.py from the dev half: `python -m tests.normalizer.train_names` rewrites the file.

Each message, and each short line of names-*.jsonl, gives its candidates and «none»; a log-linear choice among them is
fitted by gradient steps with a pull towards naught. Deterministic: no chance anywhere. `--hold db` leaves the messages
of one writer out and says how well their names are then found.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

import normalizer.data as data
from normalizer.own_words import own_words
from normalizer.reading import Reading, read
from normalizer.shop_name import LEAST_SURE, Candidate, candidates
from normalizer.text import fold
from normalizer.word_kinds import TITLE, UNKNOWN, UNKNOWN_LATIN, WordKinds
from tests.normalizer.labelled import Labelled, load_labelled, load_name_lines
from tests.normalizer.messages import load_messages, report_of

WEIGHTS: Final = Path(str(data.__file__)).with_name("name_weights.csv")
WORDS: Final = WEIGHTS.with_name("common_words.csv")
_ROUNDS: Final = 15
_STEP, _PULL, _LEAST = 0.06, 2.0, 0.03
_HIGHEST, _NOTHING = 30.0, 1e-4

Example = tuple[Reading, list[Candidate], list[bool], str | None]


def words_outside_names(messages: list[Labelled]) -> set[str]:
    """Words no list has that people write elsewhere than in the name of a business or behind «آقای»."""
    listed, seen, named = WordKinds(), set[str](), set[str]()
    for message in messages:
        words = read(own_words(message.report.text)).words
        name = set(fold(message.gold["business_name"] or "").split())
        named |= name
        seen.update(word for before, word in zip(["", *words], words, strict=False) if listed[before or "و"] != TITLE)
    return {word for word in seen - named if listed[word] in (UNKNOWN, UNKNOWN_LATIN)}


def examples_of(messages: list[Labelled], others: list[Labelled]) -> list[Example]:
    """Examples of each writer's messages, seen with the words of the other writers only: as a stranger's will be."""
    examples = []
    for writer in sorted({message.id[:2] for message in messages}):
        seen = words_outside_names([message for message in others if message.id[:2] != writer])
        kinds = WordKinds(seen)
        examples += [example_of(message, kinds) for message in messages if message.id[:2] == writer]
    return examples


def example_of(message: Labelled, kinds: WordKinds) -> Example:
    """Candidates of a message, which of them are its gold name."""
    reading = read(own_words(message.report.text))
    spans = list(candidates(reading, kinds))
    gold = message.gold["business_name"]
    said = fold(gold) if gold else None
    return reading, spans, [fold(reading.written(span.start, span.end)) == said for span in spans], said


def train(examples: list[Example]) -> dict[str, float]:
    """Fits a weight for each trait: AdaGrad steps, and after each round a pull to naught, strongest on rare traits."""
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(lambda: 1e-6)
    fitting = [example for example in examples if example[1] and (any(example[2]) or not example[3])]
    for _ in range(_ROUNDS):
        for example in fitting:
            for trait, amount in _slope(example, weights).items():
                squares[trait] += amount * amount
                weights[trait] += _STEP * amount / math.sqrt(squares[trait])
        for trait in weights:
            weights[trait] *= max(0.0, 1.0 - _STEP * _PULL / math.sqrt(squares[trait]))
    return {trait: weight for trait, weight in sorted(weights.items()) if abs(weight) >= _LEAST}


def _slope(example: Example, weights: dict[str, float]) -> dict[str, float]:
    """Which way each trait's weight makes the gold name likelier among the candidates and «none»."""
    _, spans, right, said = example
    scores = [math.exp(min(_HIGHEST, sum([weights[trait] for trait in span.traits]))) for span in spans]
    whole = 1.0 + sum(scores)
    good = sum(score for score, is_right in zip(scores, right, strict=True) if is_right) if said else 1.0
    slope: dict[str, float] = defaultdict(float)
    for span, score, is_right in zip(spans, scores, right, strict=True):
        amount = (score / good if said and is_right else 0.0) - score / whole
        if abs(amount) >= _NOTHING:
            for trait in span.traits:
                slope[trait] += amount
    return slope


def found_in(example: Example, weights: dict[str, float]) -> str | None:
    """What the weights would choose."""
    reading, spans, _, _ = example
    best, best_score = None, LEAST_SURE
    for span in spans:
        score = sum(weights.get(trait, 0.0) for trait in span.traits)
        if score > best_score:
            best, best_score = span, score
    return fold(reading.written(best.start, best.end)) if best else None


def report(examples: list[Example], weights: dict[str, float]) -> str:
    """Precision and recall, and how many gold names are candidates at all."""
    counts: Counter[str] = Counter()
    for example in examples:
        said, found = example[3], found_in(example, weights)
        counts["right"] += bool(said) and said == found
        counts["said"] += bool(said)
        counts["found"] += bool(found)
        counts["reachable"] += any(example[2])
    found, said = counts["right"] / max(1, counts["found"]), counts["right"] / max(1, counts["said"])
    return f"precision {found:.3f}, recall {said:.3f}, reachable {counts['reachable']} of {counts['said']}"


def _by_hand() -> list[Labelled]:
    """The lines of names-*.jsonl and the messages of messages.jsonl, which say of each whom it names."""
    lines = [(line["text"], line["business_name"]) for line in load_name_lines()]
    lines += [(message.text, message.expect.get("business_name")) for message in load_messages()]
    return [
        Labelled(f"hand-{number}", report_of(text), {"business_name": name})
        for number, (text, name) in enumerate(lines)
    ]


def main() -> None:
    """Train on all of dev and write, or hold a file out and say how it goes."""
    parser = argparse.ArgumentParser(description="learn which words name a business")
    parser.add_argument("--hold", help="the beginning of the ids to leave out of training and to try on")
    hold = parser.parse_args().hold
    messages = [*load_labelled("dev"), *_by_hand()]
    others = [message for message in messages if not hold or not message.id.startswith(hold)]
    learned = examples_of(others, others)
    weights = train(learned)
    print("learned from:", report(learned, weights))
    if hold:
        tried = examples_of([message for message in messages if message.id.startswith(hold)], others)
        print("held out:", report(tried, weights))
        return
    words = "".join(f"{word}\n" for word in sorted(words_outside_names(messages)))
    WORDS.write_text("word\n" + words, encoding="utf-8")
    lines = "".join(f"{trait},{weight:.2f}\n" for trait, weight in weights.items())
    WEIGHTS.write_text("trait,weight\n" + lines, encoding="utf-8")


if __name__ == "__main__":
    main()
