"""A process of ours that works on what strangers sent: a bare environment, capped, and killed when it misbehaves.

Both ends of it: `Confined` on our side of the pipes; `confine`, `READY` and frames on its side too. What crosses is a
JSON head and a blob, both measured. No pickles: it has just swallowed a stranger's file and may be anything by now.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

LENGTHS: Final = struct.Struct(">II")
READY: Final = b"ready\n"  # said once, when the other side has started
_START_S: Final = 60.0
_ROOT: Final = Path(__file__).resolve().parent.parent


def pack(head: dict[str, Any], blob: bytes = b"") -> bytes:
    """One frame."""
    encoded = json.dumps(head).encode()
    return LENGTHS.pack(len(encoded), len(blob)) + encoded + blob


def confine(memory_bytes: int, cpu_s: int | None = None) -> None:
    """Cap this process for good: no file is written, no core left, no more memory or time of the processor taken."""
    limits = {resource.RLIMIT_AS: memory_bytes, resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}
    if cpu_s is not None:
        limits[resource.RLIMIT_CPU] = cpu_s
    for limit, value in limits.items():
        _, hard = resource.getrlimit(limit)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))


class Confined:
    """One such process, started and ready."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise OSError("the process has no pipes")
        self._process = process
        self.to_it, self.from_it = process.stdin, process.stdout

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Confined:
        """Start `module` and wait until it says `READY`: its start on a busy machine counts against no honest file.

        Raises OSError where it does not start.
        """
        # A bare environment: the settings in ours hold secrets, and it needs none of them.
        environment = {"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", module, *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C is for us to handle; it ends when its pipe does
        )
        started = cls(process)
        try:
            async with asyncio.timeout(_START_S):
                await started.from_it.readuntil(READY)
        except (TimeoutError, EOFError, ConnectionError, asyncio.LimitOverrunError) as error:
            await started.kill()
            raise OSError(f"{module} does not start") from error
        except asyncio.CancelledError:
            await started.kill()
            raise
        return started

    @property
    def is_running(self) -> bool:
        """False once it has ended by itself."""
        return self._process.returncode is None

    async def kill(self) -> None:
        """End it, whatever it is at."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        # The transport of a pipe is closed only once it is read to its end.
        with suppress(ConnectionError):
            await self.from_it.read()
