"""A calendar file that goes with a mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    comment = "sealed: a calendar file that goes with a mail"
    op.add_column("notices", sa.Column("calendar", sa.LargeBinary(), nullable=True, comment=comment))


def downgrade() -> None:
    op.drop_column("notices", "calendar")
