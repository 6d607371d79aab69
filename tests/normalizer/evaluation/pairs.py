"""How well two arrivals of one matter are joined: each pair is a scenario of `gateway simulate`'s own code."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.commands.simulate import simulated
from gateway.config import load_settings
from tests.normalizer.evaluation.measures import Share


@dataclass
class Joining:
    """Pairs by what they are and what became of the second arrival; `wrong` names those that went wrong."""

    joined: int = 0
    hidden: int = 0
    asked: int = 0
    missed: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, pair: Mapping[str, Any], first: Mapping[str, Any], second: Mapping[str, Any]) -> None:
        """Count one pair: joined is where both arrivals ended up in one ticket."""
        code = second["tracking_code"]
        is_joined = code is not None and code == first["tracking_code"]
        if is_joined == pair["same"]:
            self.joined += is_joined
            return
        self.wrong.append(f"{pair['id']} {second['result']} {second['score']} {second['reasons']} {pair['why']}")
        self.hidden += is_joined
        self.missed += not is_joined
        self.asked += not is_joined and second["candidate"] is not None

    def lines(self) -> list[str]:
        """Precision and recall of joining, and how many of the missed left their candidate to be asked about."""
        return [
            f"joining precision {Share(self.joined, self.joined + self.hidden)}",
            f"joining recall    {Share(self.joined, self.joined + self.missed)}",
            f"not joined, but the candidate named: {self.asked} of {self.missed}",
        ]


async def compare_pairs(pairs: Iterable[dict[str, Any]]) -> Joining:
    """Run every pair through the intake."""
    given = list(pairs)
    arrivals = [{"scenario": pair["id"], **pair[name]} for pair in given for name in ("first", "second")]
    lines = io.StringIO("\n".join(json.dumps(each) for each in arrivals))
    found = [outcome async for outcome in simulated(load_settings(Path("config.toml")), lines)]
    joining = Joining()
    for pair, first, second in zip(given, found[::2], found[1::2], strict=True):
        joining.add(pair, first, second)
    return joining
