"""Which closed tickets had a low rating that nobody has followed up yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

_COMMENT = "the low rating of its close, until a grievance is opened or itself again"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("dissatisfied", sa.Integer(), nullable=True, comment=_COMMENT))


def downgrade() -> None:
    op.drop_column("tickets", "dissatisfied")
