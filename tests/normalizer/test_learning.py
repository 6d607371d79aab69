"""What is learned from labelled messages: words, in either script, and what they say together; the same every time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.classifier import Classifier
from normalizer.features import features_of
from normalizer.guessing import read_classifiers
from normalizer.learning import learn
from normalizer.reading import read
from normalizer.skeleton import skeleton

SAID = {
    "short_measure": ("یک کیلو گوشت {} گرم بود", "وزن نان {} گرم کمتر بود", "پیمانه بنزین {} لیتر کم بود"),
    "no_invoice": ("برای {} میلیون خرید رسید نداد", "فاکتور {} تومانی نداد", "هرچه گفتم قبض {} تومان را نداد"),
}


def examples() -> list[tuple[frozenset[str], str]]:
    texts = ((text.format(number), label) for label, texts in SAID.items() for text in texts for number in (3, 5, 700))
    return [(frozenset(features_of(read(text))), label) for text, label in texts]


def test_what_was_learned_is_known_again_in_other_words() -> None:
    classifier = learn(examples())
    best, other = classifier.rank(features_of(read("رسید این خرید را نداد")))
    assert best.label == "no_invoice"
    assert best.share > other.share
    assert best.share + other.share == pytest.approx(1)
    assert classifier.rank(features_of(read("نان وزنش کم بود")))[0].label == "short_measure"


def test_same_examples_teach_the_same() -> None:
    assert learn(examples()).to_table() == learn(examples()).to_table()


def test_a_classifier_is_the_same_after_it_was_kept() -> None:
    learned = learn(examples())
    again = Classifier.from_table(json.loads(json.dumps(learned.to_table())))
    features = features_of(read("فاکتور نداد"))
    assert again.rank(features) == learned.rank(features)


def test_what_tells_nothing_leaves_every_label_as_likely() -> None:
    shares = [guess.share for guess in Classifier(("a", "b"), (0.0, 0.0), {}).rank({"x"})]
    assert shares == [0.5, 0.5]


def test_nothing_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to learn from"):
        learn([])


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("به ۱۳۷ گفتم", "#137"),
        ("گزینه ۲", "#2"),
        ("۰۹۱۲۳۴۵۶۷۸۹", "n:11"),
        ("رسید را نداد", f"{skeleton('رسید')}_{skeleton('را')}"),
        ("کجاست؟", "f:question at last"),
        ("ممنون ولی گران فروخت", "c:first thanks"),
    ],
)
def test_what_a_message_is_told_by(text: str, feature: str) -> None:
    assert feature in features_of(read(text))


@pytest.mark.parametrize("content", ["{}", '{"intent": {}, "category": {}}', "[]", "x"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "classifiers.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r".+"):
        read_classifiers(path)


SAME_WORD = {
    "قاچاق": "ghachagh",
    "فاکتور": "faktor",
    "ترازو": "tarazoo",
    "شکایت": "shekayat",
    "رجیستر": "rejister",
    "چک": "check",
}


@pytest.mark.parametrize(("persian", "latin"), SAME_WORD.items())
def test_a_word_is_one_in_both_scripts(persian: str, latin: str) -> None:
    assert skeleton(persian) == skeleton(latin)


@given(st.text(max_size=200))
def test_any_text_has_features_and_the_same_ones_again(text: str) -> None:
    assert features_of(read(text)) == features_of(read(text))
