"""Names, numbers and words for complaints nobody made.

Nobody real is in them: every family name says that it is an example, and the numbers are of a block of mobiles that the
numbering plan allows and no operator is known to have been given.
"""

from __future__ import annotations

from random import Random
from typing import Final

_BLOCK: Final = "099510"
_SUBSCRIBERS: Final = 100_000
_GIVEN: Final = ("زهرا", "مریم", "علی", "حسین", "فاطمه", "رضا", "نرگس", "امیر", "سارا", "محمد", "لیلا", "حسن")
_FAMILY: Final = "نمونه‌ای"
_UNIONS: Final = (
    "نانوایان",
    "خواربارفروشان",
    "پوشاک",
    "مشاوران املاک",
    "تعمیرکاران خودرو",
    "قصابان",
    "لوازم خانگی",
    "آرایشگران",
)
_AGAINST: Final = {
    "union": (
        "اتحادیه پروانه کسب مرا با وجود کامل بودن مدارک صادر نمی‌کند.",
        "اتحادیه برای صدور کارت عضویت بیش از نرخ مصوب درخواست می‌کند.",
        "به درخواست تمدید پروانه من در اتحادیه رسیدگی نمی‌شود.",
        "اتحادیه بدون دلیل با تغییر نشانی واحد صنفی من مخالفت کرده است.",
        "بازرس اتحادیه بدون ابلاغ قبلی برای واحد من اخطار پلمب نوشته است.",
    ),
    "chamber": (
        "اتاق اصناف به اعتراض من درباره تصمیم اتحادیه پاسخ نداده است.",
        "اتاق اصناف هزینه دوره آموزشی را دو بار از من گرفته است.",
        "درخواست من برای بازرسی از واحد بدون پروانه در اتاق اصناف بی‌جواب مانده است.",
        "اتاق اصناف نتیجه کمیسیون رسیدگی را به من اعلام نمی‌کند.",
    ),
    "county_commission": (
        "کمیسیون نظارت شهرستان درباره اعتراض من به رأی هیئت تصمیمی نگرفته است.",
        "کمیسیون نظارت نرخ‌نامه صنف ما را تصویب نکرده است.",
        "کمیسیون نظارت شهرستان به تخلف اتاق اصناف رسیدگی نمی‌کند.",
    ),
}
_ANSWERS: Final = {
    "upheld": "شکایت وارد است و به مرجع مربوط ابلاغ شد که آن را ظرف مهلت قانونی انجام دهد.",
    "rejected": "مدارک بررسی شد؛ اقدام مرجع مورد شکایت مطابق قانون بوده و شکایت وارد نیست.",
    "unrelated": "موضوع به قانون نظام صنفی مربوط نیست و باید از راه مرجع صالح پیگیری شود.",
}
_ARTICLES: Final = (
    "ماده ۱۲ قانون نظام صنفی",
    "ماده ۳۰ قانون نظام صنفی",
    "ماده ۳۷ قانون نظام صنفی",
    "ماده ۵۵ قانون نظام صنفی",
)


def phone_of(number: int) -> str:
    """The mobile of the `number`th person; each number below a hundred thousand has its own."""
    return f"{_BLOCK}{number % _SUBSCRIBERS:05d}"


def name_of(random: Random) -> str:
    """A name nobody has."""
    return f"{random.choice(_GIVEN)} {_FAMILY}"


def complaint_of(random: Random, kind: str) -> str:
    """What somebody says against a body of this kind."""
    return random.choice(_AGAINST[kind])


def union_of(random: Random) -> str:
    """A union's name."""
    return f"اتحادیه {random.choice(_UNIONS)}"


def answer_of(random: Random, outcome: str) -> dict[str, str]:
    """The words of an answer, the article it relies on, if it decides anything, and who of the legal unit agreed."""
    article = {} if outcome == "unrelated" else {"article": random.choice(_ARTICLES)}
    return {"outcome": outcome, "text": _ANSWERS[outcome], "legal_unit": name_of(random), **article}
