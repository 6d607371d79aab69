"""Clean text and search key: total, idempotent, lossless where it counts (THREATS 50)."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.text import ZWNJ, clean, digits, fold, key_of

LETTERS = "آابپتيىكگةۀیک\u064b\u0640\u0654هو\u200c\u200d\u202e\u200f\ufeff\x00\ud800۰۱۲٠١٢09 \n\t\r.،٫٬ABcİаоﻱﷲ１②½é"
texts = st.one_of(
    st.text(max_size=80), st.text(alphabet=LETTERS, max_size=40), st.text(alphabet=st.characters(), max_size=30)
)


@pytest.mark.parametrize(
    ("written", "cleaned", "key"),
    [
        pytest.param("كيك ي ى ے", "کیک ی ی ی", "کیک ی ی ی", id="Arabic letters"),
        pytest.param("گران\u200cفروشی", "گران\u200cفروشی", "گران فروشی", id="ZWNJ is kept for people"),
        pytest.param("گـــران", "گران", "گران", id="tatweel"),
        pytest.param("مُحتَکِر", "محتکر", "محتکر", id="harakat"),
        pytest.param("\u202eabc\u202c۱۲", "abc۱۲", "abc12", id="bidi override"),
        pytest.param("a\x00b\ud800c", "abc", "abc", id="NUL and half pairs"),
        pytest.param("ﮔﺮﺍﻥ", "گران", "گران", id="presentation forms"),
        pytest.param("آؤئأإ", "آؤئاا", "اویاا", id="hamza stays for people"),
        pytest.param("خانه\u0654 سبزی خانهٔ", "خانۀ سبزی خانۀ", "خانه سبزی خانه", id="hamza above, written apart"),
        pytest.param("مسو\u0654ل شی\u0654 ه \u0654", "مسؤل شئ ه", "مسول شی ه", id="hamza on other letters, and alone"),
        pytest.param("۱۲٣٤5６", "۱۲٣٤56", "123456", id="digits of four scripts"),
        pytest.param("ABC раура1", "ABC раура1", "abc paypa1".replace("paypa1", "paypa1"), id="Cyrillic look-alikes"),
        pytest.param("  الف \t ب\r\n\r\n ج  ", "الف ب\nج", "الف ب ج", id="whitespace is tidied, lines kept"),
        pytest.param("می \u200cرود\u200c", "می رود", "می رود", id="loose ZWNJ"),
        pytest.param("۱٫۵ ۲٬۰۰۰", "۱٫۵ ۲٬۰۰۰", "1.5 2,000", id="Persian separators"),
        pytest.param("", "", "", id="nothing"),
    ],
)
def test_text_has_one_clean_form_and_one_key(written: str, cleaned: str, key: str) -> None:
    assert clean(written) == cleaned
    assert fold(written) == key


@given(texts)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_key_is_as_long_as_the_clean_text(text: str) -> None:
    assert len(key_of(clean(text))) == len(clean(text))


@given(texts)
def test_no_digit_is_lost(text: str) -> None:
    ours = re.compile("[0-9]")
    kept = "".join(letter for letter in digits(text) if "0" <= letter <= "9")
    compatible = "".join(ours.findall(digits(unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode()))))
    assert "".join(ours.findall(fold(text))) == compatible
    assert len(kept) <= len(compatible)


@given(texts)
def test_result_is_printable_and_encodable(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not [letter for letter in cleaned if unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n"]
    assert not [
        letter for letter in cleaned if unicodedata.bidirectional(letter) in ("RLO", "LRO", "RLE", "LRE", "PDF")
    ]
    assert not cleaned.startswith((" ", "\n", ZWNJ))


def test_threat_50_disguised_words_fold_to_the_plain_word() -> None:
    disguised = "گ\u200dر\u2066ا\u2069ن\u00ad\ufeff فر\u0640و\u034fشي ۰۹١٢"
    assert fold(disguised) == "گران فروشی 0912"
