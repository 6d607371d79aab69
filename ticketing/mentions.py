"""Tracking codes that staff mention to each other: a way to the ticket for who may see it, plain digits for others."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from normalizer.numbers import Run, take_runs
from normalizer.text import key_of
from normalizer.tracking_code import read_code
from sms.store import Read
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets

_MOST: Final = 500
_INVISIBLE: Final = ("Cf", "Zs")
_ENDS: Final = str.maketrans("\r\n", ";;")
"""No code goes on in the next line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text: words as they stand there, and the code they are, where they are one."""

    words: str
    code: str | None = None


def pieces_of(text: str) -> Iterator[Piece]:
    """The text, word for word, cut at the codes in it: in any script, grouped by anything people group digits by."""
    begun = 0
    for code, (start, end) in take_runs(_key(text), _placed):
        if start > begun:
            yield Piece(text[begun:start])
        yield Piece(text[start:end], code)
        begun = end
    if text[begun:]:
        yield Piece(text[begun:])


def codes_in(text: str) -> list[str]:
    """The codes a text mentions, each once."""
    return list(dict.fromkeys(piece.code for piece in pieces_of(text) if piece.code))


async def seen_among(read: Read, rules: Rules, staff: Staff, codes: Collection[str]) -> frozenset[str]:
    """Those codes that are of tickets this member of staff may see; the rest may be of others' tickets, or of none."""
    by_index = {rules.vault.index("code", code): code for code in list(codes)[:_MOST]}
    if not by_index:
        return frozenset()
    named = tickets.c.code_index.in_(list(by_index))
    rows = await read(select(tickets.c.code_index).where(named, criterion(staff)))
    return frozenset(by_index[row["code_index"]] for row in rows)


def _key(text: str) -> str:
    """The text as numbers are looked for in it, character for character."""
    visible = (" " if unicodedata.category(each) in _INVISIBLE else each for each in text.translate(_ENDS))
    return key_of("".join(visible))


def _placed(run: Run) -> tuple[str, tuple[int, int]] | None:
    code = read_code(run)
    return (code, run.span) if code is not None else None
