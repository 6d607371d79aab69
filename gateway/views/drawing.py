"""Files drawn anew: pictures, fax and PDF pages as plain pixels, upright, of bounded size, and nothing else of them.

It runs in a process of its own (`child`) and trusts nothing: what is too large is refused by its header, before any
pixel is made. No place, date, camera, name or colour profile of the original is in what it gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

import pypdfium2
from PIL import Image

from gateway.views.codes import CODES_EDGE, codes_in
from gateway.views.frame import Drawn, NoView, Wish

PAGE_EDGE: Final = 1600
THUMB_EDGE: Final = 224
_MOST_COUNTED: Final = 1000
_FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
}
_PDF: Final = "application/pdf"
_QUALITY: Final = 82
_WRONG_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD
_SQUARE_ENOUGH, _NO_FAX = 1.2, 5.0
_GREYS: Final = ("1", "L", "I", "F", "I;16", "I;16B", "I;16L")
_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Image.MAX_IMAGE_PIXELS = None  # the cap is the wish's


def draw(wish: Wish, content: bytes) -> Drawn:
    """Draw what is wished. Raises `NoView`, and whatever libraries raise over broken files."""
    edge = max(CODES_EDGE, PAGE_EDGE) if wish.looks else PAGE_EDGE
    with _opened(wish, content, edge) as (picture, pages):
        large = _flat(picture, edge)
    page = _within(large, PAGE_EDGE)
    if not wish.looks:
        return Drawn(pages, _jpeg(page))
    return Drawn(pages, _jpeg(page), _jpeg(_within(page, THUMB_EDGE)), codes_in(large))


@contextmanager
def _opened(wish: Wish, content: bytes, edge: int) -> Iterator[tuple[Image.Image, int]]:
    """The page wished for, and how many there are."""
    if wish.media_type == _PDF:
        yield _pdf_page(wish, content, edge)
        return
    if wish.media_type not in _FORMATS:
        raise NoView("unsupported")
    with Image.open(BytesIO(content), formats=(_FORMATS[wish.media_type],)) as picture:
        pages = _turned_to(picture, wish) if wish.media_type == "image/tiff" else 1
        if wish.page > pages:
            raise NoView("no_page")
        if picture.width * picture.height > wish.max_pixels:
            raise NoView("too_large")
        picture.draft("RGB", (edge, edge))
        yield picture, pages


def _turned_to(picture: Image.Image, wish: Wish) -> int:
    """How many pages there are, up to what is counted; the picture is at the one wished for then."""
    pages = 1
    try:
        while pages < _MOST_COUNTED:
            picture.seek(pages)
            pages += 1
    except EOFError:
        pass
    picture.seek(min(wish.page, pages) - 1)
    return pages


def _pdf_page(wish: Wish, content: bytes, edge: int) -> tuple[Image.Image, int]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise NoView("locked" if error.err_code == _WRONG_PASSWORD else "broken") from error
    if wish.page > len(document):
        raise NoView("no_page")
    document.init_forms()  # what was filled in is shown; scripts are not in this build
    page = document[wish.page - 1]
    longest = max(*page.get_size(), 1.0)
    drawn: Image.Image = page.render(scale=edge / longest).to_pil()
    return drawn, len(document)


def _flat(picture: Image.Image, edge: int) -> Image.Image:
    """Upright, within `edge`, in grey or red, green and blue on white, and without anything that is no pixel."""
    turn = _UPRIGHT.get(picture.getexif().get(_ORIENTATION, 1))
    small = _resized(_toned(picture), _size_of(picture, edge))
    upright = small.transpose(turn) if turn is not None else small
    if upright.mode == "RGBA":
        ground = Image.new("RGBA", upright.size, "white")
        ground.alpha_composite(upright)
        upright = ground.convert("RGB")
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    return bare


def _toned(picture: Image.Image) -> Image.Image:
    """In tones that can be mixed: black or white, and numbered colours, lose lines when they are made smaller."""
    if picture.mode in _GREYS:
        return picture.convert("L")
    wanted = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == wanted else picture.convert(wanted)


def _size_of(picture: Image.Image, edge: int) -> tuple[int, int]:
    """Its size within `edge`, in its right proportions: a fax's points are often twice as high as wide."""
    across, down = _density(picture.info.get("dpi"))
    wide, high = float(picture.width), float(picture.height)
    if across and down and _SQUARE_ENOUGH < max(across / down, down / across) < _NO_FAX:
        wide, high = (wide, high * across / down) if across > down else (wide * down / across, high)
    scale = min(1.0, edge / max(wide, high))
    return max(1, round(wide * scale)), max(1, round(high * scale))


def _density(dpi: Any) -> tuple[float, float]:
    """Points an inch across and down, 0 where the file says none or nonsense."""
    try:
        across, down = (float(each) for each in dpi)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return across, down


def _within(picture: Image.Image, edge: int) -> Image.Image:
    return _resized(picture, _size_of(picture, edge))


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, reducing_gap=2.0)


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
