"""Looks: how many pages of an attachment can be shown, and whether the gateway has looked at it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_TO_LOOK_AT = "looked_at IS NULL AND sha256 IS NOT NULL"
# What belongs to no open ticket is drawn when somebody opens it; looking at all there ever was would take days.
_OLD = """
UPDATE attachments SET looked_at = created_at
WHERE ticket_id IS NULL OR ticket_id NOT IN (SELECT id FROM tickets WHERE status = 'open')
"""


def upgrade() -> None:
    pages = "how many pages can be shown, 1 of what can be played; null until it is known"
    op.add_column("attachments", sa.Column("pages", sa.Integer(), comment=pages))
    looked_at = "when it was looked at for pages and codes, once"
    op.add_column("attachments", sa.Column("looked_at", sa.DateTime(timezone=True), comment=looked_at))
    where = sa.text(_TO_LOOK_AT)
    op.create_index(
        "ix_attachments_to_look_at", "attachments", ["id"], sqlite_where=where, postgresql_where=where
    )
    op.execute(_OLD)


def downgrade() -> None:
    op.drop_index("ix_attachments_to_look_at", "attachments")
    op.drop_column("attachments", "looked_at")
    op.drop_column("attachments", "pages")
