"""Which files come in, and under which names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.attachments import ALLOWED, Refusal, admit, admit_all, safe_name, sniff
from normalizer.report import Attachment
from tests.support.files import JPEG

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\x\\photo.jpg", "photo.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "x.jpg"),
        ("invoice\u202egpj.exe.jpg", "invoicegpj.exe.jpg"),
        ("فاکتور‌ها.jpg", "فاکتور‌ها.jpg"),
        ("...", "file"),
        ("", "file"),
        ("a\x00b.jpg", "ab.jpg"),
        ('<img src=x>"|*.jpg', "jpg"),
        ("x" * 500 + ".jpg", "x" * 116 + ".jpg"),
    ],
)
def test_threat_46_names_are_fit_for_paths_headers_and_screens(given_name: str, name: str) -> None:
    assert safe_name(given_name) == name


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (b"GIF89a" + b"\x00" * 20, "image/gif"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"II*\x00" + b"\x00" * 20, "image/tiff"),
        (b"OggS\x00\x02" + b"\x00" * 40, "audio/ogg"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/x-wav"),
        (b"#!AMR\n" + b"\x00" * 20, "audio/amr"),
        (b"ID3\x03\x00" + b"\x00" * 20, "audio/mpeg"),
    ],
)
def test_type_is_read_from_the_content(content: bytes, media_type: str) -> None:
    assert sniff(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"PK\x03\x04" + b"\x00" * 40,
        b"MZ" + b"\x00" * 60,
        b"\x7fELF" + b"\x00" * 60,
        b"#!/bin/sh\n",
        b"plain text",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    ],
)
def test_threat_49_programs_pages_and_archives_are_refused_whatever_their_name(content: bytes) -> None:
    assert admit("photo.jpg", content) == Refusal("photo.jpg", "file_type_refused")


@pytest.mark.parametrize(
    ("name", "kept"), [("x.html", "x.html.jpg"), ("x.JPEG", "x.JPEG"), ("x", "x.jpg"), ("x.jpg", "x.jpg")]
)
def test_name_ends_in_the_true_type(name: str, kept: str) -> None:
    assert admit(name, JPEG) == Attachment(kept, "image/jpeg", JPEG)


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (JPEG + b"x" * 100, "file_too_big")])
def test_size_has_two_ends(content: bytes, code: str) -> None:
    assert admit("a.jpg", content, max_bytes=100) == Refusal("a.jpg", code)


def test_surplus_files_are_refused_by_name() -> None:
    taken, refused = admit_all([(f"{n}.jpg", JPEG) for n in range(4)], max_files=2)
    assert [file.name for file in taken] == ["0.jpg", "1.jpg"]
    assert refused == (Refusal("2.jpg", "too_many_files"), Refusal("3.jpg", "too_many_files"))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.binary(max_size=64) | st.sampled_from([JPEG, PNG, b"PK\x03\x04", b"RIFF", b"\x00\x00"]))
def test_threat_36_no_file_makes_the_gate_raise(name: str, content: bytes) -> None:
    outcome = admit(name, content)
    assert "/" not in outcome.name
    assert "\\" not in outcome.name
    assert outcome.name.isprintable() or "\u200c" in outcome.name
    outcome.name.encode()
    if isinstance(outcome, Attachment):
        assert outcome.media_type in ALLOWED
