"""The normalizer's words and places as files, each read once, at import. Editing one needs no code."""

from __future__ import annotations

import csv
import tomllib
from importlib.resources import files
from typing import Any


def load_table(name: str) -> dict[str, Any]:
    """Reads a TOML file of this folder."""
    return tomllib.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))


def load_words(name: str) -> dict[str, str]:
    """Reads a TOML file of `kind = [words]` as a look-up from word to kind."""
    return {word: kind for kind, words in load_table(name).items() for word in words}


def load_rows(name: str) -> list[dict[str, str]]:
    """Reads a CSV file of this folder; lines beginning with # are remarks."""
    lines = files(__name__).joinpath(name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if line and not line.startswith("#")))
