"""Photos as a phone takes them: large pictures, made on the spot, whose blocks no two of them share."""

from __future__ import annotations

import random
import struct
import zlib

_BLOCK = 16


def photo(seed: int, width: int = 1600, height: int = 1200) -> bytes:
    """A PNG of coloured blocks, another for each seed."""
    colours = random.Random(seed)
    rows = bytearray()
    for _ in range(height // _BLOCK):
        row = b"".join(colours.randbytes(3) * _BLOCK for _ in range(width // _BLOCK))
        rows += (b"\0" + row) * _BLOCK
    header = struct.pack(">IIBBBBB", width, height // _BLOCK * _BLOCK, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 1)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def size_of_jpeg(content: bytes) -> tuple[int, int]:
    """Width and height as a JPEG's frame header has them."""
    place = 2
    while content[place + 1] not in (0xC0, 0xC1, 0xC2):
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    height, width = struct.unpack(">HH", content[place + 5 : place + 9])
    return width, height
