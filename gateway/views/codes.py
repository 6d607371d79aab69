"""QR codes and barcodes on a picture, as they are written; what they mean is for others to say.

Shops' article numbers (EAN, UPC) and parcels' are not looked for: a licence carries none.
"""

from __future__ import annotations

from typing import Final

import zxingcpp
from PIL import Image

from gateway.views.frame import LONGEST_CODE, MOST_CODES

CODES_EDGE: Final = 2400
_FORMATS: Final = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.PDF417,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
    ]
)


def codes_in(picture: Image.Image) -> tuple[str, ...]:
    """What the codes on a picture say, the first few if there are many."""
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=_FORMATS)
    return tuple(code.text[:LONGEST_CODE] for code in found[:MOST_CODES])
