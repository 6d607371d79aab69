"""The log: one line an event on standard error, as JSON or for a console, for our own parts and for libraries alike.

Nothing personal and no secret leaves in a line: configured secrets, bot tokens in URLs, mobile numbers and mail
addresses are struck out of the finished line, whoever wrote it. Libraries that would log such things are kept quiet.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, Final, TextIO

import structlog
from structlog.typing import Processor, WrappedLogger

from normalizer.text import digits

_STRUCK: Final = "[…]"
_SHORTEST_SECRET: Final = 4
_TALKATIVE: Final = (
    "httpx",
    "httpcore",
    "telegram",
    "mail",
    "aiohttp.access",
    "aiosqlite",
    "alembic",
    "asyncio",
    "sqlalchemy",
)
_PERSONAL: Final = re.compile(
    r"/bot[0-9]+:[A-Za-z0-9_-]+"
    r"|(?<![0-9A-Za-z])(?:\+98|0098|98|0)9[0-9]{9}(?![0-9])"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+"
)


class Strike:
    """Strikes secrets and personal data out of finished lines; the last step of every chain."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, _logger: WrappedLogger, _method: str, line: Any) -> str:
        """The line fit to be kept."""
        text = str(line)
        if self._secrets is not None:
            text = self._secrets.sub(_STRUCK, text)
        return _PERSONAL.sub(_STRUCK, digits(text))


def configure_logs(*, level: str, form: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Send every log line to `stream` (standard error) from `level` up.

    `form` is console, json, or auto: console on a terminal, json elsewhere.
    """
    out = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    as_json = form == "json" or (form == "auto" and not out.isatty())
    finish: list[Processor] = [*_finish(as_json=as_json), Strike(secrets)]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, *finish],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
        )
    )
    logging.basicConfig(handlers=[handler], level=number, force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def _finish(*, as_json: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    # Plain tracebacks only: the pretty ones print local variables, and those are people's data.
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback, colors=False)]
