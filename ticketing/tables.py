"""The schema, one for SQLite and PostgreSQL: reports word for word, tickets, events, questions, staff.

Identity (name, phone, national id, mail, chat) is only ever in sealed columns; `*_index` columns are
keyed fingerprints to find it by. The outbox's tables are in `sms.tables` on the same metadata.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from sms.tables import UtcDateTime, metadata

Json = JSON(none_as_null=True)


def id_column() -> Column[int]:
    return Column("id", BigInteger, primary_key=True, autoincrement=False)


def partial_index(name: str, where: str, *columns: str, unique: bool = False) -> Index:
    """An index of the rows that meet `where`; used where a statement says the same."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


_FIGURED: Final = ("organisation", "channel", "category")
_REVIEWED: Final = ("procedure", "opened_at", "addressee", "outcome", "closed_at", "late_at", "id")
_QUEUED: Final = ("waiting_for", "due_at", "id", "assignee", "procedure")

tickets = Table(
    "tickets",
    metadata,
    id_column(),
    Column("code", LargeBinary, nullable=False, comment="the tracking code, sealed"),
    Column("code_index", LargeBinary, nullable=False, unique=True),
    Column("procedure", String(32), nullable=False),
    Column("channel", String(16), nullable=False, comment="of its first report"),
    Column("language", String(2), nullable=False),
    Column("step", Integer, nullable=False, comment="the last step entered, 1 …"),
    Column("status", String(8), nullable=False, default="open"),
    Column("waiting_for", String(32)),
    Column("outcome", String(32)),
    Column("route", String(32)),
    Column("category", String(32)),
    Column("organisation", String(32), nullable=False, default=""),
    Column("body", String(64)),
    Column("version", Integer, nullable=False, default=1),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("timer", String(32), comment="which clock of silence runs"),
    Column("due_at", UtcDateTime),
    Column("clock", Json, comment="the one that runs: term, lasting, law, step it began in, warned, paused"),
    Column("began_at", UtcDateTime, comment="when that clock did"),
    Column("rings_at", UtcDateTime, comment="when the sweep next has to do with it: to warn, to note it late, to ring"),
    Column("late_at", UtcDateTime, comment="when a term of staff passed for the first time"),
    Column("anonymous", Boolean, nullable=False, default=False),
    Column("identity", LargeBinary, comment="sealed JSON: name, national_id, phone, landline, email, chat"),
    Column("phone_index", LargeBinary),
    Column("voice_index", LargeBinary, comment="of the chat or mail address it talks back to"),
    Column("medium", String(8), comment="how the first channel talks back, beside SMS"),
    Column("account", String(128), nullable=False, default="", comment="of the channel, for talking back"),
    Column("text", Text, nullable=False),
    Column("business_name", Text),
    Column("business_guild_id", String(16), index=True),
    Column("business_address", Text),
    Column("business_phone", String(20)),
    Column("business_kind", String(16)),
    Column("business_id", BigInteger, comment="the row of `businesses` its trader was found to be"),
    Column("parent_id", BigInteger, comment="the parent case it was put into, with others about the same business"),
    Column("province", String(2)),
    Column("county", String(64)),
    Column("lat", Float),
    Column("lon", Float),
    Column("damages_rial", BigInteger),
    Column("happened_on", Date),
    Column("urgent", Boolean, nullable=False, default=False),
    Column("missing", Json, nullable=False, default=list),
    Column("filed_by", BigInteger, comment="the operator who filed it keeps reading and completing it"),
    Column("assignee", BigInteger, comment="the member of staff who took it on, while it waits for their role"),
    Column("assigned_at", UtcDateTime),
    Column("inspector", BigInteger, index=True),
    Column("accepted_at", UtcDateTime, comment="when the inspector took the dispatch on"),
    Column("case_number", String(32)),
    Column("dissatisfied", Integer, comment="the low rating of its close, until a grievance is opened or itself again"),
    Column("addressee", String(64), comment="the body complained of, by its code in the register"),
    Column("details", LargeBinary, comment="sealed JSON: what only its procedure asks for"),
    Column(
        "appointment", Json, comment="of the one to come: official, place, starts_at; and how many offers there were"
    ),
    Column("last_event", Integer, nullable=False, comment="the number of the newest event"),
    Column("last_hash", LargeBinary, nullable=False, comment="its hash: the head of the chain"),
    Index("ix_tickets_status_due_at", "status", "due_at"),
    Index("ix_tickets_organisation_id", "organisation", "id"),
    # For a supervisor's figures of a period, from these alone.
    Index("ix_tickets_received", "opened_at", *_FIGURED),
    Index("ix_tickets_ended", "closed_at", *_FIGURED, "outcome", "opened_at"),
    partial_index("ix_tickets_late", "late_at IS NOT NULL", "closed_at", *_FIGURED, "outcome", "late_at"),
    # Of those who have one only: where many have none, SQLite's statistics of a whole index make it read the table.
    partial_index("ix_tickets_phone_index", "phone_index IS NOT NULL", "phone_index"),
    partial_index("ix_tickets_voice_index", "voice_index IS NOT NULL", "voice_index"),
    partial_index("ix_tickets_dissatisfied", "dissatisfied IS NOT NULL", "closed_at", "id"),
    # The queues': of open tickets only, in due order, with all that a count asks.
    partial_index("ix_tickets_waiting", "status = 'open'", *_QUEUED),
    partial_index("ix_tickets_organisation_waiting", "status = 'open'", "organisation", *_QUEUED),
    partial_index("ix_tickets_rings_at", "rings_at IS NOT NULL", "rings_at", "id"),
    partial_index("ix_tickets_assignee_due_at", "assignee IS NOT NULL", "assignee", "due_at"),
    partial_index("ix_tickets_business_id", "business_id IS NOT NULL", "business_id", "id"),
    # For counting by business what came of late and is in no parent case, and what was closed how, from these alone.
    partial_index(
        "ix_tickets_surging", "status = 'open'", "opened_at", "business_id", "organisation", "parent_id", "status"
    ),
    partial_index("ix_tickets_parent_id", "parent_id IS NOT NULL", "parent_id", "id"),
    partial_index("ix_tickets_outcome", "closed_at IS NOT NULL", "outcome", "closed_at", "business_id", "organisation"),
    # For reviewing bodies by the complaints of a period about them, from this alone.
    partial_index("ix_tickets_reviewed", "addressee IS NOT NULL", *_REVIEWED),
)
IS_OPEN: Final[ColumnElement[bool]] = tickets.c.status == literal_column("'open'")
"""Written out: an index of open tickets only is used where the statement itself says that they are open."""

