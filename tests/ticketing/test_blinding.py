"""What is left out of words for whoever must not learn who wrote them."""

from __future__ import annotations

import pytest

from ticketing.blinding import HIDDEN, blinded, is_withheld
from ticketing.ticket import Identity

WHO = Identity(
    name="زهرا محمدی",
    phone="+989121234567",
    landline="+981133334444",
    email="zahra@example.com",
    national_id="0084575948",
)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("اینجانب زهرا محمدی شاکی هستم", f"اینجانب {HIDDEN} شاکی هستم"),
        ("شاکی زهـرا‌ مُحمدي است", f"شاکی {HIDDEN} {HIDDEN} است"),
        ("زه را محمدی", f"{HIDDEN} {HIDDEN}"),
        ("به نام شوهرم، نام: رضا کریمی\nموضوع: پروانه", f"به نام شوهرم، نام: {HIDDEN}\nموضوع: پروانه"),
        ("بنده رضا کریمی فرزند علی", f"بنده {HIDDEN} فرزند علی"),
        ("اینجانب از صدور پروانه محروم شدم", "اینجانب از صدور پروانه محروم شدم"),
        ("خانم محمدی‌ام، نه محمدیان", f"خانم {HIDDEN}‌ام، نه محمدیان"),
        ("زنگ بزنید ۰۹۱۲ ۱۲۳ ۴۵۶۷ لطفا", f"زنگ بزنید {HIDDEN} لطفا"),
        ("شماره +98-912-1234567.", f"شماره {HIDDEN}."),
        ("تلفن شوهرم 09351112233 است", f"تلفن شوهرم {HIDDEN} است"),
        ("09121234567 1500000 تومان", f"{HIDDEN} 1500000 تومان"),
        ("خانه ۳۳۳۳۴۴۴۴ است", f"خانه {HIDDEN} است"),
        ("کد ملی ۰۰۸۴۵۷۵۹۴۸", f"کد ملی {HIDDEN}"),
        ("شناسه صنفی ۰۴۵۱۲۳۴۵۶۷ من", f"شناسه صنفی {HIDDEN} من"),
        ("کارت 6037 9975 1234 5678", f"کارت {HIDDEN}"),
        ("در تلگرام @zahra_m هستم", f"در تلگرام {HIDDEN} هستم"),
        ("به zahra@example.com بنویسید", f"به {HIDDEN} بنویسید"),
        ("2026-11-11", "2026-11-11"),
        ("پرونده 3141 5926 5358", "پرونده 3141 5926 5358"),
        ("ماده ۳۰ قانون، ۱۴۰۵/۰۸/۲۰، مبلغ ۱۵۰۰۰۰۰ ریال", "ماده ۳۰ قانون، ۱۴۰۵/۰۸/۲۰، مبلغ ۱۵۰۰۰۰۰ ریال"),
    ],
)
def test_whoever_wrote_is_left_out_and_the_matter_stays(said: str, left: str) -> None:
    assert blinded(said, WHO) == left


@pytest.mark.parametrize(
    ("origin", "media_type", "kept_back"),
    [
        ("citizen", "image/jpeg", True),
        ("citizen", "application/pdf", True),
        ("staff", "audio/wav", True),
        ("staff", "video/mp4", True),
        ("staff", "image/jpeg", False),
        ("inspector", "application/pdf", False),
    ],
)
def test_what_a_citizen_sent_and_every_recording_is_withheld(origin: str, media_type: str, *, kept_back: bool) -> None:
    assert is_withheld(origin, media_type) is kept_back


def test_without_a_name_nothing_is_taken_for_one() -> None:
    assert blinded("از اتحادیه شاکی هستم", Identity()) == "از اتحادیه شاکی هستم"
