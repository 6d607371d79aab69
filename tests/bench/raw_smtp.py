"""The smallest honest aiosmtpd program that takes mails durably: 250 once the rows are committed."""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path
from typing import Any

import uvloop
from aiosmtpd.smtp import SMTP, Envelope

from tests.bench.raw_store import RawStore


class _Handler:
    def __init__(self, store: RawStore) -> None:
        self._store = store
        self._numbers = itertools.count(1)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        number = next(self._numbers)
        raw = envelope.original_content or b""
        await self._store.add(number, raw, f"{number:012d}", envelope.mail_from or "", "")
        return "250 kept"


async def _serve(folder: Path, port: int) -> None:
    handler = _Handler(RawStore(folder / "raw-mail.db"))
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
