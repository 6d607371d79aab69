"""Tracking codes that staff mention to each other: a way to the ticket for who may see it, plain digits for others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from normalizer.numbers import Run, take_runs
from normalizer.text import clean, key_of
from normalizer.tracking_code import read_code
from sms.store import Read
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.staff import Staff
from ticketing.tables import tickets

_BREAK: Final = re.compile(r"\r\n?|\n")
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text: words as they stand there, and the code they are, where they are one."""

    words: str
    code: str | None = None


def pieces_of(text: str) -> list[list[Piece]]:
    """The lines of a text as they are read (see `normalizer.text.clean`), each cut at the codes in it."""
    return [list(_cut(clean(line))) for line in _BREAK.split(text)]


def codes_in(text: str) -> list[str]:
    """The codes a text mentions, in any script and grouping, each once."""
    return list(dict.fromkeys(piece.code for line in pieces_of(text) for piece in line if piece.code))


async def seen_among(read: Read, rules: Rules, staff: Staff, codes: Collection[str]) -> frozenset[str]:
    """Those codes that are of tickets this member of staff may see; the rest may be of others' tickets, or of none."""
    by_index = {rules.vault.index("code", code): code for code in list(codes)[:_MOST]}
    if not by_index:
        return frozenset()
    named = tickets.c.code_index.in_(list(by_index))
    rows = await read(select(tickets.c.code_index).where(named, criterion(staff)))
    return frozenset(by_index[row["code_index"]] for row in rows)


def _cut(line: str) -> Iterator[Piece]:
    begun = 0
    for code, (start, end) in take_runs(key_of(line), _placed):
        if start > begun:
            yield Piece(line[begun:start])
        yield Piece(line[start:end], code)
        begun = end
    if line[begun:]:
        yield Piece(line[begun:])


def _placed(run: Run) -> tuple[str, tuple[int, int]] | None:
    code = read_code(run)
    return (code, run.span) if code is not None else None
