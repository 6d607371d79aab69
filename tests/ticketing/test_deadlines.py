"""Terms, categories and organisations: what settings and dated files may say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from normalizer.complaint import CATEGORIES
from ticketing.categories import load_categories
from ticketing.deadlines import Deadlines, due_on
from ticketing.lengths import parse_duration, parse_length
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES, organisation_of
from ticketing.procedure import default_terms, load_procedures
from ticketing.wrong_key import WrongKey

DEFAULTS = default_terms(load_procedures().values())
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "length"),
    [("90m", timedelta(minutes=90)), ("36h", timedelta(hours=36)), (" 10d ", timedelta(days=10))],
)
def test_a_time_is_read(written: str, length: timedelta) -> None:
    assert parse_duration(written) == length


NO_LENGTHS = ["", "0h", "10", "d", "-1d", "1.5h", "99999d", "۱۰d", "5wm", "5w", 10, None, True]


@pytest.mark.parametrize("written", NO_LENGTHS)
def test_what_is_no_time_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="a time is written"):
        parse_length(written)


@pytest.mark.parametrize("written", [*NO_LENGTHS, "5wd", "16wh"])
def test_what_is_no_plain_time_is_refused_where_no_calendar_counts(written: object) -> None:
    with pytest.raises(ValueError, match="a time is written"):
        parse_duration(written)


def test_settings_overrule_a_procedures_terms() -> None:
    deadlines = Deadlines.from_settings({"satisfied": "1d"}, DEFAULTS)
    assert deadlines.due("satisfied", NOON) == NOON + timedelta(days=1)
    assert deadlines.due("self_regulation", NOON) == NOON + timedelta(days=10)


def test_a_category_may_be_quicker() -> None:
    deadlines = Deadlines.from_settings({}, DEFAULTS)
    hoarding = load_categories()["hoarding"]
    assert deadlines.due("dispatch", NOON, hoarding.terms) == NOON + timedelta(days=1)
    assert deadlines.due("inspect", NOON, hoarding.terms) == NOON + timedelta(days=3)


@pytest.mark.parametrize(("name", "written"), [("lunch", "1h"), ("satisfied", "soon")])
def test_a_wrong_term_is_refused_by_its_key(name: str, written: str) -> None:
    with pytest.raises(WrongKey, match=rf"^deadlines\.{name}: "):
        Deadlines.from_settings({name: written}, DEFAULTS)


def test_the_due_day_is_the_day_in_tehran() -> None:
    assert due_on(datetime(2026, 11, 21, 20, 29, tzinfo=UTC)) == date(2026, 11, 21)
    assert due_on(datetime(2026, 11, 21, 20, 30, tzinfo=UTC)) == date(2026, 11, 22)
    assert due_on(None) is None


def test_every_category_is_there_with_both_titles_and_terms_a_procedure_has() -> None:
    categories = load_categories()
    assert set(categories) == set(CATEGORIES)
    assert all(each.title["fa"] and each.title["en"] for each in categories.values())
    assert {term for each in categories.values() for term in each.terms} <= set(DEFAULTS)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("as_of = 2026-01-01\ncategories = []", "categories"),
        ("categories = []", "as_of"),
        ("as_of = [", "file"),
        ('as_of = 2026-01-01\n[[categories]]\ncode = "fraud"\ntitle = { fa = "x" }', "categories.0.title.en"),
    ],
)
def test_a_broken_file_of_categories_is_refused(content: str, key: str, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(content, encoding="utf-8")
    with pytest.raises(WrongKey) as refusal:
        load_categories(tmp_path / "c.toml")
    assert (refusal.value.file, refusal.value.key) == ("c.toml", key)


def test_there_are_thirty_one_provinces_the_south_of_kerman_and_the_nation() -> None:
    assert len(PROVINCE_CODES) == 31
    assert set(ORGANISATIONS) == {*PROVINCE_CODES, "08S", ""}
    assert organisation_of("08", "جیرفت") == "08S"
    assert organisation_of("08", "کرمان") == "08"
    assert organisation_of(None, None) == ""
