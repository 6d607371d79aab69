"""`gateway demo`: the letters of 1399, made of the complaints it makes up, say what the letters of 1399 say."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gateway.cli import main
from gateway.season.figures import load_figures
from gateway.season.planning import FIRST, LAST, TABLE_AS_OF, TABLE_FIRST, TABLE_LAST, plan
from tests.support.database import DIALECTS
from ticketing.organisations import ORGANISATIONS

# Letter 60/148642 of 1399/06/19: registered from 1399/03/14 to 1399/06/14, and handled.
TABLE = {
    "آذربایجان شرقی": (5, 0),
    "آذربایجان غربی": (5, 0),
    "اردبیل": (2, 0),
    "اصفهان": (14, 1),
    "البرز": (8, 6),
    "ایلام": (5, 0),
    "بوشهر": (6, 2),
    "تهران": (27, 3),
    "خراسان رضوی": (32, 4),
    "خوزستان": (19, 0),
    "زنجان": (3, 0),
    "سمنان": (2, 0),
    "سیستان و بلوچستان": (4, 0),
    "فارس": (8, 0),
    "قزوین": (5, 0),
    "قم": (4, 0),
    "کردستان": (3, 1),
    "کرمان": (9, 0),
    "کرمانشاه": (6, 0),
    "گلستان": (15, 4),
    "گیلان": (21, 0),
    "مازندران": (93, 23),
    "مرکزی": (2, 1),
    "هرمزگان": (1, 0),
    "همدان": (10, 1),
    "یزد": (6, 0),
}
LETTER = ("--period", "1399-03-01..1399-07-01", "--as-of", "1399-07-01")
OF_TABLE = ("--period", "1399-03-14..1399-06-14", "--as-of", "1399-06-19")


def run(house: Path, *arguments: str) -> int:
    return main([*arguments, "--config", str(house / "config.toml")])


def letter_of(house: Path, capfd: Any, *asked: str) -> Any:
    assert run(house, "letter", *asked, "--format", "json") == 0
    return json.loads(capfd.readouterr().out)


def named(letter: Any) -> dict[str, Any]:
    """The figures of organisations by their Persian names."""
    return {ORGANISATIONS[each["organisation"]]["fa"]: each for each in letter["figures"]["by_organisation"]}


@pytest.fixture
def empty_house(database_url: str, tmp_path: Path) -> Path:
    """A folder with settings and a migrated, empty database of the test's dialect."""
    settings = f'[database]\nurl = "{database_url}"\n[security]\nkeys_file = "{tmp_path / "keys"}"\n'
    (tmp_path / "config.toml").write_text(settings, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("dialect", DIALECTS if "EVERY_DATABASE" in os.environ else ["sqlite"])
def test_the_letters_of_1399_say_again_what_they_said(empty_house: Path, restored_logs: None, capfd: Any) -> None:
    house = empty_house
    assert run(house, "demo") == 0
    assert "493 complaints" in capfd.readouterr().out
    the_letter_of_mehr(letter_of(house, capfd, *LETTER))
    the_table_of_shahrivar(letter_of(house, capfd, *OF_TABLE))
    assert run(house, "demo") == 1
    assert capfd.readouterr().err == "gateway: database.url: there are tickets already; an empty database is needed\n"


def the_letter_of_mehr(letter: Any) -> None:
    """Letter 60/170549 of 1399/07/13, finding by finding."""
    total = letter["figures"]["total"]
    kinds = {each["kind"]: each for each in letter["figures"]["by_kind"]}
    assert total["registered"] == 456
    counts = {kind: (each["registered"], round(100 * each["registered"] / 456)) for kind, each in kinds.items()}
    assert counts == {"union": (295, 65), "chamber": (84, 18), "county_commission": (77, 17)}
    shares = {kind: round(100 * each["answered_share"]) for kind, each in kinds.items()}
    assert shares == {"union": 81, "chamber": 74, "county_commission": 60}
    # It says 120 without an answer, 23 percent in progress and 4 delayed; by its own shares there are 109.
    assert (total["answered"], total["in_progress"], total["delayed"], total["otherwise"]) == (347, 91, 18, 0)
    assert round(100 * total["delayed"] / 456) == 4
    found = named(letter)
    assert sorted(found, key=lambda name: -found[name]["registered"])[:4] == [
        "مازندران",
        "خراسان رضوی",
        "تهران",
        "اصفهان",
    ]
    rose = {name for name, each in found.items() if (each["trend"] or 0) > 0}
    assert rose == {"آذربایجان شرقی", "البرز", "خراسان جنوبی", "مرکزی"}
    registered = [name for name, each in found.items() if each["registered"]]
    least = sorted(registered, key=lambda name: float(found[name]["answered_share"]))[:5]
    assert least == ["یزد", "خوزستان", "آذربایجان غربی", "بوشهر", "گلستان"]
    assert total["outcomes"] == {"upheld": 128, "rejected": 82, "unrelated": 137}


def the_table_of_shahrivar(letter: Any) -> None:
    """Letter 60/148642 of 1399/06/19, row by row."""
    total, found = letter["figures"]["total"], named(letter)
    assert (total["registered"], total["answered"]) == (315, 46)
    told = {name: (each["registered"], each["answered"]) for name, each in found.items() if each["registered"]}
    assert told == TABLE
    # Those it says have no complaints, and the one it does not name at all.
    none = {"جنوب کرمان", "چهارمحال و بختیاری", "خراسان جنوبی", "خراسان شمالی", "لرستان"}
    assert set(found) - set(told) == none | {"کهگیلویه و بویراحمد"}


def test_it_makes_nothing_up_while_texts_could_leave(house: Path, restored_logs: None, capfd: Any) -> None:
    with (house / "config.toml").open("a", encoding="utf-8") as settings:
        settings.write('[sms]\nprovider = "kavenegar"\n[sms.kavenegar]\napi_key = "k"\nsender = "10004346"\n')
    assert run(house, "demo") == 1
    assert capfd.readouterr().err.startswith("gateway: sms.provider: ")


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_draws_days_and_changes_no_figure(seed: int) -> None:
    cases = [case for case in plan(load_figures(), Random(seed)) if case.registered >= FIRST]
    of_table = [case for case in cases if TABLE_FIRST <= case.registered <= TABLE_LAST]
    handled = [case for case in of_table if case.closed is not None and case.closed <= TABLE_AS_OF]
    registered, answered = (Counter(case.organisation for case in those) for those in (of_table, handled))
    told = {ORGANISATIONS[code]["fa"]: (count, answered[code]) for code, count in registered.items()}
    assert told == TABLE
    closed = [case for case in cases if case.closed is not None]
    assert Counter(case.kind for case in closed) == {"union": 239, "chamber": 62, "county_commission": 46}
    assert all(case.answered and case.registered < case.answered <= case.closed <= LAST for case in closed)
    waiting = [case for case in cases if case.closed is None]
    in_time = [case for case in waiting if case.registered + timedelta(days=10) > LAST]
    assert (len(waiting), len(in_time)) == (109, 91)
