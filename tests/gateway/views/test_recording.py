"""Which recordings play in a browser is told by their first bytes, not by their name."""

from __future__ import annotations

import pytest

from gateway.views.recording import plays
from tests.support.files import a_wave


def ogg(codec: bytes) -> bytes:
    return b"OggS" + bytes(22) + b"\x01" + bytes((len(codec),)) + codec


@pytest.mark.parametrize(
    ("media_type", "head", "expected"),
    [
        ("audio/x-wav", a_wave(codec=1), True),
        ("audio/x-wav", a_wave(codec=7), True),
        ("audio/x-wav", a_wave(codec=0x31), False),
        ("audio/x-wav", b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0" + a_wave(codec=1)[12:], True),
        ("audio/x-wav", b"RIFF", False),
        ("audio/ogg", ogg(b"OpusHead"), True),
        ("audio/ogg", ogg(b"Speex   "), False),
        ("audio/ogg", b"OggS", False),
        ("audio/mpeg", b"ID3", True),
        ("audio/amr", b"#!AMR\n", False),
        ("video/3gpp", b"\0\0\0\x14ftyp3gp4", False),
    ],
)
def test_recording_plays_or_not(media_type: str, head: bytes, *, expected: bool) -> None:
    assert plays(media_type, head) is expected
