"""Run by alembic: migrates on the connection it is handed, inside that connection's transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

import ticketing.appointment_tables
import ticketing.attempt_tables
import ticketing.board_tables
import ticketing.business_tables
import ticketing.desk_tables
import ticketing.device_tables
import ticketing.letter_tables
import ticketing.membership_tables
import ticketing.searching
import ticketing.sister_tables
import ticketing.statistics_tables
import ticketing.survey_tables
import ticketing.tables  # noqa: F401  (its tables are on the metadata)
from sms.tables import metadata

_LOCK = 124_0001


def run() -> None:
    """Migrate. On PostgreSQL one process at a time: the others wait, then find nothing to do."""
    connection: Connection = context.config.attributes["connection"]
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


run()
