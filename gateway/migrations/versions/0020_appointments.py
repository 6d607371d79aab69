"""Appointments: officials, the slots of their calendars, who has which; and what a ticket's citizen was told of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_STATES = "offered, confirmed, declined, lapsed, held, missed, cancelled"
_PARTIAL = (
    ("uq_slots_official_id_starts_at", "slots", ["official_id", "starts_at"], "withdrawn_at IS NULL"),
    (
        "uq_appointments_slot_id",
        "appointments",
        ["slot_id"],
        "state IN ('offered', 'confirmed', 'held', 'missed')",
    ),
    ("uq_appointments_ticket_id_live", "appointments", ["ticket_id"], "state IN ('offered', 'confirmed')"),
)


def upgrade() -> None:
    told = "of the one to come: official, place, starts_at; and how many offers there were"
    op.add_column("tickets", sa.Column("appointment", sa.JSON(none_as_null=True), nullable=True, comment=told))
    op.create_table(
        "officials",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "organisation", sa.String(32), nullable=False, comment="whose staff keep the calendar; '' is national"
        ),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("post", sa.String(100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False, comment="false: no slot of theirs is offered"),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officials")),
    )
    op.create_index("ix_officials_organisation", "officials", ["organisation"])
    op.create_table(
        "slots",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("official_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("added_by", sa.String(64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(64), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        _of("slots", "official_id", "officials"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
    )
    ended = "when it was declined, lapsed or cancelled, or its end recorded"
    op.create_table(
        "appointments",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slot_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, comment=_STATES),
        sa.Column("offered_by", sa.String(64), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment=ended),
        sa.Column(
            "reminded_at", sa.DateTime(timezone=True), nullable=True, comment="when its citizen was reminded, once"
        ),
        _of("appointments", "slot_id", "slots"),
        _of("appointments", "ticket_id", "tickets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index("ix_appointments_ticket_id", "appointments", ["ticket_id"])
    for name, table, columns, where in _PARTIAL:
        only = sa.text(where)
        op.create_index(name, table, columns, unique=True, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for table in ("appointments", "slots", "officials"):
        op.drop_table(table)
    op.drop_column("tickets", "appointment")


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
