"""Tickets found by words: by how each begins, newest first, so many looked at a time however many there are.

What a member may see is policy's to say; the marks beside the words only spare it the tickets of other organisations.

SQLite puts all tickets of a beginning together before it gives the first one, which takes the longer the more there
are. So words that many of the newest tickets have are not asked of its index: they are looked for in the words of
tickets themselves, newest first, among those the rarer ones lead to. PostgreSQL's planner weighs this by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Select, String, bindparam, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.expression import ColumnElement

from ticketing.database import Database
from ticketing.organisations import NATIONAL
from ticketing.policy import sees_only_its_organisation, sees_what_it_filed
from ticketing.searching import FILED_BY, OF_ORGANISATION, ticket_words
from ticketing.staff import Staff

MOST_FOUND: Final = 1000
MOST_READ: Final = 20_000
"""Of so many tickets at most the words are read at a time."""
_SAMPLE: Final = 1000
_COMMON: Final = 20
"""A word that so many of the newest `_SAMPLE` have is common: less of a share is put together fast enough."""
_MOST_WORDS: Final = 8
_matches = table("ticket_search", column("rowid", BigInteger))


@dataclass(frozen=True, slots=True)
class Found:
    """Tickets by their ids, newest first. `looked_to` is the last one looked at; None where there are no more."""

    ids: Sequence[int]
    looked_to: int | None


async def find(
    database: Database, words: Sequence[str], staff: Staff, before: int | None = None, *, most_read: int = MOST_READ
) -> Found:
    """The newest tickets older than `before` in which every word (of `words_of`) begins one of theirs."""
    wanted = list(dict.fromkeys(words))[:_MOST_WORDS]
    if database.dialect == "postgresql":
        return await _first(database, _by_vector(wanted, staff, before))
    common = await _common_of(database, wanted)
    looked = _by_match([word for word in wanted if word not in common], staff, before)
    if not common:
        return await _first(database, looked)
    last = looked.offset(most_read - 1).limit(1)
    read = looked.where(ticket_words.c.id >= func.coalesce(last.scalar_subquery(), 0), *map(_begins, common))
    found = await _first(database, read)
    if found.looked_to is not None:
        return found
    rows = await database.read(last)
    return Found(found.ids, rows[0]["id"] if rows else None)


async def _first(database: Database, looked: Select[Any]) -> Found:
    ids = [int(row["id"]) for row in await database.read(looked.limit(MOST_FOUND))]
    return Found(ids, ids[-1] if len(ids) == MOST_FOUND else None)


async def _common_of(database: Database, words: Sequence[str]) -> list[str]:
    """Which of the words begin one of many of the newest tickets."""
    newest = select(ticket_words).order_by(ticket_words.c.id.desc()).limit(_SAMPLE).subquery()
    counted = [
        func.count().filter(_begins(word, newest.c.words)).label(f"word{place}") for place, word in enumerate(words)
    ]
    counts = (await database.read(select(*counted)))[0].values()
    return [word for word, count in zip(words, counts, strict=True) if count >= _COMMON]


def _begins(word: str, words: ColumnElement[str] = ticket_words.c.words) -> ColumnElement[bool]:
    """Words stand with spaces between."""
    return func.instr(literal_column("' '").op("||")(words), f" {word}") > 0


def _by_match(words: Sequence[str], staff: Staff, before: int | None) -> Select[Any]:
    """By SQLite's index, or, with nothing to ask it, all there are."""
    asked = [f'"{word}" *' for word in words]
    marks = " OR ".join(f'"{mark}"' for mark in _marks(staff))
    query = " AND ".join([*asked, f"({marks})"] if marks else asked)
    if not query:
        return _older(select(ticket_words.c.id), ticket_words.c.id, before)
    is_match = literal_column("ticket_search").op("MATCH")(query)
    joined = _matches.join(ticket_words, ticket_words.c.id == _matches.c.rowid)
    return _older(select(_matches.c.rowid.label("id")).select_from(joined).where(is_match), _matches.c.rowid, before)


def _by_vector(words: Iterable[str], staff: Staff, before: int | None) -> Select[Any]:
    marks = " | ".join(f"'{mark}'" for mark in _marks(staff))
    asked = " & ".join([f"'{word}':*" for word in words] + ([f"({marks})"] if marks else []))
    query = bindparam("words", asked, String, literal_execute=True)
    page = select(ticket_words.c.id).where(ticket_words.c.words.op("@@")(cast(query, TSQUERY)))
    return _older(page, ticket_words.c.id, before)


def _older(page: Select[Any], ident: ColumnElement[int], before: int | None) -> Select[Any]:
    return (page if before is None else page.where(ident < before)).order_by(ident.desc())


def _marks(staff: Staff) -> list[str]:
    """Marks one of which every ticket bears that this member may see; none where any ticket may be theirs."""
    own = f"{OF_ORGANISATION}{staff.organisation}"
    if staff.organisation == NATIONAL:
        return []
    if sees_what_it_filed(staff.role):
        return [own, f"{FILED_BY}{staff.id}"]
    return [own] if sees_only_its_organisation(staff.role) else []
