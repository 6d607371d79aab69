"""Which recordings browsers play, told from their first bytes: exchanges and phones write some that none does.

Recordings are not converted: they are heard as they were sent, or saved and heard elsewhere.
"""

from __future__ import annotations

from typing import Final

HEAD_BYTES: Final = 4096
SOUNDS: Final = frozenset(("audio/mpeg", "audio/mp4", "audio/ogg", "audio/x-wav", "audio/amr", "audio/aac"))
FILMS: Final = frozenset(("video/mp4", "video/3gpp", "video/webm", "video/quicktime"))
RECORDINGS: Final = SOUNDS | FILMS
_PLAYED: Final = frozenset(("audio/mpeg", "audio/mp4", "audio/aac", "video/mp4", "video/webm", "video/quicktime"))
_WAVE: Final = "audio/x-wav"
_OGG: Final = "audio/ogg"
_WAVE_CODECS: Final = (0x0001, 0x0003, 0x0006, 0x0007, 0xFFFE)
"""PCM, float, A-law and mu-law, and what says itself further on; exchanges' GSM (0x0031) is not played."""
_OGG_CODECS: Final = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")
_OGG_HEAD_BYTES: Final = 27
SERVED_AS: Final = {_WAVE: "audio/wav"}
"""Under which name browsers know a type better."""


def plays(media_type: str, head: bytes) -> bool:
    """Whether browsers play a recording of this type that begins with `head`."""
    if media_type == _WAVE:
        return _wave_codec(head) in _WAVE_CODECS
    if media_type == _OGG:
        segments = head[_OGG_HEAD_BYTES - 1] if len(head) >= _OGG_HEAD_BYTES else 0
        return head[_OGG_HEAD_BYTES + segments :].startswith(_OGG_CODECS)
    return media_type in _PLAYED


def _wave_codec(head: bytes) -> int:
    place = 12  # behind "RIFF", a size and "WAVE": chunks of a name, a size and content
    while place + 10 <= len(head):
        if head[place : place + 4] == b"fmt ":
            return int.from_bytes(head[place + 8 : place + 10], "little")
        size = int.from_bytes(head[place + 4 : place + 8], "little")
        place += 8 + size + size % 2
    return 0
