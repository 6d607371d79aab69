"""What a supervisor's figures of a period are counted from without reading the tickets themselves."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"

_NEW = {
    "ix_tickets_received": ["opened_at", "organisation", "channel", "category"],
    "ix_tickets_ended": ["closed_at", "organisation", "channel", "category", "outcome", "opened_at"],
}
_OLD = {"ix_tickets_opened_at": ["opened_at"], "ix_tickets_closed_at": ["closed_at"]}


def upgrade() -> None:
    _replace(_OLD, _NEW)


def downgrade() -> None:
    _replace(_NEW, _OLD)


def _replace(gone: dict[str, list[str]], made: dict[str, list[str]]) -> None:
    for name in gone:
        op.drop_index(name, table_name="tickets")
    for name, columns in made.items():
        op.create_index(name, "tickets", columns)
