"""What the learned classifiers say of a message: why it was written, and the kind of violation it tells of.

Asked only where words by themselves leave doubt; a message's features are gathered when the first one asks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from normalizer.classifier import Classifier, Guess
from normalizer.complaint import CATEGORIES, INTENTS
from normalizer.features import features_of
from normalizer.reading import Reading

FILE: Final = "classifiers.json"
_LABELS: Final[Mapping[str, Sequence[str]]] = {"category": CATEGORIES, "intent": INTENTS}


def read_classifiers(path: Path | None = None) -> dict[str, Classifier]:
    """The classifiers of a file that `gateway train` wrote, by what they guess; those that come along if None.

    Raises OSError, and ValueError for a file that is none.
    """
    source = path or files("normalizer.data").joinpath(FILE)
    # A few hundred weights are all there are: each is one number in memory, however often it stands in the file.
    tables: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"), parse_float=cache(float))
    try:
        found = {name: Classifier.from_table(tables[name]) for name in _LABELS}
        whole = path is None or all(_is_whole(name, each) for name, each in found.items())
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no classifiers: {error}") from None
    if not whole:
        raise ValueError("no classifiers: labels and weights do not go together")
    return found


def _is_whole(name: str, classifier: Classifier) -> bool:
    """True where it tells at least two labels apart, all of them known, by as many weights."""
    labels, rows = classifier.labels, (classifier.bias, *classifier.weights.values())
    fits = all(len(row) == len(labels) and all(isinstance(each, int | float) for each in row) for row in rows)
    return fits and len(labels) > 1 and set(labels) <= set(_LABELS[name])


_CLASSIFIERS: Final = read_classifiers()


def use(classifiers: Mapping[str, Classifier]) -> None:
    """Let these guess from now on, in this process."""
    _CLASSIFIERS.update(classifiers)


class Guessing:
    """One message to the classifiers."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    @cached_property
    def _features(self) -> list[str]:
        return features_of(self._reading)

    @cached_property
    def _intents(self) -> list[Guess]:
        return _CLASSIFIERS["intent"].rank(self._features)

    def intents(self) -> list[Guess]:
        """Why it was written, the likeliest first."""
        return self._intents

    def categories(self) -> list[Guess]:
        """The kind of violation it tells of, the likeliest first."""
        return _CLASSIFIERS["category"].rank(self._features)
