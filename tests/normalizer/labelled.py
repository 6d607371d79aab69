"""The labelled set: messages as people write them, each with what a careful evaluator notes; and pairs of arrivals.

`dev` is what rules are made on; `test` was written from other sources of words and is looked at only to report.
The conventions of the gold facts are in data/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from normalizer.report import Report, Sender

Split = Literal["dev", "test"]
DATA: Final = Path(__file__).with_name("data")


@dataclass(frozen=True)
class Labelled:
    """A message with its gold facts, by the names `gateway normalize` gives them."""

    id: str
    report: Report
    gold: dict[str, Any]


def load_labelled(split: Split) -> list[Labelled]:
    """The messages of one half, in the order of the files."""
    return [_labelled(line) for line in _lines(f"messages-{split}-*.jsonl")]


def load_pairs(split: Split) -> list[dict[str, Any]]:
    """Pairs of arrivals in the form `gateway simulate` reads, each with `same`: one citizen's one matter, or not."""
    return list(_lines(f"pairs-{split}*.jsonl"))


def load_name_lines() -> Iterator[dict[str, Any]]:
    """Short lines with `text` and the `business_name` in it, null where it names nobody."""
    return _lines("names-*.jsonl")


def _labelled(line: dict[str, Any]) -> Labelled:
    report = Report(
        channel=line["channel"],
        account="",
        external_id=line["id"],
        received_at=datetime.fromisoformat(line["received_at"]),
        raw=b"",
        text=line["text"],
        sender=Sender(phone=line["sender"]),
    )
    return Labelled(line["id"], report, line["gold"])


def _lines(pattern: str) -> Iterator[dict[str, Any]]:
    for path in sorted(DATA.glob(pattern)):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)
