"""The short version of `make crash`: three kills under load, nothing acknowledged lost, nothing doubled."""

from __future__ import annotations

from pathlib import Path

from tests.crash.campaign import run_campaign


async def test_threats_1_and_2_kill_9_loses_nothing_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    verdict = await run_campaign(tmp_path, kills=3, seed=7)
    assert verdict.clean, verdict
