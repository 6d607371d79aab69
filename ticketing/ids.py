"""Ids made by the application: time-ordered 63-bit integers, fit for a provider's localid and for any database."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

from normalizer.text import digits
from sms.digits import is_ascii_number

_EPOCH_MS = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000)
_TAIL_BITS = 22
_LONGEST = 19


class IdSource:
    """Makes ids that only climb within a process.

    42 bits of milliseconds, then a 22-bit tail that starts at random in each millisecond and counts on
    from there, so that several processes on one database meet about never; where they do, the primary
    key refuses one and the writer runs that unit again with fresh ids.
    """

    def __init__(self) -> None:
        self._millisecond = -1
        self._last = 0

    def __call__(self) -> int:
        now_ms = int(time.time() * 1000) - _EPOCH_MS
        if now_ms > self._millisecond:
            self._millisecond = now_ms
            self._last = max(self._last + 1, (now_ms << _TAIL_BITS) | secrets.randbits(_TAIL_BITS - 1))
        else:
            self._last += 1
        return self._last


def first_id_of(moment: datetime) -> int:
    """The least id that can have been made at `moment` or later (aware), by this program's clock."""
    return max(0, int(moment.timestamp() * 1000) - _EPOCH_MS) << _TAIL_BITS


def parse_id(written: str) -> int | None:
    """An id as it stands in an address, in digits of any script; None for what is none."""
    number = digits(written)
    return int(number) if len(number) <= _LONGEST and is_ascii_number(number) and int(number) < 2**63 else None


new_id = IdSource()
