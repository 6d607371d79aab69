"""Persons: which phones, chats and mail addresses are one citizen's, by which report; what a question is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_KINDS = "category, business, place, phone, satisfied, rating"

# Whoever has an open ticket is known from the start; that a phone and a chat are one person's, only what comes shows.
_PHONES = """
INSERT INTO persons (contact_index, person, how, at)
SELECT phone_index, min(id), 'proved', min(opened_at) FROM tickets
WHERE status = 'open' AND phone_index IS NOT NULL GROUP BY phone_index
"""
_VOICES = """
INSERT INTO persons (contact_index, person, how, at)
SELECT voice_index, min(id), 'proved', min(opened_at) FROM tickets
WHERE status = 'open' AND voice_index IS NOT NULL
AND voice_index NOT IN (SELECT contact_index FROM persons) GROUP BY voice_index
"""


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("contact_index", sa.LargeBinary(), nullable=False, comment="of a phone, a chat or a mail address"),
        sa.Column("person", sa.BigInteger(), nullable=False, comment="those with one number here are one person's"),
        sa.Column("how", sa.String(8), nullable=False, comment="proved, joined (by what was told) or only said"),
        sa.Column("report_id", sa.BigInteger(), nullable=True, comment="the report that showed it; its row is written after this one"),
        sa.Column("was", sa.BigInteger(), nullable=True, comment="whose it was before that report joined two persons"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact_index", name=op.f("pk_persons")),
    )
    op.create_index("ix_persons_person", "persons", ["person"])
    op.create_index("ix_persons_report_id", "persons", ["report_id"])
    op.add_column("questions", sa.Column("about", sa.BigInteger(), comment="the ticket that may be the same matter"))
    _comment_on_kinds("a missing fact, satisfied, rating, same_matter")
    op.execute(_PHONES)
    op.execute(_VOICES)


def downgrade() -> None:
    _comment_on_kinds(_KINDS)
    op.drop_column("questions", "about")
    op.drop_table("persons")


def _comment_on_kinds(comment: str) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column("questions", "kind", comment=comment, existing_type=sa.String(16), existing_nullable=False)
