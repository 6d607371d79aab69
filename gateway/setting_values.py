"""The values settings hold: what each kind of them may be, and what is said of one that is none."""

from __future__ import annotations

import re
from datetime import time
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from gateway.loopback import is_loopback

_PUSH_SERVICE: Final = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?")
_LONGEST_SERVICE: Final = 64
_DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")
CALL_ID: Final = "{call_id}"
"""Where a recording's address takes the call's id."""

Port = Annotated[int, Field(ge=0, le=65_535)]
Limit = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]


def _network(value: str) -> str:
    ip_network(value, strict=False)
    return value


def _base_url(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("should begin with http:// or https://")
    return value.rstrip("/")


def _recording_url(value: str) -> str:
    """Of https, or of http on this very machine: it leads to somebody's voice."""
    if not value:
        return value
    parts = urlsplit(value)
    at_home = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not at_home:
        raise ValueError("should begin with https:// (http:// only on a loopback host)")
    if CALL_ID not in parts.path + parts.query:
        raise ValueError(f"should hold {CALL_ID} in its path or query")
    return value


def _database_url(value: SecretStr) -> SecretStr:
    try:
        driver = make_url(value.get_secret_value()).drivername
    except ArgumentError:
        driver = ""
    if driver not in _DRIVERS:
        raise ValueError(f"should begin with {' or '.join(f'{known}://' for known in _DRIVERS)}")
    return value


def _push_service(value: str) -> str:
    if len(value) > _LONGEST_SERVICE or not _PUSH_SERVICE.fullmatch(value):
        raise ValueError("should be a host, *.host or host:port, in lower case")
    return value


TimeOrNone = Annotated[time | None, BeforeValidator(lambda value: value or None)]
"""A time of day; an empty one is none."""
FileOrNone = Annotated[Path | None, BeforeValidator(lambda value: value or None)]
"""A path; an empty one is none."""
Network = Annotated[str, AfterValidator(_network)]
PushService = Annotated[str, AfterValidator(_push_service)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
RecordingUrl = Annotated[str, AfterValidator(_recording_url)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
