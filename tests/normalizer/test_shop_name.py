"""Where the name of a business begins and ends, and where there is none. None of these is in the labelled set."""

from __future__ import annotations

import pytest

from normalizer.business import find_trader
from normalizer.word_kinds import GOOD, NAME, SAY, TRADE, VERB, WordKinds


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("از قصابی کاوه در ملایر گوشت خریدم", "قصابی کاوه"),
        ("آهن‌فروشی توحید فاکتور نمی‌دهد", "آهن‌فروشی توحید"),
        ("شرکت پخش لبنیات سپهر شیر را گران می‌دهد", "شرکت پخش لبنیات سپهر"),
        ("دیروز رفتم داروخانه دکتر مهدوی، رسید نداد", "داروخانه دکتر مهدوی"),
        ("اسم مغازه «پوشاک ترنج» است", "پوشاک ترنج"),
        ("ونداد برگر همبرگر خام داد", "ونداد برگر"),
        ("املاک سهند و پسران بیعانه را پس نمی‌دهد", "املاک سهند و پسران"),
        ("داروخانه شبانه روزی نگین قرص را آزاد می‌فروشد", "داروخانه شبانه روزی نگین"),
        ("az restoran Parsa tu Shiraz ghaza gereftam", "restoran Parsa"),
        ("ابهر-بلوار مدرس-قصابی کاوه-کم‌فروشی", "قصابی کاوه"),
        ("مهدکودک شکوفه‌های فردا غذای مانده داد", "مهدکودک شکوفه‌های فردا"),
        ("طرف شکایت: ونداد گستر", "ونداد گستر"),
        ("اسم مغازه پوشاک ترنج بود", "پوشاک ترنج"),
    ],
)
def test_name_is_the_trade_and_the_proper_name_as_written(text: str, name: str) -> None:
    assert find_trader(text).name == name


@pytest.mark.parametrize(
    "text",
    [
        "نانوایی محله ما نان را کم می‌دهد",
        "این مغازه قیمت نزده",
        "یه میوه‌فروشی تو شهر ما هست که گرون میده",
        "گران‌فروشی بیداد می‌کند",
        "گوشت و مرغ گران شده است",
        "",
    ],
)
def test_bare_trade_names_nobody(text: str) -> None:
    assert find_trader(text).name is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("میخریدیم", VERB),
        ("نمیفروشن", VERB),
        ("قیمتشون", SAY),
        ("کاشیفروشی", TRADE),
        ("گرانفروشی", SAY),
        ("پنیر", GOOD),
        ("رحیمی", NAME),
    ],
)
def test_kind_of_a_word_is_told_by_list_or_ending(word: str, kind: str) -> None:
    assert WordKinds()[word] == kind


def test_words_seen_elsewhere_are_told_from_words_never_seen() -> None:
    kinds = WordKinds(["پلپلک"])
    assert kinds["پلپلک"] != kinds["پلپلکان"]
