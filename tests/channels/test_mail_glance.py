"""Mails nobody could take in are looked into: decoded as far as can be, nothing raised, files judged like any."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from channels.channel import Arrival, Malformed
from channels.email import parse as read
from channels.mail_glance import parse
from normalizer.report import Report

HEAD = (
    "From: =?utf-8?b?2YXYsduM2YU=?= <maryam@example.ir>",
    "Subject: =?utf-8?b?2q/Ysdin2YbigIzZgdix2YjYtNuM?=",
    "MIME-Version: 1.0",
)


PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def glance(raw: bytes, **context: int) -> Report:
    seen = parse(Arrival("mail", raw, raw, datetime(2026, 11, 21, 8, 0, tzinfo=UTC), context))
    assert isinstance(seen, Report)
    return seen


def multipart(parts: int, content: bytes = b"\0\0\0") -> bytes:
    lines = [*HEAD, "Content-Type: multipart/mixed; boundary=b", "", "--b"]
    lines += [
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        "2YbYp9mGINqv2LHYp9mG",
        "",
    ]
    for number in range(parts):
        lines += [
            "--b",
            f'Content-Type: image/png; name="p{number}.png"',
            "Content-Transfer-Encoding: base64",
            "",
            b64encode(content).decode(),
        ]
    return "\r\n".join([*lines, "--b--", ""]).encode()


def test_words_are_decoded_and_files_are_named_with_their_size() -> None:
    seen = glance(multipart(2))
    assert (seen.subject, seen.text) == ("گران\u200cفروشی", "نان گران")
    assert seen.sender.email == "maryam@example.ir"
    refused = [("p0.png", 3, "file_type_refused"), ("p1.png", 3, "file_type_refused")]
    assert seen.extra == {"refused": refused, "cut": False, "beginning": False}
    assert seen.attachments == ()


def test_files_pass_the_checks_of_any_attachment() -> None:
    seen = glance(multipart(12, PNG))
    assert [(each.name, each.content) for each in seen.attachments] == [(f"p{place}.png", PNG) for place in range(10)]
    assert [code for _, _, code in seen.extra["refused"]] == ["too_many_files"] * 2
    seen = glance(multipart(1, PNG), max_attachment_bytes=len(PNG) - 1)
    assert (seen.attachments, seen.extra["refused"]) == ((), [("p0.png", len(PNG), "file_too_big")])


def test_file_that_may_be_cut_off_is_not_taken() -> None:
    raw = multipart(1, PNG + bytes(400_000)) + b"\r\n--b\r\n" * 10_001
    seen = glance(raw)
    assert (seen.attachments, [code for _, _, code in seen.extra["refused"]]) == ((), ["file_cut"])
    assert seen.extra["beginning"]


def test_of_a_mail_past_a_cap_the_beginning_is_seen() -> None:
    raw = multipart(9_000)
    assert isinstance(read(Arrival("mail", raw, raw, datetime(2026, 11, 21, tzinfo=UTC))), Malformed)
    seen = glance(raw)
    assert (seen.subject, seen.text, seen.extra["cut"]) == ("گران\u200cفروشی", "نان گران", True)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff\xfe", "نان گران بود".encode(), b"From: " + b"a@b," * 40_000, b"X: y\r\n" * 20_000],
    ids=["empty", "bytes", "words only", "endless sender", "endless headers"],
)
def test_whatever_came_can_be_looked_at(raw: bytes) -> None:
    seen = glance(raw)
    assert len(seen.subject) <= 300
    assert "\x00" not in seen.text
