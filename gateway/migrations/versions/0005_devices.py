"""Browsers that asked to be told of a ticket by Web Push."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "endpoint_index", sa.LargeBinary(), nullable=False, comment="one browser's rows are found by it"
        ),
        sa.Column("subscription", sa.LargeBinary(), nullable=False, comment="sealed JSON: endpoint, p256dh, auth"),
        sa.Column(
            "service",
            sa.String(length=64),
            nullable=False,
            comment="the entry of push.services its endpoint belongs to",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_devices_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("ticket_id", "endpoint_index", name=op.f("uq_devices_ticket_id_endpoint_index")),
    )
    op.create_index("ix_devices_endpoint_index", "devices", ["endpoint_index"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_devices_endpoint_index", table_name="devices")
    op.drop_table("devices")
