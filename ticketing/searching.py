"""What the search goes by: every ticket's words, folded, in an index of the database's own.

Owns the table of words and what goes into it; `finding` asks it. Words are ours, not a parser's: runs of letters and
digits of the folded text. SQLite indexes them by FTS5, kept by triggers, PostgreSQL by GIN (migration 0003). Marks
beside the words say whose a ticket is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import BindParameter, ColumnElement, FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from normalizer.text import fold
from sms.tables import metadata

_LONGEST_WORD: Final = 64
_WORD: Final = re.compile(r"[^\W_]+")
INDEXED: Final = ("text", "business_name", "business_address", "county")
OF_ORGANISATION: Final = "\ue000"
"""A letter nobody writes: a mark is a word that no text and no query can hold."""
FILED_BY: Final = "\ue001"
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


def words_row(ticket: Mapping[str, Any]) -> dict[str, Any]:
    """The row of words of a ticket, given by its columns."""
    written = " ".join(ticket[name] for name in INDEXED if ticket[name])
    marks = [f"{OF_ORGANISATION}{ticket['organisation']}"]
    if ticket["filed_by"] is not None:
        marks.append(f"{FILED_BY}{ticket['filed_by']}")
    return {"id": ticket["id"], "words": " ".join((*dict.fromkeys(words_of(written)), *marks))}


def is_indexed(names: Iterable[str]) -> bool:
    """True where a change of these columns changes a ticket's words."""
    return not {*INDEXED, "organisation", "filed_by"}.isdisjoint(names)


def holds_all(text: str, words: Iterable[str]) -> bool:
    """True where each of the words (of `words_of`) begins one of the text's."""
    its = words_of(text)
    return all(any(each.startswith(word) for each in its) for word in words)


def words_of(text: str) -> list[str]:
    """The words of a text as they are searched: folded, each at most 64 letters of it."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(fold(text))]
