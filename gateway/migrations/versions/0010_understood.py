"""What was understood of each report, kept with it; of those that came before, only intent and text are known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    comment = "the facts that were understood, sealed JSON; null where not kept yet"
    op.add_column("reports", sa.Column("understood", sa.LargeBinary(), nullable=True, comment=comment))


def downgrade() -> None:
    op.drop_column("reports", "understood")
