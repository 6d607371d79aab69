"""A server that closes loses nobody it has let in, in whichever turn of the loop they came."""

from __future__ import annotations

import asyncio
import gc
import socket
import warnings

import pytest

from channels.listening import stop_accepting


class _Door(asyncio.Protocol):
    def __init__(self, inside: set[asyncio.Transport]) -> None:
        self._inside = inside

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._inside.add(transport)


@pytest.mark.parametrize("turns", range(5))
async def test_connection_taken_as_the_server_closes_is_known_and_closed(turns: int) -> None:
    inside: set[asyncio.Transport] = set()
    server = await asyncio.get_running_loop().create_server(lambda: _Door(inside), "127.0.0.1", 0)
    with warnings.catch_warnings(record=True) as warned, socket.socket() as client:
        warnings.simplefilter("always")
        client.connect(server.sockets[0].getsockname())
        for _ in range(turns):
            await asyncio.sleep(0)
        await stop_accepting(server)
        server.close()
        known = len(inside)
        for transport in inside:
            transport.close()
        for _ in range(3):
            await asyncio.sleep(0)
        inside.clear()
        gc.collect()
    assert [str(each.message) for each in warned] == []
    assert known == (1 if turns > 1 else 0), "the loop looks in one turn, and lets in in the next"
