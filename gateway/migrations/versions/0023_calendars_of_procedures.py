"""Calendars by the procedure whose staff keep them; those there are so far are of requests to meet officials."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    comment = "whose staff keep the calendar and offer its slots"
    kept = sa.Column("procedure", sa.String(32), nullable=False, server_default="request", comment=comment)
    op.add_column("officials", kept)


def downgrade() -> None:
    op.drop_column("officials", "procedure")
