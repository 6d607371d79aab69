"""Searching and queues at any size: every ticket's words in an index, and indexes of the open tickets in due order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from ticketing.searching import ticket_words, words_row

revision = "0003"
down_revision = "0002"

_GROUP = 2000
_OPEN = "status = 'open'"
_READ = ("id", "text", "business_name", "business_address", "county", "organisation", "filed_by")
# The index holds no text of its own: a word is looked up in it, and only the row's id comes back.
_SQLITE = (
    "CREATE VIRTUAL TABLE ticket_search USING fts5("
    "words, content='', columnsize=0, detail=none, tokenize=\"unicode61 remove_diacritics 0\")",
    "CREATE TRIGGER ticket_words_added AFTER INSERT ON ticket_words BEGIN"
    " INSERT INTO ticket_search(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER ticket_words_removed AFTER DELETE ON ticket_words BEGIN"
    " INSERT INTO ticket_search(ticket_search, rowid, words) VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER ticket_words_changed AFTER UPDATE ON ticket_words BEGIN"
    " INSERT INTO ticket_search(ticket_search, rowid, words) VALUES ('delete', old.id, old.words);"
    " INSERT INTO ticket_search(rowid, words) VALUES (new.id, new.words); END",
)


def upgrade() -> None:
    connection = op.get_bind()
    is_postgresql = connection.dialect.name == "postgresql"
    op.create_table(
        "ticket_words",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "words",
            postgresql.TSVECTOR() if is_postgresql else sa.Text(),
            nullable=False,
            comment="of the ticket's text and trader, folded; each once",
        ),
        sa.ForeignKeyConstraint(["id"], ["tickets.id"], name=op.f("fk_ticket_words_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_words")),
    )
    for statement in () if is_postgresql else _SQLITE:
        op.execute(statement)
    _fill(connection)
    if is_postgresql:
        op.create_index("ix_ticket_words_words", "ticket_words", ["words"], postgresql_using="gin")
    op.drop_index("ix_tickets_status_waiting_for_due_at", table_name="tickets")
    _index("ix_tickets_waiting", ["waiting_for", "due_at", "id", "assignee"], _OPEN)
    _index("ix_tickets_organisation_waiting", ["organisation", "waiting_for", "due_at", "id", "assignee"], _OPEN)
    _index("ix_tickets_assignee_due_at", ["assignee", "due_at"], "assignee IS NOT NULL")


def _index(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "tickets", columns, sqlite_where=condition, postgresql_where=condition)


def _fill(connection: sa.Connection) -> None:
    """Words for the tickets there are, in groups: a million do not fit into memory."""
    tickets = sa.table("tickets", *(sa.column(name) for name in _READ))
    last = -1
    while True:
        some = sa.select(tickets).where(tickets.c.id > last).order_by(tickets.c.id).limit(_GROUP)
        rows = connection.execute(some).mappings().all()
        if not rows:
            return
        connection.execute(sa.insert(ticket_words), [words_row(dict(row)) for row in rows])
        last = rows[-1]["id"]


def downgrade() -> None:
    for name in ("ix_tickets_assignee_due_at", "ix_tickets_organisation_waiting", "ix_tickets_waiting"):
        op.drop_index(name, table_name="tickets")
    op.create_index("ix_tickets_status_waiting_for_due_at", "tickets", ["status", "waiting_for", "due_at"])
    op.drop_table("ticket_words")
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("ticket_search")
