"""Reads JSON from strangers: what two readers could understand differently, or what has no end, is refused.

NaN, infinities, doubled keys, absurd nesting, numbers no field could hold, and bytes that are not UTF-8 all count
as malformed (CONTRACT §5: 400). Size is the transport's business."""

from __future__ import annotations

import json
import math
from typing import Any, Final

MAX_DEPTH = 32
_MAX_DIGITS = 32


class MalformedJson(ValueError):
    """Not JSON we accept; `code` says why: not_utf8, malformed, not_finite, number_too_long, doubled_key, too_deep."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def loads(raw: bytes) -> Any:
    """The value `raw` spells out. Raises MalformedJson and nothing else."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedJson("not_utf8") from None
    try:
        value = _DECODER.decode(text)
    except MalformedJson:
        raise
    except RecursionError:
        raise MalformedJson("too_deep") from None
    except ValueError:
        raise MalformedJson("malformed") from None
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _check_depth(value)
    return value


def _refuse_constant(_name: str) -> float:
    raise MalformedJson("not_finite")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise MalformedJson("not_finite")
    return number


def _short(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise MalformedJson("number_too_long")
    return int(text)


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise MalformedJson("doubled_key")
    return result


# One for all bodies: making a decoder costs half of what reading a report with it does.
_DECODER: Final = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_float=_finite, parse_int=_short, object_pairs_hook=_no_doubles
)


def _check_depth(value: Any) -> None:
    """Walk level by level, without recursion, and refuse what lies deeper than any body of ours."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return
    raise MalformedJson("too_deep")
