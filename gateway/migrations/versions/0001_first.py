"""The first schema: reports, tickets, events, questions, staff, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("endpoint", sa.String(length=160), nullable=False),
        sa.Column("key_index", sa.LargeBinary(), nullable=False, comment="of the Idempotency-Key"),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False, comment="sealed JSON of the first answer"),
        sa.Column("row_id", sa.BigInteger(), nullable=False, comment="what the answer is sealed to"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "key_index", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_created_at"), "answers", ["created_at"], unique=False)
    op.create_table(
        "cursors",
        sa.Column("name", sa.String(length=128), nullable=False, comment="e.g. a bot account's next update"),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursors")),
    )
    op.create_table(
        "failures",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False, comment="tracking_ip, tracking_code, login"),
        sa.Column("subject_index", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failures")),
    )
    op.create_index("ix_failures_scope_subject_index_at", "failures", ["scope", "subject_index", "at"], unique=False)
    op.create_table(
        "notices",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="ours; also the provider's localid",
        ),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column(
            "recipient_index", sa.LargeBinary(), nullable=False, comment="keyed blind index: order, budgets, sandbox"
        ),
        sa.Column(
            "prefix_index",
            sa.LargeBinary(),
            nullable=True,
            comment="the same of the number less its last four digits, once sent",
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("choices", sa.JSON(), nullable=True, comment="buttons: [[value, label], …]"),
        sa.Column("headers", sa.JSON(), nullable=True, comment="mail: subject, in_reply_to, message_id"),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("once", sa.String(length=80), nullable=True, comment="what this notice may be sent once for"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="sends that came to nothing"),
        sa.Column("asks", sa.Integer(), nullable=False, comment="fruitless questions about the last ambiguous send"),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), nullable=False, comment="not to be sent, or asked about, before"
        ),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "fence",
            sa.BigInteger(),
            nullable=True,
            comment="who holds the lease; a late writer with another is refused",
        ),
        sa.Column("provider", sa.String(length=32), nullable=True),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("once", name=op.f("uq_notices_once")),
    )
    op.create_index("ix_notices_medium_state_due_at", "notices", ["medium", "state", "due_at", "id"], unique=False)
    op.create_index(
        "ix_notices_prefix_index_sent_at",
        "notices",
        ["prefix_index", "sent_at"],
        unique=False,
        sqlite_where=sa.text("prefix_index IS NOT NULL"),
        postgresql_where=sa.text("prefix_index IS NOT NULL"),
    )
    op.create_index(
        "ix_notices_provider_provider_id",
        "notices",
        ["provider", "provider_id"],
        unique=False,
        sqlite_where=sa.text("provider IS NOT NULL"),
        postgresql_where=sa.text("provider IS NOT NULL"),
    )
    op.create_index("ix_notices_recipient_index_sent_at", "notices", ["recipient_index", "sent_at"], unique=False)
    op.create_index(op.f("ix_notices_ticket_id"), "notices", ["ticket_id"], unique=False)
    op.create_table(
        "parked_receipts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_receipts")),
    )
    op.create_index(
        "ix_parked_receipts_provider_provider_id", "parked_receipts", ["provider", "provider_id"], unique=False
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False, comment="'' is national"),
        sa.Column("body", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True, comment="sealed E.164"),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("totp_step", sa.BigInteger(), nullable=True, comment="the last time-step used: each is used once"),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False, comment="the tracking code, sealed"),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("procedure", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False, comment="of its first report"),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False, comment="the last step entered, 1 …"),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("waiting_for", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("route", sa.String(length=32), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timer", sa.String(length=32), nullable=True, comment="which clock of silence runs"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column(
            "identity",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed JSON: name, national_id, phone, landline, email, chat",
        ),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column(
            "voice_index", sa.LargeBinary(), nullable=True, comment="of the chat or mail address it talks back to"
        ),
        sa.Column("medium", sa.String(length=8), nullable=True, comment="how the first channel talks back, beside SMS"),
        sa.Column("account", sa.String(length=128), nullable=False, comment="of the channel, for talking back"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("business_name", sa.Text(), nullable=True),
        sa.Column("business_guild_id", sa.String(length=16), nullable=True),
        sa.Column("business_address", sa.Text(), nullable=True),
        sa.Column("business_phone", sa.String(length=20), nullable=True),
        sa.Column("business_kind", sa.String(length=16), nullable=True),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("county", sa.String(length=64), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("damages_rial", sa.BigInteger(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column(
            "filed_by",
            sa.BigInteger(),
            nullable=True,
            comment="the operator who filed it keeps reading and completing it",
        ),
        sa.Column("inspector", sa.BigInteger(), nullable=True),
        sa.Column(
            "accepted_at", sa.DateTime(timezone=True), nullable=True, comment="when the inspector took the dispatch on"
        ),
        sa.Column("case_number", sa.String(length=32), nullable=True),
        sa.Column("last_event", sa.Integer(), nullable=False, comment="the number of the newest event"),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False, comment="its hash: the head of the chain"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("code_index", name=op.f("uq_tickets_code_index")),
    )
    op.create_index(op.f("ix_tickets_business_guild_id"), "tickets", ["business_guild_id"], unique=False)
    op.create_index(op.f("ix_tickets_inspector"), "tickets", ["inspector"], unique=False)
    op.create_index("ix_tickets_organisation_id", "tickets", ["organisation", "id"], unique=False)
    op.create_index(op.f("ix_tickets_phone_index"), "tickets", ["phone_index"], unique=False)
    op.create_index("ix_tickets_status_due_at", "tickets", ["status", "due_at"], unique=False)
    op.create_index(
        "ix_tickets_status_waiting_for_due_at", "tickets", ["status", "waiting_for", "due_at"], unique=False
    )
    op.create_index(op.f("ix_tickets_voice_index"), "tickets", ["voice_index"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 … within the ticket"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False, comment="citizen, gateway, or a staff username"),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="over the previous event's hash and this event"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_events_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("ticket_id", "number", name=op.f("uq_events_ticket_id_number")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(), nullable=False, comment="of the phone or chat it is put to"),
        sa.Column(
            "kind", sa.String(length=16), nullable=False, comment="category, business, place, phone, satisfied, rating"
        ),
        sa.Column("state", sa.String(length=8), nullable=False, comment="open, waiting, answered, dropped"),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_questions_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_address_index_state", "questions", ["address_index", "state"], unique=False)
    op.create_index(op.f("ix_questions_ticket_id"), "questions", ["ticket_id"], unique=False)
    op.create_index(
        "uq_questions_open_address",
        "questions",
        ["address_index"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "remarks",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="the event it belongs to, which holds its fingerprint"
        ),
        sa.Column(
            "said", sa.LargeBinary(), nullable=False, comment="staff's own words, sealed JSON: they may name people"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_remarks_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
        sa.UniqueConstraint("ticket_id", "number", name=op.f("uq_remarks_ticket_id_number")),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.String(length=12),
            nullable=False,
            comment="stored, ticketed, answered, ignored, quarantined, discarded",
        ),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True, comment="what intake answered, for a replay"),
        sa.Column("joined_by", sa.JSON(), nullable=True, comment="why it belongs to its ticket: [reason, …]"),
        sa.Column("intent", sa.String(length=16), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False, comment="word for word, sealed"),
        sa.Column(
            "context", sa.LargeBinary(), nullable=True, comment="what the transport knew (envelope, peer), sealed JSON"
        ),
        sa.Column("sender_index", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("call_id", sa.String(length=64), nullable=True),
        sa.Column(
            "body_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="of a keyed request, to tell a replay from a reused key",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_reports_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("channel", "account", "external_id", name=op.f("uq_reports_channel_account_external_id")),
    )
    op.create_index(op.f("ix_reports_call_id"), "reports", ["call_id"], unique=False)
    op.create_index("ix_reports_state_id", "reports", ["state", "id"], unique=False)
    op.create_index(op.f("ix_reports_ticket_id"), "reports", ["ticket_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sessions_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_staff_id"), "sessions", ["staff_id"], unique=False)
    op.create_table(
        "threads",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("handle_index", sa.LargeBinary(), nullable=False, comment="of a Message-ID or a chat message"),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "address_index", sa.LargeBinary(), nullable=False, comment="whose thread: a stranger's reply does not join"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_threads_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sa.UniqueConstraint("medium", "handle_index", name=op.f("uq_threads_medium_handle_index")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("report_id", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=False, comment="citizen or inspector"),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=127), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True, comment="names the stored file; null until fetched"),
        sa.Column("source", sa.String(length=255), nullable=True, comment="where to fetch it from, while not stored"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_attachments_report_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_attachments_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_report_id"), "attachments", ["report_id"], unique=False)
    op.create_index(op.f("ix_attachments_ticket_id"), "attachments", ["ticket_id"], unique=False)


def downgrade() -> None:
    for table in (
        "attachments",
        "threads",
        "sessions",
        "reports",
        "remarks",
        "questions",
        "events",
        "tickets",
        "staff",
        "parked_receipts",
        "notices",
        "failures",
        "cursors",
        "answers",
    ):
        op.drop_table(table)
