"""Figures of a season, published once and for all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    comment = "counts by organisation and outcome; null where not published"
    op.create_table(
        "published_figures",
        sa.Column("procedure", sa.String(32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False, comment="the season's first day"),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False, comment=comment),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("procedure", "first", name=op.f("pk_published_figures")),
    )


def downgrade() -> None:
    op.drop_table("published_figures")
