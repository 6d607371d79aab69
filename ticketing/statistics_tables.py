"""Figures that were published, each table once and for all."""

from __future__ import annotations

from sqlalchemy import Column, Date, String, Table

from sms.tables import UtcDateTime, metadata
from ticketing.tables import Json

published_figures = Table(
    "published_figures",
    metadata,
    Column("procedure", String(32), primary_key=True),
    Column("first", Date, primary_key=True, comment="the season's first day"),
    Column("content", Json, nullable=False, comment="counts by organisation and outcome; null where not published"),
    Column("made_at", UtcDateTime, nullable=False),
)
