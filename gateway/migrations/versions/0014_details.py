"""What only its procedure asks of a ticket, the body it complains of, and queues by procedure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_QUEUED = ["waiting_for", "due_at", "id", "assignee"]


def upgrade() -> None:
    comment = "the body complained of, by its code in the register"
    op.add_column("tickets", sa.Column("addressee", sa.String(64), nullable=True, comment=comment))
    comment = "sealed JSON: what only its procedure asks for"
    op.add_column("tickets", sa.Column("details", sa.LargeBinary(), nullable=True, comment=comment))
    _index_queues([*_QUEUED, "procedure"])


def downgrade() -> None:
    _index_queues(_QUEUED)
    op.drop_column("tickets", "details")
    op.drop_column("tickets", "addressee")


def _index_queues(columns: list[str]) -> None:
    is_open = sa.text("status = 'open'")
    for name, first in (("ix_tickets_waiting", []), ("ix_tickets_organisation_waiting", ["organisation"])):
        op.drop_index(name, "tickets")
        op.create_index(name, "tickets", [*first, *columns], sqlite_where=is_open, postgresql_where=is_open)
