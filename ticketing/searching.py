"""The search: every ticket's words, folded, in an index of the database's own; found by how they begin, newest first.

Owns the table of words and what goes into it. Words are ours, not a parser's: runs of letters and digits of the folded
text. SQLite indexes them by FTS5, kept by triggers, PostgreSQL by GIN (migration 0003). A search looks at
`MOST_FOUND` matches at a time, however many there are: the cursor goes on from the last one looked at. What a member
may see is policy's to say; the marks beside the words only spare it the tickets of other organisations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Select,
    String,
    Table,
    Text,
    bindparam,
    cast,
    column,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import BindParameter, ColumnElement, FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from normalizer.text import fold
from sms.tables import metadata
from ticketing.organisations import NATIONAL
from ticketing.staff import Staff

MOST_FOUND: Final = 1000
_MOST_WORDS: Final = 8
_LONGEST_WORD: Final = 64
_WORD: Final = re.compile(r"[^\W_]+")
_INDEXED: Final = ("text", "business_name", "business_address", "county")
_OF_ORGANISATION: Final = "\ue000"
"""A letter nobody writes: a mark is a word that no text and no query can hold."""
_FILED_BY: Final = "\ue001"
_PURE_ORGANISATION: Final = frozenset(
    {"evaluator", "self_regulator", "dispatcher", "penalties_clerk", "supervisor", "admin"}
)
OWN_NAMES: Final = frozenset(
    {"ix_ticket_words_words", "ticket_search", *(f"ticket_search_{part}" for part in ("config", "data", "idx"))}
)
"""What a database's index of words consists of. Each has its own, which only migrations speak of."""


class _AsWords(FunctionElement[str]):
    """A text of words with spaces between, as the column holds it."""

    inherit_cache = True
    type = Text()


@compiles(_AsWords)
def _as_text(element: Any, compiler: Any, **given: Any) -> str:
    return str(compiler.process(element.clauses, **given))


@compiles(_AsWords, "postgresql")
def _as_vector(element: Any, compiler: Any, **given: Any) -> str:
    words = compiler.process(element.clauses, **given)
    return f"array_to_tsvector(string_to_array(CAST({words} AS TEXT), ' '))"


class Words(TypeDecorator[str]):
    """Words with spaces between; PostgreSQL keeps them as a tsvector, made without a parser."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def bind_expression(self, bindparam: BindParameter[str]) -> ColumnElement[str]:
        return _AsWords(bindparam)


ticket_words = Table(
    "ticket_words",
    metadata,
    Column("id", BigInteger, ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("words", Words, nullable=False, comment="of the ticket's text and trader, folded; each once"),
)

_matches = table("ticket_search", column("rowid", BigInteger))


def words_row(ticket: Mapping[str, Any]) -> dict[str, Any]:
    """The row of words of a ticket, given by its columns."""
    written = " ".join(ticket[name] for name in _INDEXED if ticket[name])
    marks = [f"{_OF_ORGANISATION}{ticket['organisation']}"]
    if ticket["filed_by"] is not None:
        marks.append(f"{_FILED_BY}{ticket['filed_by']}")
    return {"id": ticket["id"], "words": " ".join((*dict.fromkeys(words_of(written)), *marks))}


def is_indexed(names: Iterable[str]) -> bool:
    """True where a change of these columns changes a ticket's words."""
    return not {*_INDEXED, "organisation", "filed_by"}.isdisjoint(names)


def words_of(text: str) -> list[str]:
    """The words of a text as they are searched: folded, each at most 64 letters of it."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]


def found(dialect: str, words: Sequence[str], staff: Staff, before: int | None) -> Select[Any]:
    """The ids of the newest `MOST_FOUND` tickets older than `before` in which every word begins one of theirs."""
    wanted = list(dict.fromkeys(words))[:_MOST_WORDS]
    if dialect == "postgresql":
        ident: ColumnElement[int] = ticket_words.c.id
        query = bindparam("words", _postgresql_query(wanted, staff), String, literal_execute=True)
        page = select(ident).where(ticket_words.c.words.op("@@")(cast(query, TSQUERY)))
    else:
        ident = _matches.c.rowid
        page = select(ident.label("id")).where(
            literal_column("ticket_search").op("MATCH")(_sqlite_query(wanted, staff))
        )
    if before is not None:
        page = page.where(ident < before)
    return page.order_by(ident.desc()).limit(MOST_FOUND)


def _sqlite_query(words: Iterable[str], staff: Staff) -> str:
    marks = " OR ".join(f'"{mark}"' for mark in _marks(staff))
    return " AND ".join([f'"{word}" *' for word in words] + ([f"({marks})"] if marks else []))


def _postgresql_query(words: Iterable[str], staff: Staff) -> str:
    marks = " | ".join(f"'{mark}'" for mark in _marks(staff))
    return " & ".join([f"'{word}':*" for word in words] + ([f"({marks})"] if marks else []))


def _marks(staff: Staff) -> list[str]:
    """Marks one of which every ticket bears that this member may see; none where any ticket may be theirs."""
    own = f"{_OF_ORGANISATION}{staff.organisation}"
    if staff.organisation == NATIONAL:
        return []
    if staff.role == "operator":
        return [own, f"{_FILED_BY}{staff.id}"]
    return [own] if staff.role in _PURE_ORGANISATION else []
