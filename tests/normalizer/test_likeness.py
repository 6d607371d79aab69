"""How alike two matters of one person are: the shop matched loosely, the words, what is said of an earlier telling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from normalizer.likeness import likeness
from normalizer.shops import Shop
from normalizer.sounds import is_same_name, skeleton, stem
from normalizer.told import Telling
from normalizer.trades import trades_in
from normalizer.words import words_of

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
UPPER, LOWER = 0.8, 0.35
DAIRY = "سوپرمارکت رضا شیر کم چرب را ده هزار تومان بالاتر از قیمت روی جلد فروخت"


def told(text: str, *, days: float = 0, shop: str | None = None, **more: Any) -> Telling:
    return Telling(text, AT + timedelta(days=days), shop, **more)


FIRST = told(DAIRY, shop="سوپرمارکت رضا", province="23", category="overcharging")
ONE_MATTER = {
    "word for word": told(DAIRY, days=0.01, shop="سوپرمارکت رضا"),
    "another trade word of the kind": told("سوپری رضا شیر را گران داد، فاکتور هم نداد", days=1, shop="سوپری رضا"),
    "a slip and an ending": told("هایپر رضااا هنوز شیر را گران می‌دهد", days=3, shop="هایپر رضا"),
    "Finglish": told("hanuz superi reza shir ro gerun mide", days=2, shop="superi reza"),
    "a detail alone, minutes later": told("آدرسش بلوار معلم نبش کوچه پنجم", days=0.01),
    "the trade alone, as everybody says it": told("سوپریه رسید هم نمیده", days=2),
    "a landmark is no trade of its own": told("روبروی پمپ بنزین، سوپر رضا رو میگم", days=0.1),
    "by a relative's phone": told("با گوشی همسرم زنگ زده بودم، سوپر رضا رسید هم نمیده", days=1, shop="سوپر رضا"),
    "told before, no name": told("سلام صبح زنگ زدم بابت همون سوپری، رسیدش را هم نداد", days=0.3),
    "what was told beside it": told("رسیدم نمیده", days=0.5),
    "whose shop it is": told("صاحبش گفت برو هر جا میخوای بگو", days=0.5),
    "what the office did not do": told("پس شما چیکار کردین؟ یکی نیست جواب بده", days=4),
    "what somebody asked says of it": told("آزمایشگاه گفت شیرش آب داشته، نمونه هم نگه داشتم", days=3),
    "where it is, and no more": told("بلوار معلم، نبش کوچه پنجم", days=0.5),
}
ANOTHER_MATTER = {
    "another shop": told("قصابی کوثر گوشت را گران می‌دهد", shop="قصابی کوثر", days=1),
    "another trade of that name": told("نانوایی رضا نان را کم وزن می‌پزد", shop="نانوایی رضا", days=1),
    "said to be another": told("یه چیز جدا: سوپری شایان هم قیمت نزده", shop="سوپری شایان", days=0.1),
    "another of the trade": told("یه سوپری دیگه هم هست شکر نمیده", days=0.1),
    "a new event": told("امروز رفتم سوپرمارکت رضا ماست کپک زده داد", shop="سوپرمارکت رضا", days=60, category="fraud"),
    "another province": told("سوپر رضا گرانفروش است", shop="سوپر رضا", days=1, province="10"),
    "the same trade, called differently": told("سوپرمارکت شفق هم شیر را گران می‌دهد", days=1),
    "beside it": told("مغازه بغلیش هم میوه گندیده میفروشه", days=0.01),
    "a place pointed at, not the matter": told("گوشت فروشی توی همون بازار گوشت بو گرفته داد", days=1),
    "today, weeks later": told(
        "امروز سوپرمارکت رضا برچسب نزده بود", days=20, shop="سوپرمارکت رضا", category="price_not_displayed"
    ),
    "another booth": told("غرفه ۲۷ هم شیر رو گرون میده، پلاک ۱۲", days=0.1, shop="غرفه ۲۷"),
    "goods nobody spoke of come first": told("نفت رو به بعضیا نمیدن", days=1),
    "a shop of the trade, told by its street": told("سوپری کوچه پشتی هم همینجور", days=1),
    "an advertisement": told("تخفیف ویژه طراحی سایت، همین حالا تماس بگیرید", days=1),
    "a story of its own": told("از حراجی بازار بزرگ کفش خریدم لنگه به لنگه بود", days=1),
    "a question how to complain": told("ببخشید برای دیه هم باید اینجا شکایت کنم؟", days=0.1, intent="other"),
    "a shop of the trade, its name unheard of": told("سوپر ایستگاه قدیم تخم مرغ رو گرون میده", days=1),
    "thanks": told("دستتون درد نکنه درست شد", days=3, intent="thanks"),
    "nothing in common": told("صف مرغ خیلی طولانی بود", days=1),
}


@pytest.mark.parametrize("later", ONE_MATTER.values(), ids=ONE_MATTER.keys())
def test_one_matter_told_again_is_joined(later: Telling) -> None:
    assert likeness(FIRST, later).score >= UPPER


@pytest.mark.parametrize("later", ANOTHER_MATTER.values(), ids=ANOTHER_MATTER.keys())
def test_another_matter_of_the_person_is_not_joined(later: Telling) -> None:
    assert likeness(FIRST, later).score < UPPER


def test_two_branches_of_a_chain_are_two_shops() -> None:
    one = told("قیمت قفسه با صندوق فرق داشت", shop="فروشگاه ارزانکده شعبه گلشهر")
    other = told("قیمت قفسه با صندوق فرق داشت", shop="فروشگاه ارزانکده شعبه مهرشهر", days=1)
    assert likeness(one, other).score < LOWER
    one, other = told("arzankade shobe golshahr gerun dad"), told("arzankade shobe mehrshahr gerun dad", days=1)
    assert likeness(one, other).score < LOWER


def test_two_sorts_of_bakery_are_two_shops() -> None:
    one = told("نونوایی سنگکی خیابان شریعتی نون رو گرون میده")
    assert likeness(one, told("لواشی خیابان شریعتی هم پول نایلون میگیره", days=1)).score < UPPER


@pytest.mark.parametrize("words", ["فروشنده خانمی به نام صادقی بود", "جنب بانک ملی"])
def test_who_sold_it_and_what_is_beside_it_are_no_shop(words: str) -> None:
    assert Shop.of("صادقی" if "صادقی" in words else "بانک ملی", words_of(words)).name == ()


def test_guild_id_alone_tells_the_shop() -> None:
    one, same, another = (told("گران داد", guild_id=each) for each in ("0512345678", "0512345678", "0512345679"))
    assert likeness(one, same).score >= UPPER
    assert likeness(one, another).score < LOWER


def test_reasons_are_signs_with_what_they_add_weightiest_first() -> None:
    found = likeness(FIRST, told("سوپری رضا شیر را گران داد", days=2, shop="سوپری رضا"))
    assert next(iter(found.reasons))[0] == "same_shop"
    weights = [abs(weight) for _, weight in found.reasons]
    assert weights == sorted(weights, reverse=True)


def test_what_the_trade_tells_anyway_is_not_close() -> None:
    bakery = told("نانوایی امید نان لواش را گران می‌دهد", shop="نانوایی امید", category="overcharging")
    stranger = told("در نانوایی امید هر نانی گران است", days=1, shop="نانوایی امید", category="overcharging")
    assert likeness(bakery, stranger).score >= UPPER
    assert not likeness(bakery, stranger).is_close


def test_how_it_was_told_before_is_known_to_who_told_it() -> None:
    site = told(DAIRY, shop="سوپرمارکت رضا", channel="web")
    later = "در سایت درباره سوپر رضا ثبت کردم، جوابی نیامد"
    assert likeness(site, told(later, days=2)).is_close
    assert not likeness(FIRST, told(later, days=2)).is_close
    pointed_back = told("همون سوپر رضا، قیمت روی جلد را خط زده", days=2, shop="سوپر رضا")
    assert likeness(FIRST, pointed_back).is_close


def test_shop_and_place_alone_are_not_close() -> None:
    stranger = told("سوپرمارکت رضا در تهران بد است", shop="سوپرمارکت رضا", days=1)
    assert not likeness(FIRST, stranger).is_close
    assert likeness(FIRST, told("شیر کم چرب را بالاتر از قیمت جلد داد", days=1)).is_close


def test_nothing_said_is_no_error_and_no_likeness() -> None:
    assert likeness(told(""), told("")).score < UPPER
    assert likeness(told("۱۲۳ !؟"), told("\ud800")).score < UPPER


def test_name_is_met_in_text_without_its_spaces() -> None:
    car_wash = Shop.of("کارواش نانو برق", [])
    assert car_wash.is_named_in(Shop.of(None, words_of("دوربین کارواش نانوبرق پاک شد"))) == 1.0
    assert car_wash.is_named_in(Shop.of("کارواش بخار", [])) == 0.0


def test_longest_trade_word_is_met_first() -> None:
    assert trades_in(words_of("مرغ فروشیه هم قیمت نزده")) == {"poultry"}


@pytest.mark.parametrize(
    ("name", "word", "same"),
    [
        ("رضا", "رضا", True),
        ("صفاری", "صفایی", True),
        ("ترنم", "ترنج", False),
        ("صبا", "صبای", True),
        ("نگین", "negin", True),
        ("ماهان", "mahan", True),
        ("بهار", "بهاران", True),
        ("آب", "آبی", False),
    ],
)
def test_names_are_matched_loosely(name: str, word: str, same: bool) -> None:
    assert is_same_name(name, word) is same


def test_stem_and_skeleton() -> None:
    assert stem("کارتنهاشون") == stem("کارتن")
    assert skeleton("khane") == skeleton("خانه")
