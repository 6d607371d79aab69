"""How mails are read: the ugly samples one by one, then what nobody should send."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.channel import Ignored, Malformed
from channels.email import parse
from normalizer.report import Report
from normalizer.tracking_code import make_code
from tests.support.files import JPEG
from tests.support.mail import MAILS, arrival, mail, sample


def read(raw: bytes, **context: object) -> Report:
    parsed = parse(arrival(raw, **context))
    assert isinstance(parsed, Report), parsed
    return parsed


def test_plain_mail_becomes_a_report_that_answers_by_mail() -> None:
    said = read(mail())
    assert (said.channel, said.account, said.medium, said.converses) == ("email", "report@124.example", "email", False)
    assert said.text == "سوپرمارکت سر کوچه شیر را گران فروخت."
    assert said.subject == "شکایت از گران‌فروشی"
    assert (said.sender.email, said.sender.name) == ("maryam@example.ir", "مریم")
    assert said.message_ids == ("<m1@example.ir>",)
    assert said.external_id.startswith("<m1@example.ir> ")
    assert said.always_complaint
    assert said.raw == mail()


@pytest.mark.parametrize(
    ("name", "subject", "words"),
    [
        ("outlook_windows_1256", "شکايت از نانوايي", "نان را دو برابر"),
        ("raw_utf8_headers", "کم‌فروشی در میوه‌فروشی", "ترازوی مغازه سبک می‌کشد."),
        ("html_only_webmail", "فاکتور نداد", "فروشگاه لوازم خانگی\nفاکتور نداد.\n\nمبلغ: ۱۲,۰۰۰ تومان"),
        ("alternative_with_photo", "عکس فاکتور", "عکس فاکتور پیوست است."),
        ("no_message_id", "without id", "گران فروخت"),
        ("lying_charset", "سلام", "احتکار روغن در انبار"),
        ("broken_multipart", "broken", "متن بدون مرز"),
        ("forwarded_as_attachment", "Fwd", "متن درونی: فروش اجباری"),
        ("apple_mail_ms_headers", "درج قیمت", "قیمت روی کالا نبود."),
    ],
)
def test_words_survive_every_program(name: str, subject: str, words: str) -> None:
    said = read(sample(name))
    assert said.subject == subject
    assert words in said.text


def test_html_leaves_no_script_style_or_address_behind() -> None:
    text = read(sample("html_only_webmail")).text
    for trace in ("alert", "color", "tracker", "<", ">"):
        assert trace not in text


def test_threat_46_attachment_names_lose_folders_and_line_breaks() -> None:
    said = read(sample("alternative_with_photo"))
    assert [(file.name, file.media_type) for file in said.attachments] == [
        ("passwd.jpg", "image/jpeg"),
        ("1.pdf", "application/pdf"),
    ]
    assert said.attachments[0].content == JPEG


def test_threat_47_script_posing_as_a_picture_is_refused_and_named() -> None:
    assert read(sample("alternative_with_photo")).extra["refused_files"] == [["logo.png", "file_type_refused"]]


def test_mail_with_nothing_but_a_refused_file_is_still_a_report() -> None:
    said = read(mail("", subject="", files=[("a.docx", b"PK\x03\x04" + b"x" * 50, "application/zip")]))
    assert (said.text, said.attachments) == ("", ())
    assert said.extra["refused_files"] == [["a.docx", "file_type_refused"]]


def test_attachment_over_the_cap_is_refused_and_the_words_are_kept() -> None:
    said = read(mail(files=[("big.jpg", JPEG + b"x" * 2000, "image/jpeg")]), max_attachment_bytes=1000)
    assert said.extra["refused_files"] == [["big.jpg", "file_too_big"]]
    assert said.text


def test_reply_is_threaded_nearest_first_and_its_quote_cut() -> None:
    said = read(sample("reply_gmail"))
    assert said.replies_to == ("<n2@gateway-124>", "<n1@gateway-124>", "<m1@example.ir>")
    assert said.text == "نام فروشگاه: سوپر گلستان، تهران"
    assert not said.always_complaint


def test_outlook_rule_ends_the_senders_own_words() -> None:
    assert read(sample("reply_persian_outlook")).text == "بله، راضی هستم."


def test_mail_that_only_quotes_keeps_its_words() -> None:
    assert read(mail("> گران فروخت")).text == "> گران فروخت"


def test_mail_naming_a_code_is_left_to_the_normalizer() -> None:
    code = make_code(lambda most: most // 3)
    assert not read(mail(f"وضعیت پرونده {code}")).always_complaint
    assert not read(mail(subject=f"پیگیری {code}")).always_complaint
    assert read(mail("قیمت ۱۲۰۰۰ تومان")).always_complaint


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (sample("vacation"), "auto_reply"),
        (sample("bounce"), "bounce"),
        (sample("newsletter"), "mailing_list"),
        (mail(headers=[("X-Gateway-124", "1")]), "own_mail"),
        (mail(headers=[("Auto-Submitted", "auto-generated")]), "auto_reply"),
        (mail(headers=[("X-Auto-Response-Suppress", "OOF, AutoReply")]), "auto_reply"),
        (mail(headers=[("X-Autoreply", "yes")]), "auto_reply"),
        (mail(headers=[("Precedence", "bulk")]), "mailing_list"),
        (mail(headers=[("List-Unsubscribe", "<mailto:x@y.ir>")]), "mailing_list"),
        (mail(headers=[("X-Loop", "report@124.example")]), "mail_loop"),
        (mail(headers=[("Received", f"by {n}") for n in range(51)]), "mail_loop"),
        (mail(headers=[("Return-Path", "<>")]), "null_sender"),
        (mail(headers=[("X-Failed-Recipients", "a@b.ir")]), "bounce"),
        (mail(sender="MAILER-DAEMON@example.ir"), "robot"),
        (mail("", subject=""), "no_content"),
    ],
)
def test_threat_40_machines_are_recognised_and_ignored(raw: bytes, reason: str) -> None:
    assert parse(arrival(raw)) == Ignored(reason)


@pytest.mark.parametrize("envelope_from", ["", "<>"])
def test_threat_41_null_sender_is_never_a_report(envelope_from: str) -> None:
    assert parse(arrival(mail(), envelope_from=envelope_from)) == Ignored("null_sender")


def test_auto_submitted_no_is_a_person() -> None:
    assert read(sample("apple_mail_ms_headers")).text


def test_threat_42_who_the_mail_claims_to_be_from_is_kept_beside_what_checked_it() -> None:
    said = read(sample("apple_mail_ms_headers"), envelope_from="other@example.ir")
    assert said.extra["envelope_from"] == "other@example.ir"
    assert said.extra["authentication"] == "mx.example; spf=pass dkim=fail"
    assert (said.sender.phone, said.sender.national_id) == (None, None)


def test_threat_46_encoded_line_breaks_start_no_header() -> None:
    said = read(sample("header_injection"))
    assert said.sender.email == "evil@example.ir"
    for value in (said.subject, said.sender.name or ""):
        assert "\r" not in value
        assert "\n" not in value


def test_same_mail_by_another_road_is_the_same_report() -> None:
    again = b"Received: from elsewhere\r\n" + mail()
    assert read(again).external_id == read(mail()).external_id


def test_one_message_id_used_twice_loses_no_mail() -> None:
    assert read(mail(subject="یک")).external_id != read(mail(subject="دو")).external_id


def test_mail_without_id_is_known_by_what_it_says() -> None:
    one, same = read(sample("no_message_id")), read(b"Received: x\r\n" + sample("no_message_id"))
    other = read(sample("no_message_id").replace("گران".encode(), "ارزان".encode()))
    assert one.external_id.startswith("sha256:")
    assert one.external_id == same.external_id != other.external_id
    assert one.message_ids == ()


def test_identity_fits_its_column() -> None:
    assert len(read(mail(message_id=f"<{'x' * 800}@example.ir>")).external_id) <= 255


def test_sender_without_address_is_taken_from_the_envelope() -> None:
    assert read(b"Subject: x\r\n\r\ntext").sender.email == "maryam@example.ir"


def test_long_text_is_cut_and_says_so() -> None:
    said = read(mail("گ" * 30_000))
    assert (len(said.text), said.extra["truncated"]) == (10_000, True)


@pytest.mark.parametrize("cut", range(14))
def test_long_utf8_body_cut_anywhere_stays_utf8(cut: int) -> None:
    body = "گران‌فروشی ".encode() * 80_000
    said = read(b"From: a@b.ir\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + b"x" * cut + body)
    assert said.text.lstrip("x").startswith("گران‌فروشی")


BOMBS = {
    "twenty thousand addresses": (
        b"From: a@b.ir\r\nTo: " + b", ".join(b"u%d@x.ir" % n for n in range(20_000)) + b"\r\n\r\nhi",
        ("headers", "too_long"),
    ),
    "two thousand short addresses": (
        b"From: a@b.ir\r\nTo: " + b"a@b.ir," * 2000 + b"\r\n\r\nhi",
        ("to", "too_many_addresses"),
    ),
    "three thousand nested parts": (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
        ("body", "too_many_parts"),
    ),
    "hundreds of nested parts": (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(195)),
        ("body", "too_deep"),
    ),
    "nested mails": (b"Content-Type: message/rfc822\r\n\r\n" * 3000, ("body", "too_deep")),
    "eleven deep": (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(11)),
        ("body", "too_deep"),
    ),
    "many parts": (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 200,
        ("body", "too_many_parts"),
    ),
    "very many parts": (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000,
        ("body", "too_many_parts"),
    ),
    "lines without end": (b"Subject: x\r\n\r\n" + b"\n" * 1_100_000, ("body", "too_many_lines")),
    "tags without words": (
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 30_000,
        ("body", "too_many_tags"),
    ),
    "headers without end": (b"X: " + b"y" * 70_000, ("headers", "too_long")),
}


@pytest.mark.parametrize("name", BOMBS)
def test_threat_37_bombs_are_capped_within_two_seconds(name: str) -> None:
    raw, error = BOMBS[name]
    started = time.thread_time()
    assert parse(arrival(raw)) == Malformed(*error)
    assert time.thread_time() - started < 2


def test_payload_that_is_no_mail_is_malformed() -> None:
    assert parse(arrival(mail()).__class__("a", {"x": 1}, b"", arrival(b"").received_at)) == Malformed(
        "mail", "wrong_type"
    )


SEEDS = [path.read_bytes() for path in sorted(MAILS.glob("*.eml"))]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 1500), st.binary(max_size=12)), max_size=6))
def test_threat_36_damaged_mails_never_make_the_parser_raise(seed: bytes, damage: list[tuple[int, bytes]]) -> None:
    raw = seed
    for place, patch in damage:
        raw = raw[:place] + patch + raw[place + len(patch) // 2 :]
    parsed = parse(arrival(raw))
    assert isinstance(parsed, Report | Ignored | Malformed)
    if isinstance(parsed, Report):
        for text in (
            parsed.text,
            parsed.subject,
            parsed.external_id,
            parsed.sender.name or "",
            *parsed.replies_to,
            *parsed.message_ids,
        ):
            text.encode("utf-8")
            assert "\x00" not in text


HEADERS = st.sampled_from(["From", "Subject", "Content-Type", "Content-Transfer-Encoding", "Message-ID", "References"])
VALUES = st.binary(max_size=40) | st.sampled_from(
    [b"=?utf-8?b?=?=", b'multipart/mixed; boundary=""', b"text/html; charset*0=\xff", b"<@>", b"uuencode", b"\xd8" * 9]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(HEADERS, VALUES), max_size=6), st.binary(max_size=200))
def test_threat_36_made_up_mails_never_make_the_parser_raise(headers: list[tuple[str, bytes]], body: bytes) -> None:
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers)
    assert isinstance(parse(arrival(head + b"\r\n" + body)), Report | Ignored | Malformed)
