"""The catalogue: what is refused, and how a text reads once filled in."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms.segments import segments
from sms.texts import LANGUAGES, LONGEST, TEXTS, TextError, Texts, compose
from ticketing.procedure_files import load_procedures
from ticketing.procedure_texts import told_by

TOLD = told_by(load_procedures().values())
Catalogue = dict[str, dict[str, dict[str, str]]]


def _settings() -> Catalogue:
    settings = tomllib.loads((Path(__file__).parents[2] / "config.toml").read_text(encoding="utf-8"))
    return {"steps": settings["steps"], "texts": settings["texts"]}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return _settings()


@pytest.fixture(scope="module")
def texts(catalogue: Catalogue) -> Texts:
    return Texts(**catalogue, told=TOLD)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*TOLD.steps, *TOLD.closes, *TEXTS])
def test_every_shipped_text_fits_its_segments(texts: Texts, name: str, language: str) -> None:
    assert segments(texts.render(name, language, **LONGEST)) <= texts.wordings[name].most


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", TOLD.steps)
def test_every_step_text_carries_the_code(texts: Texts, step: str, language: str) -> None:
    shown = {"fa": "\u2066۱۲۳۴-۵۶۷۸-۹۰۱۲\u2069", "en": "1234-5678-9012"}
    assert shown[language] in texts.render(step, language, code="123456789012")


@pytest.mark.parametrize("question", ["ask_category", "ask_business", "ask_place", "ask_phone"])
def test_acknowledgement_with_a_question_fits_two_segments(texts: Texts, question: str) -> None:
    for language in LANGUAGES:
        acknowledgement = texts.render("contacted", language, **LONGEST)
        assert segments(compose(acknowledgement, texts.render(question, language))) <= 2


def test_persian_text_shows_persian_digits_only(texts: Texts) -> None:
    shown = texts.render("status_due", "fa", code="123456789012", step="گام 4", due="1405/08/20")
    assert not any(digit in shown for digit in "0123456789")
    assert "\u2066۱۴۰۵/۰۸/۲۰\u2069" in shown


def test_english_text_stays_in_the_cheap_alphabet(texts: Texts) -> None:
    assert texts.render("status", "en", code="123456789012", step="inspected").isascii()


def test_unknown_language_reads_persian(texts: Texts) -> None:
    assert texts.render("thanks", "de") == texts.render("thanks", "fa")


def test_value_that_is_lacking_is_an_error(texts: Texts) -> None:
    with pytest.raises(KeyError, match="code"):
        texts.render("contacted", "fa")


BROKEN: list[tuple[str, tuple[str, ...], Any]] = [
    ("steps.contacted.fa", ("steps", "contacted", "fa"), None),
    ("steps.contacted.en", ("steps", "contacted", "en"), "   "),
    ("steps.verdict.fa", ("steps", "verdict", "fa"), "بدون کد"),
    ("steps.verdict.en", ("steps", "verdict", "en"), "{code} {fine}"),
    ("steps.referred.fa", ("steps", "referred", "fa"), "{code" + "س" * 10),
    ("steps.referred.en", ("steps", "referred", "en"), "{code!r}"),
    ("steps.referred.en", ("steps", "referred", "en"), "{code:>9}"),
    ("steps.referred.en", ("steps", "referred", "en"), "{code.real}"),
    ("steps.inspected.fa", ("steps", "inspected", "fa"), "{code}" + "س" * 114),
    ("texts.ask_place.fa", ("texts", "ask_place", "fa"), "س" * 90),
    ("texts.closed_merged.en", ("texts", "closed_merged", "en"), "Joined."),
    ("texts.ask_colour", ("texts", "ask_colour"), {"fa": "رنگ؟", "en": "Colour?"}),
    ("texts.thanks.de", ("texts", "thanks", "de"), "Danke"),
]


@pytest.mark.parametrize(("key", "place", "value"), BROKEN, ids=[f"{key}={value}"[:40] for key, _, value in BROKEN])
def test_wrong_text_is_refused_by_its_key(catalogue: Catalogue, key: str, place: tuple[str, ...], value: Any) -> None:
    broken: dict[str, Any] = copy.deepcopy(dict(catalogue))
    node = broken
    for part in place[:-1]:
        node = node[part]
    if value is None:
        del node[place[-1]]
    else:
        node[place[-1]] = value
    with pytest.raises(TextError) as refusal:
        Texts(**broken, told=TOLD)
    assert refusal.value.key == key
    assert str(refusal.value).startswith(f"{key}: ")


def test_first_wrong_key_is_the_first_in_order(catalogue: Catalogue) -> None:
    with pytest.raises(TextError, match=r"^steps\.contacted\.fa: "):
        Texts({}, catalogue["texts"], TOLD)


HOSTILE = st.text(alphabet=st.sampled_from("\r\n\t\x00\x1b\u2028\u202e\u2066\u2069\u200f\u200bسلام{}a1"), max_size=60)


@given(business=HOSTILE, county=HOSTILE)
def test_threat_46_values_cannot_break_out_of_a_text(business: str, county: str) -> None:
    texts = Texts(**_SHIPPED, told=TOLD)
    for language in LANGUAGES:
        shown = texts.render("dispatch", language, code="123456789012", business=business, county=county)
        assert not any(ord(character) < 32 or character in "\u2028\u202e\u200f\u200b" for character in shown)
        assert sum(character in "\u2066\u2068" for character in shown) == shown.count("\u2069")
        assert segments(shown) <= 2


def test_half_space_survives_in_a_name(texts: Texts) -> None:
    assert "خانه\u200cما" in texts.render("dispatch", "fa", code="1", business="خانه\u200cما", county="ری")


_SHIPPED = _settings()
