"""What the desks keep: who took a ticket on, drafts of calls, sign-ins, and settings changed at the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "tickets",
        sa.Column(
            "assignee",
            sa.BigInteger(),
            nullable=True,
            comment="the member of staff who took it on, while it waits for their role",
        ),
    )
    op.add_column("tickets", sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "staff", sa.Column("extension", sa.String(length=16), nullable=True, comment="of the telephone on their desk")
    )
    op.create_index("ix_staff_extension", "staff", ["extension"], unique=True)
    op.create_table(
        "drafts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="which form it is of, e.g. call"),
        sa.Column("form_id", sa.String(length=64), nullable=False, comment="made by the client"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="sealed JSON of what was typed"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_drafts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("staff_id", "kind", "form_id", name=op.f("uq_drafts_staff_id_kind_form_id")),
    )
    op.create_index("ix_drafts_updated_at", "drafts", ["updated_at"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True, comment="null where the name is nobody's"),
        sa.Column(
            "outcome", sa.String(length=16), nullable=False, comment="how it ended, or what changed: OUTCOMES"
        ),
        sa.Column("client", sa.LargeBinary(), nullable=True, comment="sealed: the address, and who changed what"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_ins_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    op.create_index("ix_sign_ins_staff_id_at", "sign_ins", ["staff_id", "at"], unique=False)
    op.create_index("ix_sign_ins_at", "sign_ins", ["at"], unique=False)
    op.create_table(
        "overrides",
        sa.Column("section", sa.String(length=64), nullable=False, comment="of the settings: steps, texts, routing"),
        sa.Column("value", sa.JSON(), nullable=False, comment="what stands in place of config.toml's"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["updated_by"], ["staff.id"], name=op.f("fk_overrides_updated_by_staff")),
        sa.PrimaryKeyConstraint("section", name=op.f("pk_overrides")),
    )


def downgrade() -> None:
    for table in ("overrides", "sign_ins", "drafts"):
        op.drop_table(table)
    op.drop_index("ix_staff_extension", table_name="staff")
    op.drop_column("staff", "extension")
    op.drop_column("tickets", "assigned_at")
    op.drop_column("tickets", "assignee")
