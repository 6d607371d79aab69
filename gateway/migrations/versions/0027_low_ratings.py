"""An index that leads to the tickets whose handling was rated low, for the queue's tab of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

_INDEX = "ix_tickets_dissatisfied"
_LOW = sa.text("dissatisfied IS NOT NULL")


def upgrade() -> None:
    op.create_index(_INDEX, "tickets", ["closed_at", "id"], sqlite_where=_LOW, postgresql_where=_LOW)


def downgrade() -> None:
    op.drop_index(_INDEX, table_name="tickets")