reports = Table(
    "reports",
    metadata,
    id_column(),
    Column("channel", String(16), nullable=False),
    Column("account", String(128), nullable=False),
    Column("external_id", String(255), nullable=False),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), index=True),
    Column("state", String(12), nullable=False, comment="stored, ticketed, answered, ignored, quarantined, discarded"),
    Column("reason", String(64), nullable=False, default=""),
    Column("result", Json, comment="what intake answered, for a replay"),
    Column("joined_by", Json, comment="why it belongs to its ticket: [reason, …]"),
    Column("intent", String(16)),
    Column("text", Text, nullable=False, default=""),
    Column("raw", LargeBinary, nullable=False, comment="word for word, sealed"),
    Column("context", LargeBinary, comment="what the transport knew (envelope, peer), sealed JSON"),
    Column("sender_index", LargeBinary),
    Column("staff_id", BigInteger),
    Column("call_id", String(64), index=True),
    Column("body_hash", LargeBinary, comment="of a keyed request, to tell a replay from a reused key"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("received_at", UtcDateTime, nullable=False),
    Column("understood", LargeBinary, comment="the facts that were understood, sealed JSON; null where not kept yet"),
    UniqueConstraint("channel", "account", "external_id"),
    Index("ix_reports_state_id", "state", "id"),
)

