"""Drawing anew: nothing but upright pixels of bounded size comes out; what costs too much is refused by its header."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageStat

from gateway.views.drawing import PAGE_EDGE, THUMB_EDGE, draw
from gateway.views.frame import NoView, Wish
from tests.support.files import a_fax, a_licence, a_pdf, a_photo, opened

RED, BLUE = (254, 0, 0), (0, 0, 254)


def wish(media_type: str = "image/jpeg", page: int = 1, *, looks: bool = False) -> Wish:
    return Wish(media_type, page, looks, max_pixels=20_000_000)


def as_file(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def brightness(jpeg: bytes) -> float:
    return float(ImageStat.Stat(opened(jpeg).convert("L")).mean[0])


def a_bomb() -> bytes:
    """A PNG of a few bytes that says it has 3.6 thousand million points."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = (b"IHDR" + head, b"IDAT" + zlib.compress(b"\0" * 1000))
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_nothing_of_a_photo_is_left_but_its_upright_points() -> None:
    drawn = draw(wish(looks=True), a_photo(1800, 1200, turned=6))  # held upright: its upper edge is on the right
    for view, longest in ((drawn.page, PAGE_EDGE), (drawn.thumb, THUMB_EDGE)):
        picture = opened(view)
        assert picture.size == (round(longest * 2 / 3), longest)
        assert not picture.getexif()
        assert {"icc_profile", "exif", "comment"}.isdisjoint(picture.info)
        assert b"home" not in view
        across, middle = picture.width - 2, picture.height // 2
        assert max(abs(a - b) for a, b in zip(picture.getpixel((across, middle)), RED, strict=True)) < 20
        assert max(abs(a - b) for a, b in zip(picture.getpixel((2, middle)), BLUE, strict=True)) < 20


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("WEBP", "RGB"), ("GIF", "P"), ("BMP", "RGB")]
)
def test_every_kind_of_picture_is_drawn(kind: str, mode: str) -> None:
    content = as_file(Image.new(mode, (40, 30)), kind)
    assert opened(draw(wish(f"image/{kind.lower()}"), content).page).size == (40, 30)


def test_what_is_transparent_is_white() -> None:
    assert brightness(draw(wish("image/png"), as_file(Image.new("RGBA", (8, 8)), "PNG")).page) > 250


@pytest.mark.parametrize(("media_type", "content"), [("image/tiff", a_fax(3)), ("application/pdf", a_pdf(3))])
def test_fax_and_pdf_are_drawn_page_by_page(media_type: str, content: bytes) -> None:
    drawn = [draw(wish(media_type, page), content) for page in (1, 2, 3)]
    assert [each.pages for each in drawn] == [3, 3, 3]
    lightness = [brightness(each.page) for each in drawn]
    assert lightness == sorted(lightness, reverse=True)
    assert lightness[0] - lightness[2] > 100
    with pytest.raises(NoView) as refusal:
        draw(wish(media_type, 4), content)
    assert refusal.value.code == "no_page"


def test_fax_has_its_right_proportions() -> None:
    assert opened(draw(wish("image/tiff"), a_fax(1)).page).size == (432, round(275 * 204 / 98))


def test_codes_are_read_as_they_are_written() -> None:
    drawn = draw(wish(looks=True), a_licence("https://qr.iranianasnaf.ir/?id=0123456789"))
    assert drawn.codes == ("https://qr.iranianasnaf.ir/?id=0123456789",)


def test_truncated_photo_is_no_photo() -> None:
    with pytest.raises(OSError, match="truncated"):
        draw(wish(), a_photo(200, 200)[:1200])


@pytest.mark.parametrize(
    ("media_type", "content", "code"),
    [
        ("image/png", a_bomb(), "too_large"),
        ("image/heic", b"\0\0\0\x18ftypheic", "unsupported"),
        ("application/pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "broken"),
    ],
)
def test_what_cannot_be_drawn_says_why(media_type: str, content: bytes, code: str) -> None:
    with pytest.raises(NoView) as refusal:
        draw(wish(media_type), content)
    assert refusal.value.code == code
