"""The log: one line an event on standard error, as JSON or for a console, for our own parts and for libraries alike.

Nothing personal and no secret leaves in a line: configured secrets, bot tokens in URLs, mobile numbers and mail
addresses are struck out of the finished line, whoever wrote it. Libraries that would log such things are kept quiet.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from normalizer.text import digits

_STRUCK: Final = "[…]"
_SHORTEST_SECRET: Final = 4
_FRAMES, _CAUSES = 8, 4
# One for all lines: making an encoder costs more than using it.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, default=repr)
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
# What people are told by, each with a sign that is always there: looking for the sign first is what makes a line cheap.
_PERSONAL: Final = (
    ("@", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+")),
    ("/bot", re.compile(r"/bot[0-9]+:[A-Za-z0-9_-]+")),
    ("9", re.compile(r"(?<![0-9A-Za-z])(?:\+98|0098|98|0)9[0-9]{9}(?![0-9])")),
)


class Strike:
    """Strikes secrets and personal data out of finished lines; the last step of every chain."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {each for each in secrets if len(each) >= _SHORTEST_SECRET}
        known |= {form(each)[1:-1] for each in known for form in (_ENCODER.encode, repr)}  # as it stands in a line
        self._secrets = sorted(known, key=len, reverse=True)

    def __call__(self, _logger: WrappedLogger, _method: str, line: Any) -> str:
        """The line fit to be kept."""
        text = str(line)
        for secret in self._secrets:
            text = text.replace(secret, _STRUCK)
        text = digits(text)
        for sign, pattern in _PERSONAL:
            if sign in text:
                text = pattern.sub(_STRUCK, text)
        return text


def configure_logs(
    *, level: str, form: str, secrets: Iterable[str], stream: TextIO | None = None, for_good: bool = False
) -> None:
    """Send every log line to `stream` (standard error) from `level` up.

    `form` is console, json, or auto: console on a terminal, json elsewhere. `for_good` says that it will not be
    called again, which makes lines cheaper.
    """
    out = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    as_json = form == "json" or (form == "auto" and not out.isatty())
    finish: list[Processor] = [*_finish(as_json=as_json), Strike(secrets)]
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, *finish],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=for_good,
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
        return [_tell_where, structlog.processors.JSONRenderer(serializer=_as_json)]
    return [_tell_where, structlog.dev.ConsoleRenderer(colors=False)]


def _tell_where(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What was raised and where, instead of a traceback: messages of exceptions quote rows, bodies and addresses."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    raised: list[str] = []
    while isinstance(error, BaseException) and len(raised) < _CAUSES:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        places = (f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        raised.append(f"{type(error).__name__} at {' < '.join(places)}")
        error = error.__cause__
    if raised:
        event["raised"] = ", because of ".join(raised)
    return event


def _as_json(event: Any, **_options: Any) -> str:
    return _ENCODER.encode(event)
