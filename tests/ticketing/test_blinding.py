"""What is left out of words for whoever must not learn who wrote them."""

from __future__ import annotations

import pytest

from ticketing.blinding import HIDDEN, blinded
from ticketing.ticket import Identity

WHO = Identity(name="زهرا محمدی", phone="+989121234567", email="zahra@example.com", national_id="0084575948")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("اینجانب زهرا محمدی شاکی هستم", f"اینجانب {HIDDEN} {HIDDEN} شاکی هستم"),
        ("خانم محمدی‌ام، نه محمدیان", f"خانم {HIDDEN}‌ام، نه محمدیان"),
        ("زنگ بزنید ۰۹۱۲ ۱۲۳ ۴۵۶۷ لطفا", f"زنگ بزنید {HIDDEN} لطفا"),
        ("شماره +98-912-1234567.", f"شماره {HIDDEN}."),
        ("تلفن شوهرم 09351112233 است", f"تلفن شوهرم {HIDDEN} است"),
        ("کد ملی ۰۰۸۴۵۷۵۹۴۸", f"کد ملی {HIDDEN}"),
        ("به zahra@example.com بنویسید", f"به {HIDDEN} بنویسید"),
        ("2026-11-11", "2026-11-11"),
        ("پرونده 3141 5926 5358", "پرونده 3141 5926 5358"),
        ("ماده ۳۰ قانون، ۱۴۰۵/۰۸/۲۰، مبلغ ۱۵۰۰۰۰۰ ریال", "ماده ۳۰ قانون، ۱۴۰۵/۰۸/۲۰، مبلغ ۱۵۰۰۰۰۰ ریال"),
    ],
)
def test_whoever_wrote_is_left_out_and_the_matter_stays(said: str, left: str) -> None:
    assert blinded(said, WHO) == left


def test_without_a_name_nothing_is_taken_for_one() -> None:
    assert blinded("از اتحادیه شاکی هستم", Identity()) == "از اتحادیه شاکی هستم"
