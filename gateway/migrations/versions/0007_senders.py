"""Senders found by index however few have a phone or a chat: the indexes hold those who have one only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_COLUMNS = ("phone_index", "voice_index")


def upgrade() -> None:
    for column in _COLUMNS:
        known = sa.text(f"{column} IS NOT NULL")
        op.drop_index(f"ix_tickets_{column}", table_name="tickets")
        op.create_index(f"ix_tickets_{column}", "tickets", [column], sqlite_where=known, postgresql_where=known)


def downgrade() -> None:
    for column in _COLUMNS:
        op.drop_index(f"ix_tickets_{column}", table_name="tickets")
        op.create_index(f"ix_tickets_{column}", "tickets", [column])
