"""The story as a whole: given facts win, what is missing is named, nothing ever raises."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.complaint import CATEGORIES, INTENTS, MISSING
from normalizer.normalize import normalize
from normalizer.report import Business, Place, Report, Sender
from tests.normalizer.messages import RECEIVED_AT, load_messages, report_of

COMPLETE = "سوپرمارکت رضا در کرج گران‌فروشی می‌کند"
PHONE = "09123456789"


@pytest.mark.parametrize(
    ("text", "given", "missing"),
    [
        (COMPLETE, {"phone": PHONE}, ()),
        (COMPLETE, {"phone": "02188776655"}, ()),
        (COMPLETE, {}, ("phone",)),
        (COMPLETE, {"anonymous": True}, ()),
        (COMPLETE, {"phone": "+442079460958"}, ("phone",)),
        ("گران‌فروشی شده", {"phone": PHONE}, ("business", "place")),
        ("گران‌فروشی در کرج", {"phone": PHONE}, ("business",)),
        ("گران‌فروشی خیابان آزادی پلاک ۱۲", {"phone": PHONE}, ("place",)),
        ("شناسه صنفی 0412345678 گران‌فروشی", {"phone": PHONE}, ()),
        ("از این مغازه راضی نبودم اصلا", {"phone": PHONE}, ("category", "business", "place")),
        ("یک چیزی پیش آمده بود", {}, ("category", "business", "place", "phone")),
    ],
)
def test_missing_facts_are_named_in_the_order_they_are_asked(
    text: str, given: dict[str, object], missing: tuple[str, ...]
) -> None:
    assert normalize(report_of(text, **given)).missing == missing


def test_given_facts_win_over_the_text() -> None:
    complaint = normalize(
        report_of(
            COMPLETE + " دیروز ۵۰ هزار تومان",
            phone=PHONE,
            category="fraud",
            business=Business(name="نانوایی امید", guild_id="۰۴۱۲۳۴۵۶۷۸", phone="021-88776655", kind="guild"),
            place=Place(province="08", county="جيرفت"),
            damages_rial=7,
            happened_on=date(2026, 1, 1),
        )
    )
    assert (complaint.category, complaint.category_confidence, complaint.category_second) == (
        "fraud",
        1.0,
        None,
    )
    assert complaint.business == Business("نانوایی امید", "0412345678", None, "+982188776655", "guild")
    assert (complaint.place.province, complaint.place.county) == ("08", "جیرفت")
    assert (complaint.damages_rial, complaint.amounts_rial) == (7, (500_000,))
    assert complaint.happened_on == date(2026, 1, 1)


def test_damages_are_never_read_from_the_text() -> None:
    assert normalize(report_of("۵۰ هزار تومان اضافه گرفت")).damages_rial is None


def test_sender_phone_wins_over_phones_in_the_text() -> None:
    complaint = normalize(report_of("شماره من 09351234567", phone=PHONE))
    assert (complaint.phone, complaint.phones) == ("+989123456789", ("+989351234567",))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("گران‌فروشی، 09351234567", "+989351234567"),
        ("شماره من 09351234567 و شماره مغازه 09121112233", "+989351234567"),
        ("تلفن فروشنده 09121112233", None),
        ("09351234567 و 09121112233", None),
        ("09121112233 موبایلم 09351234567", "+989351234567"),
    ],
)
def test_citizens_own_phone_is_told_from_the_traders(text: str, own: str | None) -> None:
    assert normalize(report_of(text)).phone == own


def test_traders_phone_is_kept_and_hints_at_the_province() -> None:
    complaint = normalize(report_of("گران‌فروشی، تلفن مغازه 02188776655"))
    assert (complaint.business.phone, complaint.place.province) == ("+982188776655", "23")


def test_point_gives_the_province_where_no_name_does() -> None:
    place = Place(lat=29.6, lon=52.5)
    assert normalize(report_of("گران‌فروشی", place=place)).place == Place("07", None, 29.6, 52.5)
    assert normalize(report_of("گران‌فروشی در کرج", place=place)).place == Place("30", "کرج", 29.6, 52.5)
    assert normalize(report_of("گران‌فروشی", place=Place(lat=0.0, lon=0.0))).place.province is None


@pytest.mark.parametrize("text", ["سلام", "1", "ممنون", "482139057168", "لغو", "برق قطع شده است"])
def test_form_is_always_a_complaint(text: str) -> None:
    assert normalize(report_of(text, always_complaint=True)).intent == "complaint"


def test_a_form_with_any_visible_mark_is_a_complaint() -> None:
    assert normalize(report_of("!!!", always_complaint=True)).intent == "complaint"


@pytest.mark.parametrize("text", ["از یک مغازه شکایت دارم لطفا رسیدگی کنید", "از فروشگاه نور شکایت دارم رسیدگی کنید"])
def test_nobody_withdraws_by_asking_for_help(text: str) -> None:
    assert normalize(report_of(text)).intent == "complaint"


@pytest.mark.parametrize("text", ["", " \n\u200c\u202e"])
def test_empty_form_is_none(text: str) -> None:
    assert normalize(report_of(text, always_complaint=True)).intent == "other"


@pytest.mark.parametrize(
    ("choice", "answer"), [("satisfied:1", "1"), ("satisfied:yes", "yes"), ("category:fraud", None), ("x", None)]
)
def test_pressed_button_is_an_answer(choice: str, answer: str | None) -> None:
    complaint = normalize(report_of("", choice=choice))
    assert (complaint.intent, complaint.answer) == ("answer", answer)


def test_subject_is_read_too() -> None:
    complaint = normalize(report_of("رسیدگی کنید لطفا به این موضوع", subject="گران‌فروشی در کرج"))
    assert (complaint.category, complaint.place.county) == ("overcharging", "کرج")


def test_uncertain_category_is_none_with_a_guess() -> None:
    complaint = normalize(report_of("از این مغازه گله دارم و حرف دارم"))
    assert complaint.category is None
    assert complaint.category_second in CATEGORIES
    assert "category" in complaint.missing


def test_what_is_said_outright_has_a_second_guess_too() -> None:
    complaint = normalize(report_of("گران‌فروشی می‌کند و گران می‌فروشد"))
    assert complaint.category == "overcharging"
    assert complaint.category_second in set(CATEGORIES) - {"overcharging"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("از خرید تقلبی خسته شدید؟ عطر اورجینال با ارسال رایگان، دایرکت بدید", "spam"),
        ("ای دزدهای بی‌عرضه، کلاهبردارها خود شمایید", "abuse"),
        ("ای دزدها! نانوایی سر کوچه کم‌فروشی می‌کند و شما خوابید", "complaint"),
    ],
)
def test_a_word_of_grievance_alone_makes_no_complaint(text: str, intent: str) -> None:
    assert normalize(report_of(text)).intent == intent


def test_sender_is_normalised() -> None:
    sender = Sender(
        phone="۰۹۱۲۳۴۵۶۷۸۹", email="ALI@Example.COM", chat="77", name=" علي  رضايي ", national_id="۷۶۲۲۹۶۴۵"
    )
    complaint = normalize(report_of("سلام", sender=sender))
    assert (complaint.phone, complaint.email, complaint.chat) == ("+989123456789", "ali@example.com", "77")
    assert (complaint.name, complaint.national_id) == ("علی رضایی", "0076229645")


WORDS = [word for message in load_messages() for word in message.text.split()]
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.lists(
        st.one_of(st.sampled_from(WORDS), st.text(alphabet="می ها\u200c،.۱۲1/-+()@«»\n", max_size=5)), max_size=30
    ).map("".join),
)


@given(texts, texts)
def test_any_text_is_taken(text: str, other: str) -> None:
    complaint = normalize(
        Report(
            channel="test",
            account="a",
            external_id="1",
            received_at=RECEIVED_AT,
            raw=b"",
            text=text,
            subject=other[:20],
            sender=Sender(phone=other, email=other, name=other, national_id=other),
            business=Business(name=other, guild_id=other, address=other, phone=other),
            place=Place(province=other, county=other),
        )
    )
    assert complaint.intent in INTENTS
    assert complaint.category in {None, *CATEGORIES}
    assert set(complaint.missing) <= set(MISSING)
    assert 0 <= complaint.category_confidence <= 1
    assert len(complaint.key) == len(complaint.text)


@given(texts)
def test_same_report_gives_the_same_complaint(text: str) -> None:
    assert normalize(report_of(text)) == normalize(report_of(text))
