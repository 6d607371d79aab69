"""A linear classifier: what each feature says for each label, learned beforehand, added up, and told as shares.

It only reads what `learning` wrote; where a message holds nothing it knows, all labels are as likely as they were when
it learned.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, NamedTuple, Self


class Guess(NamedTuple):
    """A label and how likely it is, in [0, 1]."""

    label: str
    share: float


_SHARE: Final = attrgetter("share")


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights by feature, one for each of `labels`; `bias` is what stands for each before anything is read."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Sequence[float]]

    def rank(self, features: Iterable[str]) -> list[Guess]:
        """All labels, the likeliest first; shares add up to 1."""
        known = [row for row in map(self.weights.get, features) if row is not None]
        scores = list(map(sum, zip(self.bias, *known, strict=True)))
        highest = max(scores)
        raised = [math.exp(score - highest) for score in scores]
        total = sum(raised)
        shares = [each / total for each in raised]
        return sorted(map(Guess, self.labels, shares), key=_SHARE, reverse=True)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """A classifier as `to_table` laid it out."""
        return cls(tuple(table["labels"]), tuple(table["bias"]), table["weights"])

    def to_table(self) -> dict[str, Any]:
        """As plain lists and texts, to be kept as JSON."""
        return {
            "labels": self.labels,
            "bias": self.bias,
            "weights": {name: self.weights[name] for name in sorted(self.weights)},
        }
