"""Parent cases: tickets about one business, linked for one answer to all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_SURGING = ["opened_at", "business_id", "organisation", "parent_id", "status"]


def upgrade() -> None:
    op.create_table(
        "parent_cases",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("business_id", sa.BigInteger(), nullable=False),
        sa.Column("procedure", sa.String(32), nullable=False),
        sa.Column("organisation", sa.String(32), nullable=False, comment="of whoever opened it; '' is national"),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parent_cases")),
    )
    op.create_index("ix_parent_cases_business_id", "parent_cases", ["business_id"])
    comment = "its parent case while that is open: there is one at a time"
    op.add_column("businesses", sa.Column("open_case", sa.BigInteger(), nullable=True, comment=comment))
    comment = "its new tickets go into it by themselves"
    op.add_column(
        "businesses",
        sa.Column("adds", sa.Boolean(), nullable=False, server_default=sa.false(), comment=comment),
    )
    _partial("ix_businesses_open_case", "businesses", ["open_case"], "open_case IS NOT NULL")
    comment = "the parent case it was put into, with others about the same business"
    op.add_column("tickets", sa.Column("parent_id", sa.BigInteger(), nullable=True, comment=comment))
    _partial("ix_tickets_parent_id", "tickets", ["parent_id", "id"], "parent_id IS NOT NULL")
    op.drop_index("ix_tickets_surging", "tickets")
    _partial("ix_tickets_surging", "tickets", _SURGING, "status = 'open'")


def downgrade() -> None:
    op.drop_index("ix_tickets_surging", "tickets")
    _partial("ix_tickets_surging", "tickets", [each for each in _SURGING if each != "parent_id"], "status = 'open'")
    op.drop_index("ix_tickets_parent_id", "tickets")
    op.drop_column("tickets", "parent_id")
    op.drop_index("ix_businesses_open_case", "businesses")
    op.drop_column("businesses", "adds")
    op.drop_column("businesses", "open_case")
    op.drop_table("parent_cases")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
