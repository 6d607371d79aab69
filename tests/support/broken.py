"""Data files that are wrong at one place."""

from __future__ import annotations

from pathlib import Path


def broken(source: str, old: str, new: str, path: Path) -> Path:
    """A file at `path` with `new` where the source first has `old`."""
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    return path
