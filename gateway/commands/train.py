"""`gateway train`: learn anew what tells intents and categories apart, from labelled messages, into a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from gateway.commands.command import Command, CommandError, Say
from gateway.config import Settings
from normalizer.complaint import CATEGORIES, INTENTS
from normalizer.features import features_of
from normalizer.learning import Example, learn
from normalizer.own_words import own_words
from normalizer.reading import read

_KNOWN: Final = {"intent": INTENTS, "category": CATEGORIES}


def examples_of(lines: Iterable[dict[str, Any]]) -> dict[str, list[Example]]:
    """By what is learned, each labelled message's features and label; null labels teach nothing.

    A line has `text`, and in `gold` (or beside it) `intent` and `category`. Raises `CommandError` naming the field.
    """
    examples: dict[str, list[Example]] = {name: [] for name in _KNOWN}
    for line in lines:
        text, gold = line.get("text"), line.get("gold", line)
        if not isinstance(text, str):
            raise CommandError("text: required")
        features = frozenset(features_of(read(own_words(text))))
        for name, known in _KNOWN.items():
            label = gold.get(name)
            if label is not None and label not in known:
                raise CommandError(f"{name}: unknown ({label})")
            if label is not None:
                examples[name].append((features, label))
    return examples


def _lines(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                given = json.loads(line)
            except ValueError:
                raise CommandError(f"{path}: line {number}: not_json") from None
            if not isinstance(given, dict):
                raise CommandError(f"{path}: line {number}: not_an_object")
            yield given


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "labelled", type=Path, nargs="+", metavar="LABELLED", help="messages with their gold, JSON lines"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write what was learned")


def _run(_settings: Settings, arguments: argparse.Namespace, say: Say) -> None:
    examples = examples_of(_lines(arguments.labelled))
    tables = {name: learn(found).to_table() for name, found in examples.items() if found}
    if len(tables) < len(_KNOWN):
        raise CommandError("labelled: nothing to learn from")
    arguments.out.write_text(json.dumps(tables, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    for name, table in tables.items():
        say(f"{name}: {len(table['weights'])} features of {len(examples[name])} messages")


COMMAND = Command("train", "learn intents and categories from labelled messages", _declare, _run)
