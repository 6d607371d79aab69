"""The data files: every word can be met, every licence and source is named, every category and place is known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import normalizer.data as data
from normalizer.complaint import CATEGORIES
from normalizer.data import load_rows, load_table, load_words
from normalizer.gazetteer import COUNTIES
from normalizer.lexicon import Entry, Lexicon
from normalizer.place import PROVINCES, organisation_of
from normalizer.text import fold

FOLDER = Path(str(data.__file__)).parent


def test_single_words_are_in_the_form_they_are_looked_up_in() -> None:
    words = [*load_words("labels.toml")]
    words += [word for kind in ("finglish", "english", "courtesy") for word in load_table("plain.toml")[kind]]
    numerals = load_table("numerals.toml")
    words += [word for kind in ("values", "scales", "units", "ordinals", "halves") for word in numerals[kind]]
    assert [word for word in words if word != fold(word) or " " in word] == []


def test_lexicon_knows_every_category() -> None:
    assert set(load_table("category.toml")["category"]) == set(CATEGORIES)


def test_every_place_has_a_province() -> None:
    rows = load_rows("places.csv")
    assert {row["province"] for row in rows} == PROVINCES.keys()
    counties = {(row["province"], row["county"]) for row in rows if not row["town"]}
    assert len(counties) == 448
    assert {(row["province"], row["county"]) for row in rows} == counties
    assert {organisation_of(province, county) for province, county in counties} == {*PROVINCES, "08S"}


def test_every_county_has_a_code_of_its_own_and_a_name_in_both_scripts() -> None:
    rows = [row for name in ("places.csv", "places_own.csv") for row in load_rows(name) if not row["town"]]
    places = sorted((row["province"], row["county"]) for row in rows)
    assert sorted((each.province, each.name) for each in COUNTIES) == places
    for named in ("code", "english"):
        assert len({(each.province, getattr(each, named)) for each in COUNTIES}) == len(COUNTIES)
    assert all(re.fullmatch("[0-9]{2}|[a-z]+", each.code) and each.english.isascii() for each in COUNTIES)


def test_borrowed_data_names_its_source_and_carries_its_licence() -> None:
    assert "github.com/ahmadazizi/iran-cities" in (FOLDER / "places.csv").read_text(encoding="utf-8").splitlines()[1]
    assert "MIT License" in (FOLDER / "iran-cities.LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("phrase", ["a*", "می‌کند", "*", "گران |"])
def test_phrase_that_could_never_be_met_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="phrase"):
        Lexicon([Entry(phrase, "k", "v")])


@pytest.mark.parametrize(
    ("phrase", "text", "met"),
    [
        ("گران فروش*", "گران فروشی", True),
        ("گران فروش*", "گرانفروشی", True),
        ("گران فروش*", "گران میوه فروشی", False),
        ("فاکتور ~ نداد", "فاکتور به من هم نداد", True),
        ("فاکتور ~ نداد", "فاکتور یک دو سه چهار پنج نداد", False),
        ("گران|گرون", "گرون", True),
        ("@invoice ~ @not_give", "رسید نمیده", True),
        ("گران", "گرانی", False),
    ],
)
def test_phrases_are_met_as_written(phrase: str, text: str, met: bool) -> None:
    assert bool(Lexicon([Entry(phrase, "k", "v")]).scan(fold(text).split())) is met
