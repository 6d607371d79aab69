"""When citizens may be asked about the handling: never by night in Tehran, in summer time and out of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ticketing.survey_times import SurveyTimes


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-21T04:29:59", "2026-11-21T04:30"),  # half past four is eight in Tehran
        ("2026-11-21T04:30:00", None),
        ("2026-11-21T17:29:59", None),
        ("2026-11-21T17:30:00", "2026-11-22T04:30"),  # nine in the evening
        ("2026-11-21T22:00:00", "2026-11-22T04:30"),  # past Tehran's midnight already
        ("2021-07-01T16:29:59", None),  # there was summer time then
        ("2021-07-01T16:30:00", "2021-07-02T03:30"),
        ("2021-09-21T17:00:00", "2021-09-22T04:30"),  # it ended that night
    ],
)
def test_nobody_is_disturbed_by_night(at: str, until: str | None) -> None:
    morning = SurveyTimes().quiet_until(datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert morning == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)
