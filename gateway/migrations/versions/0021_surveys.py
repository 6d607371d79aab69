"""Surveys: one for each close whose citizen is asked how it was handled, and who is asked no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "surveys",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("closing", sa.Integer(), nullable=False, comment="the number of the event of the close it is about"),
        sa.Column("closed_at", moment, nullable=False),
        sa.Column("state", sa.String(8), nullable=False, comment="waiting, asked, answered, dropped"),
        sa.Column("reason", sa.String(16), nullable=False, comment="why it was dropped without having been asked"),
        sa.Column("rings_at", moment, comment="when it is next to be asked or reminded of"),
        sa.Column("address_index", sa.LargeBinary(), comment="of the phone, chat or mail address it was put to"),
        sa.Column("asked_at", moment),
        sa.Column("said_at", moment, comment="when it was last put into words: asked or reminded of"),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("answered_at", moment),
        sa.Column("rating", sa.Integer(), comment="1 … 5"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_surveys_ticket_id_tickets")),
    )
    op.create_index("uq_surveys_ticket_id_closing", "surveys", ["ticket_id", "closing"], unique=True)
    op.create_index("ix_surveys_asked_at", "surveys", ["asked_at"])
    for name, where, columns in (
        ("ix_surveys_rings_at", "rings_at IS NOT NULL", ["rings_at", "id"]),
        ("ix_surveys_address_index_said_at", "address_index IS NOT NULL", ["address_index", "said_at"]),
    ):
        op.create_index(name, "surveys", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_table(
        "survey_refusals",
        sa.Column("address_index", sa.LargeBinary(), nullable=False, comment="of a phone or chat that is asked no more"),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("address_index", name=op.f("pk_survey_refusals")),
    )


def downgrade() -> None:
    op.drop_table("survey_refusals")
    op.drop_table("surveys")
