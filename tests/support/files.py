"""Files as citizens send them, made on the spot: photos with a place in them, faxes, PDF, licences with a QR code."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

import segno
from PIL import Image

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\0" * 64
"""Known for a photo by its beginning, and quickly stored; it cannot be drawn."""
_ORIENTATION, _GPS = 0x0112, 0x8825
_FAX_WIDTH, _FAX_HEIGHT = 432, 275


def a_photo(width: int = 64, height: int = 48, *, turned: int = 1, drawn_on: Image.Image | None = None) -> bytes:
    """A JPEG, red at its upper edge as its points lie, that says how it was held and where it was taken."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste((255, 0, 0), (0, 0, width, height // 4))
    if drawn_on is not None:
        picture.paste(drawn_on, (20, height // 4 + 10))
    about = Image.Exif()
    about[_ORIENTATION] = turned
    about.get_ifd(_GPS).update({1: "N", 2: (35.0, 41.0, 21.0), 3: "E", 4: (51.0, 23.0, 20.0)})
    return _saved(picture, "JPEG", exif=about, comment=b"taken at home", quality=90)


def a_licence(written: str) -> bytes:
    """A photo of a licence, whose QR code says what is `written`."""
    out = BytesIO()
    segno.make(written).save(out, kind="png", scale=4, border=4)
    code = Image.open(out).convert("RGB")
    return a_photo(code.width + 40, code.height * 4 // 3 + 60, drawn_on=code)


def a_fax(pages: int) -> bytes:
    """A TIFF whose points are twice as high as wide; each page is blacker than the one before."""
    sheets = [_sheet(number, pages) for number in range(pages)]
    return _saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression="group4", dpi=(204, 98))


def a_pdf(pages: int) -> bytes:
    """A PDF of such pages."""
    sheets = [_sheet(number, pages).convert("L") for number in range(pages)]
    return _saved(sheets[0], "PDF", save_all=True, append_images=sheets[1:])


def a_wave(codec: int = 1, size: int = 1000) -> bytes:
    """A recording of a telephone exchange: WAVE, its sound coded in some way."""
    about = struct.pack("<HHIIHH", codec, 1, 8000, 16000, 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(about)) + about + b"data" + struct.pack("<I", size) + bytes(size)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def opened(jpeg: bytes) -> Image.Image:
    """The picture of a view."""
    return Image.open(BytesIO(jpeg), formats=("JPEG",))


def _sheet(number: int, pages: int) -> Image.Image:
    sheet = Image.new("1", (_FAX_WIDTH, _FAX_HEIGHT), 1)
    sheet.paste(0, (0, 0, _FAX_WIDTH, _FAX_HEIGHT * (number + 1) // (pages + 1)))
    return sheet


def _saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()
