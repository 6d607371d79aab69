"""Clocks: which term runs since when, when the sweep has to look at it, and when staff were late first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_COLUMNS = (
    ("clock", sa.JSON(none_as_null=True), "the one that runs: term, lasting, law, step it began in, warned, paused"),
    ("began_at", sa.DateTime(timezone=True), "when that clock did"),
    ("rings_at", sa.DateTime(timezone=True), "when the sweep next has to do with it: to warn, to note it late, to ring"),
    ("late_at", sa.DateTime(timezone=True), "when a term of staff passed for the first time"),
)


def upgrade() -> None:
    for name, kind, comment in _COLUMNS:
        op.add_column("tickets", sa.Column(name, kind, nullable=True, comment=comment))
    # Timers go on ringing, and terms of staff that have passed are noted by the first sweep.
    op.execute("UPDATE tickets SET rings_at = due_at WHERE status = 'open' AND due_at IS NOT NULL")
    is_awake = sa.text("rings_at IS NOT NULL")
    op.create_index(
        "ix_tickets_rings_at", "tickets", ["rings_at", "id"], sqlite_where=is_awake, postgresql_where=is_awake
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_rings_at", "tickets")
    for name, _, _ in _COLUMNS:
        op.drop_column("tickets", name)