events = Table(
    "events",
    metadata,
    id_column(),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("number", Integer, nullable=False, comment="1 … within the ticket"),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("actor", String(64), nullable=False, comment="citizen, gateway, or a staff username"),
    Column("data", Json, nullable=False),
    Column("hash", LargeBinary, nullable=False, comment="over the previous event's hash and this event"),
    UniqueConstraint("ticket_id", "number"),
    Index("ix_events_kind_at", "kind", "at"),
)

remarks = Table(
    "remarks",
    metadata,
    id_column(),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("number", Integer, nullable=False, comment="the event it belongs to, which holds its fingerprint"),
    Column("said", LargeBinary, nullable=False, comment="staff's own words, sealed JSON: they may name people"),
    UniqueConstraint("ticket_id", "number"),
)

questions = Table(
    "questions",
    metadata,
    id_column(),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False, index=True),
    Column("address_index", LargeBinary, nullable=False, comment="of the phone or chat it is put to"),
    Column("kind", String(16), nullable=False, comment="a missing fact, satisfied, rating, same_matter"),
    Column("state", String(8), nullable=False, comment="open, waiting, answered, dropped"),
    Column("repeats", Integer, nullable=False, default=0),
    Column("about", BigInteger, comment="the ticket that may be the same matter"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("asked_at", UtcDateTime),
    Index(
        "uq_questions_open_address",
        "address_index",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index("ix_questions_address_index_state", "address_index", "state"),
)

threads = Table(
    "threads",
    metadata,
    id_column(),
    Column("medium", String(8), nullable=False),
    Column("handle_index", LargeBinary, nullable=False, comment="of a Message-ID or a chat message"),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), nullable=False),
    Column("address_index", LargeBinary, nullable=False, comment="whose thread: a stranger's reply does not join"),
    UniqueConstraint("medium", "handle_index"),
)

persons = Table(
    "persons",
    metadata,
    Column("contact_index", LargeBinary, primary_key=True, comment="of a phone, a chat or a mail address"),
    Column("person", BigInteger, nullable=False, index=True, comment="those with one number here are one person's"),
    Column("how", String(8), nullable=False, comment="proved, joined (by what was told) or only said"),
    Column("report_id", BigInteger, index=True, comment="the report that showed it; its row is written after this one"),
    Column("was", BigInteger, comment="whose it was before that report joined two persons"),
    Column("at", UtcDateTime, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    id_column(),
    Column("ticket_id", BigInteger, ForeignKey("tickets.id"), index=True),
    Column("report_id", BigInteger, ForeignKey("reports.id"), index=True),
    Column("origin", String(16), nullable=False, comment="citizen, inspector or staff"),
    Column("name", String(255), nullable=False),
    Column("media_type", String(127), nullable=False),
    Column("size", BigInteger),
    Column("sha256", String(64), comment="names the stored file; null until fetched"),
    Column("source", String(255), comment="where to fetch it from, while not stored"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("created_at", UtcDateTime, nullable=False),
    Column("pages", Integer, comment="how many pages can be shown, 1 of what can be played; null until it is known"),
    Column("looked_at", UtcDateTime, comment="when it was looked at for pages and codes, once"),
    partial_index("ix_attachments_to_look_at", "looked_at IS NULL AND sha256 IS NOT NULL", "id"),
)

staff = Table(
    "staff",
    metadata,
    id_column(),
    Column("username", String(64), nullable=False, unique=True),
    Column("role", String(32), nullable=False),
    Column("organisation", String(32), nullable=False, default="", comment="'' is national"),
    Column("body", String(64)),
    Column("phone", LargeBinary, comment="sealed E.164"),
    Column("password_hash", String(255), nullable=False),
    Column("totp_secret", LargeBinary, comment="sealed"),
    Column("totp_step", BigInteger, comment="the last time-step used: each is used once"),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("demonstration", Boolean, nullable=False, default=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("extension", String(16), comment="of the telephone on their desk"),
    Index("ix_staff_extension", "extension", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("staff_id", BigInteger, ForeignKey("staff.id"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("name", String(128), primary_key=True, comment="e.g. a bot account's next update"),
    Column("value", BigInteger, nullable=False),
)
