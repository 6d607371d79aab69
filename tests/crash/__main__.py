"""`python -m tests.crash --kills 30`: the long campaign, told as it goes; exit code 1 where it is not clean."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.crash.campaign import run_campaign

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=124)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        verdict = asyncio.run(run_campaign(Path(folder), kills=given.kills, seed=given.seed, tell=print))
    for name, figure in asdict(verdict).items():
        print(f"{name.replace('_', ' '):16} {figure}")
    sys.exit(0 if verdict.clean else 1)
