"""How long each message takes to be understood: the median with its interval, and the slowest. Asserts nothing."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Iterable
from typing import Final

from normalizer.normalize import normalize
from normalizer.report import Report

_TURNS: Final = 3
_Z: Final = 1.96


def time_messages(reports: Iterable[Report]) -> str:
    """The line that tells: each message's best of three turns, in microseconds of this processor.

    The median's 95 % interval is that of order statistics: the places in the sorted row a fair coin would leave it at.
    """
    gc.disable()
    try:
        took = sorted(min(_took_us(report) for _ in range(_TURNS)) for report in reports)
    finally:
        gc.enable()
    middle, around = len(took) / 2, _Z * math.sqrt(len(took)) / 2
    low, high = took[max(0, math.floor(middle - around))], took[min(len(took) - 1, math.ceil(middle + around))]
    slow = took[min(len(took) - 1, math.ceil(len(took) * 0.99))]
    median = took[len(took) // 2]
    return f"microseconds     median {median:,.0f} [{low:,.0f}–{high:,.0f}]   p99 {slow:,.0f}   longest {took[-1]:,.0f}"


def _took_us(report: Report) -> float:
    began = time.thread_time_ns()
    normalize(report)
    return (time.thread_time_ns() - began) / 1_000
