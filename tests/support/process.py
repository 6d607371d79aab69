"""`gateway` as a process of its own, for what only a process can show: signals, crashes, restarts."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PATIENCE_S = 300.0
_CONFIG = "[http]\nport = 0\n[channels.email]\nport = 0\n"


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment for a gateway whose settings are overridden by dotted key: `{"http.port": "0"}`."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    return plain | {f"GATEWAY_{key.upper().replace('.', '__')}": value for key, value in settings.items()}


async def run_gateway(
    folder: Path, *arguments: str, settings: Mapping[str, str] | None = None, typed: str = ""
) -> tuple[int, str, str]:
    """Run one command to its end in `folder`: exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.cli", *arguments),
        cwd=folder,
        env=environment(settings or {}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(_PATIENCE_S):
        out, err = await process.communicate(typed.encode())
    return process.returncode or 0, out.decode(), err.decode()


@dataclass(slots=True)
class GatewayProcess:
    """`gateway serve`, running in `folder`, where its database, keys and log are."""

    folder: Path
    process: asyncio.subprocess.Process
    url: str
    smtp_port: int
    said: str

    @classmethod
    async def start(cls, folder: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> GatewayProcess:
        """Start it on free ports and wait until it says that it serves. Raises AssertionError if it ends instead."""
        config = folder / "config.toml"
        if not config.exists():
            config.write_text(_CONFIG, encoding="utf-8")
        with (folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "gateway.cli", "serve", *arguments),
                cwd=folder,
                env=environment(settings or {}),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        said = await _until_running(process, folder)
        url = re.search(r"(http://\S+)/track", said)
        smtp = re.search(r"mail \(SMTP\) +\S+:(\d+)", said)
        assert url is not None, said
        return cls(folder, process, url[1], int(smtp[1]) if smtp else 0, said)

    @property
    def log(self) -> str:
        """Everything logged so far, by this process and those before it in the folder."""
        return (self.folder / "log").read_text(encoding="utf-8")

    async def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        await self._drained()

    async def stop(self, signal_number: int) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(signal_number)
        return await self._drained()

    async def _drained(self) -> int:
        assert self.process.stdout is not None
        async with asyncio.timeout(_PATIENCE_S):
            self.said += (await self.process.stdout.read()).decode()
            return await self.process.wait()


async def _until_running(process: asyncio.subprocess.Process, folder: Path) -> str:
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(_PATIENCE_S):
        while "/metrics" not in said:
            line = (await process.stdout.readline()).decode()
            if not line:
                await process.wait()
                raise AssertionError(said + (folder / "log").read_text(encoding="utf-8"))
            said += line
    return said
