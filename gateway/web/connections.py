"""The server under the application: answers what is not even HTTP with a problem too, and logs nothing a client wrote.

Nothing is decompressed on the way in, requests that hang up are served to the end, and idle connections are let go.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

import structlog
from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_server import Server

from channels.listening import stop_accepting
from gateway.catalogue import DEFAULT
from gateway.web.middleware import SAFE_HEADERS
from gateway.web.problems import Problem, problem_response
from gateway.web.services import SERVICES, Services

log = structlog.get_logger()
KEEP_ALIVE_S: Final = 75
SHUTDOWN_S: Final = 5.0
HEADERS_S: Final = 30.0
"""How long a new connection may take to say what it wants."""
_silent: Final = logging.getLogger("gateway.web.connections")
_silent.setLevel(logging.CRITICAL + 1)


class Runner(web.AppRunner):
    """Runs the application; gives requests under way `shutdown_s` to end when it is told to stop."""

    def __init__(
        self, application: web.Application, *, shutdown_s: float = SHUTDOWN_S, headers_s: float = HEADERS_S
    ) -> None:
        super().__init__(
            application,
            access_log=None,
            logger=_silent,
            auto_decompress=False,
            keepalive_timeout=KEEP_ALIVE_S,
            shutdown_timeout=shutdown_s,
        )
        self._services, self._headers_s = application[SERVICES], headers_s

    async def _make_server(self) -> Server:
        server = await super()._make_server()
        return _Server(self._services, self._headers_s, server, self._kwargs)


class ListeningSite(web.TCPSite):
    """Where the application listens; whoever was let in before it stops is known to the server, and so closed."""

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            await stop_accepting(self._server)
        await super().stop()


class _Server(Server):
    """aiohttp's server with our connections."""

    def __init__(self, services: Services, headers_s: float, built: Server, options: dict[str, Any]) -> None:
        kept = {name: value for name, value in options.items() if name != "handler_cancellation"}
        super().__init__(built.request_handler, request_factory=built.request_factory, debug=False, **kept)
        self._services, self._headers_s = services, headers_s

    def __call__(self) -> RequestHandler:
        return _Connection(self._services, self._headers_s, self, loop=self._loop, **self._kwargs)


class _Connection(RequestHandler):
    """One connection; what cannot be parsed is answered like any other error."""

    __slots__ = ("_headers_s", "_services", "_silence")

    def __init__(self, services: Services, headers_s: float, manager: Server, **options: Any) -> None:
        super().__init__(manager, **options)
        self._services, self._headers_s = services, headers_s
        self._silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, and give up on who says nothing whole in time (slowloris)."""
        super().connection_made(transport)
        self._silence = asyncio.get_running_loop().call_later(self._headers_s, self._give_up)

    def connection_lost(self, exc: BaseException | None) -> None:
        """End."""
        if self._silence is not None:
            self._silence.cancel()
        super().connection_lost(exc)

    def _give_up(self) -> None:
        if not self._request_count:
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A problem document; the connection ends with it. Raises ConnectionError where an answer has begun."""
        kind = type(exc).__name__ if exc is not None else ""
        log.log(logging.ERROR if status >= 500 else logging.INFO, "connection ended", status=status, error=kind)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has already begun")
        problem = Problem(431 if isinstance(exc, LineTooLong) else status if status < 500 else 500)
        response = problem_response(problem, self._services.catalogue, DEFAULT)
        response.headers.update(SAFE_HEADERS)
        response.force_close()
        return response
