"""Terms, categories and organisations: what settings and dated files may say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from normalizer.complaint import CATEGORIES
from ticketing.categories import load_categories
from ticketing.dated_terms import load_deadlines
from ticketing.deadlines import Deadlines, due_on
from ticketing.lengths import parse_duration, parse_length
from ticketing.organisations import ORGANISATIONS, PROVINCE_CODES, organisation_of
from ticketing.procedure_files import load_procedures
from ticketing.wrong_key import WrongKey

CONSUMER = load_procedures()["consumer"]
DEADLINES = load_deadlines(load_procedures().values(), CATEGORIES)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def due(deadlines: Deadlines, term: str, category: str | None = None) -> datetime:
    return deadlines.due("consumer", term, NOON, category)


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


def test_settings_overrule_the_file_but_not_what_a_category_has_of_its_own() -> None:
    deadlines = DEADLINES.overrule({"satisfied": "1d", "dispatch": "5d", "inspect": ""})
    assert due(deadlines, "satisfied") == NOON + timedelta(days=1)
    assert due(deadlines, "self_regulation") == NOON + timedelta(days=10)
    assert due(deadlines, "dispatch") == NOON + timedelta(days=5)
    assert due(deadlines, "dispatch", "hoarding") == NOON + timedelta(days=1)
    assert due(deadlines, "inspect", "hoarding") == NOON + timedelta(days=3)


@pytest.mark.parametrize(("name", "written"), [("lunch", "1h"), ("satisfied", "soon")])
def test_a_wrong_term_is_refused_by_its_key(name: str, written: str) -> None:
    with pytest.raises(WrongKey, match=rf"^deadlines\.{name}: "):
        DEADLINES.overrule({name: written})


def entry(term: str = "inspect", since: str = "1399-01-01", length: str = "3d", more: str = "", law: str = "us") -> str:
    said = f'procedure = "consumer"\nterm = "{term}"\nsince = "{since}"\nlength = "{length}"\nlaw = "{law}"\n{more}'
    return f"[[deadlines]]\n{said}\n"


ALL = "".join(entry(name) for name in CONSUMER.terms) + '[laws]\nus = { fa = "ما", en = "us" }\n'


def read(content: str, folder: Path) -> Deadlines:
    (folder / "d.toml").write_text(content, encoding="utf-8")
    return load_deadlines([CONSUMER], CATEGORIES, path=folder / "d.toml")


def test_the_length_that_is_valid_as_the_clock_starts_counts(tmp_path: Path) -> None:
    deadlines = read(entry(since="1405-09-01", length="5wd", more='warn = "1wd"') + ALL, tmp_path)
    last, first = (datetime.fromisoformat(at) for at in ("2026-11-21T23:59+03:30", "2026-11-22T00:00+03:30"))
    assert [str(deadlines.of("consumer", "inspect", at).length) for at in (last, first)] == ["3d", "5wd"]
    assert deadlines.of("consumer", "inspect", first).warn == parse_length("1wd")
    assert deadlines.of("consumer", "inspect", datetime(2001, 1, 1, tzinfo=UTC)).law == "us"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("deadlines = [", "file"),
        (entry("lunch") + ALL, "deadlines.0.term"),
        (entry(length="3 days") + ALL, "deadlines.0.length"),
        (entry(since="1405-13-01") + ALL, "deadlines.0.since"),
        (entry(more='category = "weather"') + ALL, "deadlines.0.category"),
        (entry(law="none") + ALL, "deadlines.0.law"),
        (entry() + ALL, f"deadlines.{list(CONSUMER.terms).index('inspect') + 1}.since"),
        (ALL.replace('term = "object"', 'term = "inspect"\ncategory = "fraud"'), "deadlines"),
    ],
)
def test_a_broken_file_of_deadlines_is_refused_by_its_key(content: str, key: str, tmp_path: Path) -> None:
    with pytest.raises(WrongKey) as refusal:
        read(content, tmp_path)
    assert (refusal.value.file, refusal.value.key) == ("d.toml", key)


def test_the_due_day_is_the_day_in_tehran() -> None:
    assert due_on(datetime(2026, 11, 21, 20, 29, tzinfo=UTC)) == date(2026, 11, 21)
    assert due_on(datetime(2026, 11, 21, 20, 30, tzinfo=UTC)) == date(2026, 11, 22)
    assert due_on(None) is None


def test_every_category_is_there_with_both_titles() -> None:
    categories = load_categories()
    assert set(categories) == set(CATEGORIES)
    assert all(each.title["fa"] and each.title["en"] for each in categories.values())


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
