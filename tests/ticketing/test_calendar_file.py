"""Events as programs that keep calendars read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from ticketing.calendar_file import Event, calendar_file

TEHRAN = timezone(timedelta(hours=3, minutes=30))
EVENT = Event(
    uid="124@gateway-124",
    sequence=2,
    starts_at=datetime(2026, 12, 6, 10, 0, tzinfo=TEHRAN),
    ends_at=datetime(2026, 12, 6, 12, 0, tzinfo=TEHRAN),
    title="جلسهٔ رسیدگی؛ پروندهٔ ۱۴۰۵",
    place="تهران, خیابان یکم; طبقهٔ ۳",
    about="علت حضور: ادای توضیح\nبا کارت شناسایی " + "بیایید " * 20,
)


def test_an_event_is_written_as_rfc_5545_asks() -> None:
    written = calendar_file(EVENT, datetime(2026, 11, 21, 8, 0, tzinfo=UTC))
    assert written.endswith("END:VCALENDAR\r\n")
    pieces = written.split("\r\n")
    assert max(len(piece.encode()) for piece in pieces) <= 75
    lines = dict(line.partition(":")[::2] for line in written.replace("\r\n ", "").split("\r\n") if line)
    assert (lines["DTSTART"], lines["DTEND"]) == ("20261206T063000Z", "20261206T083000Z")
    assert (lines["UID"], lines["SEQUENCE"], lines["METHOD"]) == ("124@gateway-124", "2", "PUBLISH")
    assert lines["LOCATION"] == "تهران\\, خیابان یکم\\; طبقهٔ ۳"
    assert lines["DESCRIPTION"].startswith("علت حضور: ادای توضیح\\nبا کارت")
