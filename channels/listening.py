"""Closing a listening socket without losing whom it has just let in.

The loop takes a connection in one turn and makes its transport in the next; a server closed in between forgets
the connection, and nobody closes it.
"""

from __future__ import annotations

import asyncio
from typing import Final

_TURNS: Final = 2


async def stop_accepting(server: asyncio.AbstractServer) -> None:
    """Take no more connections; those taken have met their protocol when this returns. `server` may be closed then."""
    loop = asyncio.get_running_loop()
    for listening in getattr(server, "sockets", ()):
        loop.remove_reader(listening.fileno())
    for _ in range(_TURNS):
        await asyncio.sleep(0)
