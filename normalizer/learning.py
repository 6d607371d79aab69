"""Learning a linear classifier from labelled messages: multinomial logistic regression by AdaGrad.

J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods" (2011). The same examples give the same classifier: the
order in which they are gone through is drawn from a fixed seed.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from normalizer.classifier import Classifier

Example = tuple[frozenset[str], str]
_SEED: Final = 124
_ROUNDS: Final = 10
_LEFT_OUT: Final = 0.3
"""So much of a message is hidden at every look, so that no word learns to lean on another beside it.

S. Wager, S. Wang, P. Liang, "Dropout training as adaptive regularization" (2013).
"""
_RATE: Final = 0.1
_DECAY: Final = 1e-3
_SEEN_AT_LEAST: Final = 3
"""A feature that one or two messages have says nothing of others."""
_LEAST_WEIGHT: Final = 0.03
_DIGITS: Final = 2


def learn(examples: Sequence[Example], rounds: int = _ROUNDS) -> Classifier:
    """What tells the labels of `examples` apart. Raises ValueError for no examples."""
    if not examples:
        raise ValueError("nothing to learn from")
    labels = tuple(sorted({label for _, label in examples}))
    counted = Counter(feature for features, _ in examples for feature in features)
    shared = {feature for feature, seen in counted.items() if seen >= _SEEN_AT_LEAST}
    known = [(sorted(features & shared), labels.index(label)) for features, label in examples]
    weights = {feature: [0.0] * len(labels) for feature in shared}
    steps = {feature: [1.0] * len(labels) for feature in weights}
    bias = [0.0] * len(labels)
    draw = random.Random(_SEED)  # noqa: S311 (an order to go through, no secret)
    for _ in range(rounds):
        for features, label in draw.sample(known, len(known)):
            seen = [feature for feature in features if draw.random() >= _LEFT_OUT]
            _learn_one(seen, label, weights, steps, bias)
    return Classifier(labels, tuple(round(each, _DIGITS) for each in bias), _kept(weights))


def _learn_one(
    features: list[str], label: int, weights: dict[str, list[float]], steps: dict[str, list[float]], bias: list[float]
) -> None:
    """Move the weights of one message's features towards its label, by as much as they were wrong."""
    rows = [weights[feature] for feature in features]
    wrong = _shares(bias, rows)
    wrong[label] -= 1.0
    for place, off in enumerate(wrong):
        if abs(off) < 1e-3:
            continue
        bias[place] -= 0.01 * off
        squared = off * off
        for feature, row in zip(features, rows, strict=True):
            step = steps[feature]
            step[place] += squared
            row[place] -= _RATE * (off + _DECAY * row[place]) / math.sqrt(step[place])


def _shares(bias: Iterable[float], rows: Iterable[Sequence[float]]) -> list[float]:
    scores = [sum(column) for column in zip(bias, *rows, strict=True)]
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]
    total = sum(raised)
    return [each / total for each in raised]


def _kept(weights: dict[str, list[float]]) -> dict[str, list[float]]:
    """Weights worth keeping, rounded, for messages seen whole: what hardly tells anything apart is left out."""
    return {
        feature: [round(each * (1 - _LEFT_OUT), _DIGITS) for each in row]
        for feature, row in weights.items()
        if max(row) - min(row) >= _LEAST_WEIGHT
    }
